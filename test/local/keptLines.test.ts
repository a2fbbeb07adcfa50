import { expect, test } from "vitest";
import { KeptLines } from "../../local/keptLines.ts";

function kept(...lines: string[]) {
  const all = new KeptLines();
  for (const line of lines) all.add(line);
  return all;
}

test("all lines are kept", () => {
  expect(kept().lines).toEqual([]);
  expect(kept().isEmpty).toBe(true);
  expect(kept("", "b").lines).toEqual(["", "b"]);
  expect(kept("").isEmpty).toBe(false);
});

const thousand = "a".repeat(999);

test("up to two million characters are kept; of more, the last million with a word on the others", () => {
  const lines = Array<string>(2_000).fill(thousand);
  expect(kept(...lines).lines).toEqual(lines);
  expect(kept(...lines, "last").lines).toEqual([
    "[1,001,000 earlier characters of output are not shown]",
    ...Array<string>(999).fill(thousand),
    "last",
  ]);
});

test("one line that is too much by itself is kept", () => {
  const line = "b".repeat(3_000_000);
  expect(kept("first", line).lines).toEqual([
    "[6 earlier characters of output are not shown]",
    line,
  ]);
});

test("what is kept of endless output does not grow", () => {
  const all = new KeptLines();
  for (let i = 0; i < 100_000; i++) all.add(thousand);
  expect(all.lines.join("\n").length).toBeLessThan(2_000_100);
});
