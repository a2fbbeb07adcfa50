import { expect, test } from "vitest";
import { exceeds } from "../../../settings/core/quantities.ts";

test.each([
  ["101m", "0.1"],
  ["1", "999m"],
  ["2", "1.999"],
  ["1k", "999"],
  ["1Ki", "1k"],
  ["1025Mi", "1Gi"],
  ["1Gi", "1G"],
  ["1.1Ti", "1.1T"],
  ["1E", "999P"],
  ["1Ei", "1E"],
  ["9007199254740993", "9007199254740992"],
])("%s is more than %s", (more, less) => {
  expect(exceeds(more, less)).toBe(true);
  expect(exceeds(less, more)).toBe(false);
});

test.each([
  ["100m", "0.1"],
  ["1000m", "1"],
  ["1.50", "1.5"],
  ["1024Mi", "1Gi"],
  ["0.5Gi", "512Mi"],
  ["1000k", "1M"],
])("%s is %s", (one, other) => {
  expect(exceeds(one, other)).toBe(false);
  expect(exceeds(other, one)).toBe(false);
});

test.each([["1x"], [""], [1], [undefined]])("%j is no quantity", (value) => {
  expect(exceeds(value, "1")).toBeUndefined();
  expect(exceeds("1", value)).toBeUndefined();
});
