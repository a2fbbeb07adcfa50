import { expect, test } from "vitest";
import { lineDiff } from "../../../cli/reports/lineDiff.ts";

const text = (...lines: string[]) => lines.join("\n");

test("is empty for the same text", () => {
  expect(lineDiff("a\nb\n", "a\nb\n")).toEqual([]);
});

test("shows two lines around a difference, and where lines are left out", () => {
  const before = text("1", "2", "3", "4", "old", "5", "6", "7", "8", "9", "gone", "10");
  const after = text("1", "2", "3", "4", "new", "5", "6", "7", "8", "9", "10", "more");
  expect(lineDiff(before, after)).toEqual([
    "  …",
    "  3",
    "  4",
    "- old",
    "+ new",
    "  5",
    "  6",
    "  …",
    "  8",
    "  9",
    "- gone",
    "  10",
    "+ more",
  ]);
});

test("shows what is only removed or only added", () => {
  expect(lineDiff("a\nb", "")).toEqual(["- a", "- b", "+"]);
  expect(lineDiff("a", "a\nb")).toEqual(["  a", "+ b"]);
});
