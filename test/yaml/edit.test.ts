import { describe, expect, test } from "vitest";
import {
  withKey,
  withMapAfter,
  withReplaced,
  withScalar,
  withScalarAfter,
  withoutEntry,
} from "../../yaml/edit.ts";
import { EditError } from "../../yaml/place.ts";

describe("withScalar", () => {
  test.each([
    ["plain", "a:\n  b: old # why\n", "a:\n  b: new # why\n"],
    ["double quotes", 'a: { b: "old" }\n', 'a: { b: "new" }\n'],
    ["single quotes", "a:\n  b:   'old'\n", "a:\n  b:   'new'\n"],
    ["quoted keys and no last line break", '"a":\n  "b": old', '"a":\n  "b": new'],
    ["another line break", "a:\r\n  b: old\r\n", "a:\r\n  b: new\r\n"],
  ])("keeps everything else: %s", (_, text, expected) => {
    expect(withScalar(text, ["a", "b"], "new")).toBe(expected);
  });

  test.each([
    ["a map", "a:\n  b: {}\n", "a.b is not a plain value"],
    ["a missing key", "a:\n  c: old\n", "a.b is not in the file itself"],
    ["a text", 'a: \'{"b": "old"}\'\n', "a is not written as a map"],
    ["an alias", "x: &x { b: old }\na: *x\n", "a is not written as a map"],
    ["nothing", "", "the file is not written as a map"],
  ])("refuses %s", (_, text, message) => {
    expect(() => withScalar(text, ["a", "b"], "new")).toThrow(new EditError(message));
  });
});

describe("withoutEntry", () => {
  test.each([
    [
      "a block in the middle, with the comments in it",
      "a:\n  # before\n  b: # of b\n    c: 1 # of c\n    # in b\n    d: 2 # of d\n  # after\n  e: 3\n",
      "a:\n  # before\n  # after\n  e: 3\n",
    ],
    ["a block at the end", "a:\n  e: 3\n  b:\n    c: 1\nz: 1\n", "a:\n  e: 3\nz: 1\n"],
    ["the only pair of a block", "a: # of a\n  b: 1\nz: 1\n", "a: {} # of a\nz: 1\n"],
    ["the only pair of a flow map", "a: { b: { c: 1 } }\n", "a: {}\n"],
    ["the first pair of a flow map", "a: { b: 1, e: 3 }\n", "a: { e: 3 }\n"],
    ["the last pair of a flow map", "a: { e: 3, b: 1 } # x\n", "a: { e: 3 } # x\n"],
    ["a flow map in a block", "a:\n  e: 3\n  b: { c: 1 } # x\n", "a:\n  e: 3\n"],
    ["a pair without a value", "a:\n  b:\n  e: 3\n", "a:\n  e: 3\n"],
    ["other line breaks", "a:\r\n  b:\r\n    c: 1\r\n  e: 3\r\n", "a:\r\n  e: 3\r\n"],
  ])("removes %s", (_, text, expected) => {
    expect(withoutEntry(text, ["a", "b"])).toBe(expected);
  });

  test("refuses a key that does not begin its line", () => {
    expect(() => withoutEntry("a:\n  ? b\n  : 1\n  e: 2\n", ["a", "b"])).toThrow(
      new EditError("a.b does not begin its line"),
    );
  });
});

describe("withMapAfter", () => {
  const insert = (text: string) => withMapAfter(text, ["a", "b"], "e", { c: "1", d: "2" });

  test.each([
    [
      "a block, after the comment in its line",
      "a:\n    e: 3 # x\n    # f\n    f: 4\n",
      "a:\n    e: 3 # x\n    b:\n        c: 1\n        d: 2\n    # f\n    f: 4\n",
    ],
    ["a flow map", "a: { e: 3, f: 4 }\n", "a: { e: 3, b: { c: 1, d: 2 }, f: 4 }\n"],
    ["a file without a last line break", "a:\n  e: 3", "a:\n  e: 3\n  b:\n    c: 1\n    d: 2"],
    [
      "a file with other line breaks",
      "a:\r\n  e: 3\r\n",
      "a:\r\n  e: 3\r\n  b:\r\n    c: 1\r\n    d: 2\r\n",
    ],
    [
      "a block that ends with a map",
      "a:\n  e:\n    x: 1\nz: 1\n",
      "a:\n  e:\n    x: 1\n  b:\n    c: 1\n    d: 2\nz: 1\n",
    ],
  ])("inserts into %s, and back", (_, text, expected) => {
    expect(insert(text)).toBe(expected);
    expect(withoutEntry(expected, ["a", "b"]).trimEnd()).toBe(text.trimEnd());
  });
});

describe("lists", () => {
  const LIST = "a:\n  b:\n  - one # first\n  - two\n  c: 1\n";

  test.each([
    ["a scalar", withScalar(LIST, ["a", "b", 1], "new"), LIST.replace("two", "new")],
    ["the first item", withoutEntry(LIST, ["a", "b", 0]), "a:\n  b:\n  - two\n  c: 1\n"],
    ["the last item", withoutEntry(LIST, ["a", "b", 1]), "a:\n  b:\n  - one # first\n  c: 1\n"],
    ["the whole list", withoutEntry(LIST, ["a", "b"]), "a:\n  c: 1\n"],
    ["the only item", withoutEntry("a:\n- one\nb: 1\n", ["a", 0]), "a: []\nb: 1\n"],
    ["an item in brackets", withoutEntry("a: [x, y, z]\n", ["a", 1]), "a: [x, z]\n"],
    ["the only item in brackets", withoutEntry("a: [x]\n", ["a", 0]), "a: []\n"],
    [
      "an item that is a map",
      withoutEntry("a:\n- b: 1\n  c: 2\n- b: 2\n", ["a", 0]),
      "a:\n- b: 2\n",
    ],
    [
      "a key below an item",
      withScalar("a:\n- b: { c: 1 }\n", ["a", 0, "b", "c"], "${x}"),
      'a:\n- b: { c: "${x}" }\n',
    ],
  ])("edits %s", (_, edited, expected) => {
    expect(edited).toBe(expected);
  });

  test.each([
    ["an index of a map", ["a", 0], "a is not written as a list"],
    ["an index behind the end", ["a", "b", 2], "a.b[2] is not in the file itself"],
    ["the line of a dash", ["d", 0, "e"], "d[0].e stands in the line of its list item"],
  ])("refuses %s", (_, path, message) => {
    expect(() => withoutEntry(`${LIST}d:\n- e: 1\n  f: 2\n`, path)).toThrow(new EditError(message));
  });
});

test.each([
  ["a plain key", "a:\n  b: 1 # x\n", "a:\n  new: 1 # x\n"],
  ["a quoted key", '{ "a": { "b": 1 } }\n', '{ "a": { "new": 1 } }\n'],
])("withKey renames %s", (_, text, expected) => {
  expect(withKey(text, ["a", "b"], "new")).toBe(expected);
});

test.each([
  ["a block", "a:\n  b: 1 # x\n  c: 2\n", "a:\n  b: 1 # x\n  new: ${v}\n  c: 2\n"],
  ["brackets", "a: { b: 1 }\n", 'a: { b: 1, new: "${v}" }\n'],
  ["JSON", '{ "a": { "b": 1 } }\n', '{ "a": { "b": 1, "new": "${v}" } }\n'],
])("withScalarAfter inserts into %s", (_, text, expected) => {
  expect(withScalarAfter(text, ["a", "new"], "b", "${v}")).toBe(expected);
});

test.each([
  ["plain text", "a: x.old.y\n", "a: x.new.y\n"],
  ["quotes", "a: 'x.old.y old'\n", "a: 'x.new.y new'\n"],
  ["a block of text, and nothing after it", "a: |\n  x: old\nb: old\n", "a: |\n  x: new\nb: old\n"],
])("withReplaced replaces in %s", (_, text, expected) => {
  expect(withReplaced(text, ["a"], "old", "new")).toBe(expected);
});
