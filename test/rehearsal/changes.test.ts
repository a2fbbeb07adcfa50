import { expect, test } from "vitest";
import { changesBetween } from "../../rehearsal/changes.ts";

test.each([
  ["nothing", { a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } }, []],
  ["what is null is not there", { a: null }, {}, []],
  ["a value", { a: 1 }, { a: 2 }, ["update a"]],
  ["a kind of value", { a: 1 }, { a: { b: 1 } }, ["update a"]],
  ["what is new, and what is gone", { a: 1 }, { b: 1 }, ["delete a", "add b"]],
  [
    "what is inside",
    { a: { b: { c: 1 } } },
    { a: { b: { c: 2, d: 3 } } },
    ["update a.b.c", "add a.b.d"],
  ],
  ["lists, item by item", { a: [1, 2] }, { a: [1, 3, 4] }, ["update a[1]", "add a[2]"]],
  ["shorter lists", { a: [1, 2] }, { a: [1] }, ["delete a[1]"]],
  ["keys that are no names", { a: { "x/y.z": 1 } }, { a: { "x/y.z": 2 } }, ['update a["x/y.z"]']],
])("%s", (_, before, after, expected) => {
  expect(changesBetween(before, after).map(({ kind, path }) => `${kind} ${path}`)).toEqual(
    expected,
  );
});
