import { expect, test } from "vitest";
import { KeptLines } from "../../../offline/program/keptLines.ts";
import { SecretMask } from "../../../offline/plan/secretMask.ts";

const NOTHING = new SecretMask([]);

function kept(...lines: string[]) {
  const all = new KeptLines(NOTHING);
  for (const line of lines) all.add(`${line}\n`);
  all.end();
  return all;
}

test("all lines are kept", () => {
  expect(kept().lines).toEqual([]);
  expect(kept().isEmpty).toBe(true);
  expect(kept("", "b").lines).toEqual(["", "b"]);
  expect(kept("").isEmpty).toBe(false);
});

const thousand = "a".repeat(999);

test("up to two million characters are kept; beyond that, the last million and a note about the rest", () => {
  const lines = Array<string>(2_000).fill(thousand);
  expect(kept(...lines).lines).toEqual(lines);
  expect(kept(...lines, "last").lines).toEqual([
    "[1,001,000 earlier characters of output are not shown]",
    ...Array<string>(999).fill(thousand),
    "last",
  ]);
});

test("a single line that exceeds the limit is kept", () => {
  const all = new KeptLines(NOTHING);
  all.add(`first\n${"b".repeat(3_000_000)}`);
  all.end();
  expect(all.lines).toEqual([
    "[6 earlier characters of output are not shown]",
    "b".repeat(3_000_000),
  ]);
});

test("a secret is masked even if a piece, a line or the kept output ends inside it", () => {
  const secret = `start-${"s".repeat(30)}\n-end`;
  const all = new KeptLines(new SecretMask([secret]));
  // Of a million letters, the length at which a line is cut.
  all.add("a".repeat(999_990) + secret.slice(0, 20));
  all.add(secret.slice(20));
  for (const letter of ` ${secret.repeat(2)}.`) all.add(letter);
  all.end();
  expect(all.lines).toEqual([`${"a".repeat(999_990)}[secret] [secret][secret].`]);

  const endless = new KeptLines(new SecretMask([secret]));
  const many = secret.repeat(1_000);
  for (let i = 0; i < 500; i++) {
    endless.add(many.slice(0, 7 * i));
    endless.add(many.slice(7 * i));
  }
  endless.end();
  expect(
    new Set(
      endless.lines
        .join("")
        .replace(/^\[[\d,]* /, "")
        .split("[secret]"),
    ),
  ).toEqual(new Set(["earlier characters of output are not shown]", ""]));
});

test("memory use stays constant for endless output", () => {
  const all = new KeptLines(NOTHING);
  for (let i = 0; i < 100_000; i++) all.add(`${thousand}\n`);
  expect(all.lines.join("\n").length).toBeLessThan(2_000_100);
});
