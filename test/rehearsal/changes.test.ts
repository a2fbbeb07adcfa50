import { expect, test } from "vitest";
import { changesBetween } from "../../rehearsal/changes.ts";

test.each([
  ["nothing", { a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } }, []],
  ["null is absent", { a: null }, {}, []],
  ["a value", { a: 1 }, { a: 2 }, ["update a"]],
  ["a type", { a: 1 }, { a: { b: 1 } }, ["update a"]],
  ["added and removed keys", { a: 1 }, { b: 1 }, ["delete a", "add b"]],
  [
    "nested values",
    { a: { b: { c: 1 } } },
    { a: { b: { c: 2, d: 3 } } },
    ["update a.b.c", "add a.b.d"],
  ],
  ["lists, item by item", { a: [1, 2] }, { a: [1, 3, 4] }, ["update a[1]", "add a[2]"]],
  ["shorter lists", { a: [1, 2] }, { a: [1] }, ["delete a[1]"]],
  [
    "keys that are not identifiers",
    { a: { "x/y.z": 1 } },
    { a: { "x/y.z": 2 } },
    ['update a["x/y.z"]'],
  ],
])("%s", (_, before, after, expected) => {
  expect(changesBetween(before, after).map(({ kind, path }) => `${kind} ${path}`)).toEqual(
    expected,
  );
});
