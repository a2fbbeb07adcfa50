import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../../offline/program/lineSplitter.ts";

function split(...pieces: string[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}

describe("lines are complete for any chunks", () => {
  test.each([
    [["one\ntwo\n"], ["one", "two"]],
    [
      ["o", "n", "e\nt", "wo"],
      ["one", "two"],
    ],
    [["\n\na\n"], ["", "", "a"]],
    [[], []],
    [[""], []],
  ])("%j", (pieces, lines) => {
    expect(split(...pieces)).toEqual(lines);
  });
});

const lengths = (lines: readonly string[]) => lines.map(({ length }) => length);
const many = "a".repeat(400_000);

test("a line of a million characters arrives in pieces, and its end adds none", () => {
  const rest = "b".repeat(199_999);
  expect(lengths(split(many, many, rest, "\nnext"))).toEqual([999_999, 4]);
  expect(lengths(split(many, many, `${rest}b`, "\nnext"))).toEqual([1_000_000, 4]);
  expect(lengths(split(many, many, many, many, "\n", "\nnext"))).toEqual([
    1_200_000, 400_000, 0, 4,
  ]);
});

test("an endless line costs no more than its length", () => {
  const piece = "a".repeat(65_536);
  let pieces = 0;
  const splitter = new LineSplitter(() => pieces++);
  const started = performance.now();
  for (let i = 0; i < 4_000; i++) splitter.push(piece);
  // A quarter of a gigabyte: each chunk once copied all chunks before it.
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(pieces).toBe(250);
});
