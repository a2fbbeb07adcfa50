import type { WriteStream } from "node:tty";
import { expect, test, vi } from "vitest";
import { Progress } from "../../../cli/output/progress.ts";
import { resource } from "../../support/plan.ts";

/** What is written to a stream that is a terminal of a given width, or no terminal. */
function shown(columns: number | undefined, work: (progress: Progress) => void): string {
  let text = "";
  const stream = {
    isTTY: columns !== undefined,
    columns,
    write: (part: string) => {
      text += part;
      return true;
    },
  };
  // Progress uses nothing else of a stream, and a real one cannot be turned into a terminal.
  const progress = new Progress(stream as unknown as WriteStream);
  progress.start();
  work(progress);
  return text;
}

const group = resource({ type: "a:b:C", name: "group" });
const CLEAR = "\r\u001b[2K";

test("without a terminal, the start and the end are two lines", () => {
  const text = shown(undefined, (progress) => {
    progress.planned(group);
    progress.planned(group);
    progress.done();
  });
  expect(text).toBe("Starting the program and the policy packs\nPlanned 2 resources\n");
});

test.each([
  [0, "Planned 0 resources"],
  [1, "Planned 1 resource"],
])("%d is shown in readable form", (count, said) => {
  const text = shown(undefined, (progress) => {
    for (let i = 0; i < count; i++) progress.planned(group);
    progress.done();
  });
  expect(text.split("\n")[1]).toBe(said);
});

test("on a terminal, one line is redrawn, not too often, and erased at the end", () => {
  const now = vi.spyOn(performance, "now");
  const text = shown(80, (progress) => {
    for (const time of [1_000, 1_010, 1_079, 1_080]) {
      now.mockReturnValue(time);
      progress.planned(group);
    }
    progress.done();
  });
  now.mockRestore();
  expect(text.split(CLEAR)).toEqual([
    "",
    "Starting the program and the policy packs",
    "Planned 1 resource: group",
    "Planned 4 resources: group",
    "",
  ]);
});

test("on a narrow terminal, the line does not wrap", () => {
  expect(shown(10, () => undefined)).toBe(`${CLEAR}Starting `);
});

test("a name cannot send commands to the terminal", () => {
  const text = shown(80, (progress) => {
    progress.planned(resource({ type: "a:b:C", name: "x\u001b[2J\n::error::y" }));
  });
  expect(text.split(CLEAR).at(-1)).toBe("Planned 1 resource: x\\x1b[2J\\x0a::error::y");
});

test("a note stays, and each stack is counted by itself", () => {
  const work = (progress: Progress) => {
    progress.planned(group);
    progress.done();
    progress.note("Stack \u001b[2J");
    progress.start();
    progress.done();
  };
  expect(shown(undefined, work)).toBe(
    "Starting the program and the policy packs\nPlanned 1 resource\nStack \\x1b[2J\nStarting the program and the policy packs\nPlanned 0 resources\n",
  );
  expect(shown(80, work)).toContain(`${CLEAR}Stack \\x1b[2J\n`);
});
