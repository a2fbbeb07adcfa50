import { expect, test } from "vitest";
import { waysOn } from "../../../cli/upgrade/waysOn.ts";
import type { EndedRun } from "../../../cli/upgrade/waysOn.ts";

const COMMANDS = { status: "upgrade", forward: "upgrade --run", back: "upgrade --back --run" };

/** The lines after a run that ended in the phase canary, unless its end was another. */
function lines(change: Partial<EndedRun> = {}): readonly string[] {
  const standing = { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase: "canary" } } as const;
  const ended: EndedRun = { goesBack: false, mustMend: true, standing, target: "asm-1-30" };
  return waysOn(COMMANDS, { ...ended, ...change }).split("\n");
}

test("go on the way that the run went", () => {
  expect(lines()).toEqual([
    "Where the upgrade stands:      upgrade",
    "To go on once this is mended:  upgrade --run",
    "To go back:                    upgrade --back --run",
    "",
  ]);
  expect(lines({ goesBack: true })).toEqual([
    "Where the upgrade stands:           upgrade",
    "To go on back once this is mended:  upgrade --back --run",
    "To upgrade after all:               upgrade --run",
    "",
  ]);
});

test("say nothing of mending if nothing is wrong", () => {
  expect(lines({ mustMend: false })[1]).toBe("To go on:                  upgrade --run");
  expect(lines({ mustMend: false, goesBack: true })[1]).toBe(
    "To go on back:             upgrade --back --run",
  );
});

test("name the target only where it begins an upgrade", () => {
  const to = (change: Partial<EndedRun>) => lines(change)[1]?.endsWith("--run --to asm-1-30");
  expect(to({ standing: { revision: "asm-1-29" } })).toBe(true);
  expect(to({ standing: { revision: "asm-1-30" } })).toBe(false);
  expect(to({ standing: { revision: "asm-1-29" }, target: undefined })).toBe(false);
  expect(to({})).toBe(false);
});
