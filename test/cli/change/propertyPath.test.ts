import { expect, test } from "vitest";
import { concerns, isWithin, pathText, patternOf } from "../../../cli/change/propertyPath.ts";

test.each([
  [["spec", "servers", 0, "hosts"], "spec.servers[0].hosts"],
  [["metadata", "labels", "istio.io/rev"], 'metadata.labels["istio.io/rev"]'],
  [["spec", "containers", { name: "web" }, "image"], "spec.containers[name=web].image"],
  [[{ name: "a]b" }], '[name="a]b"]'],
  [[0], "[0]"],
  [[""], '[""]'],
])("%j is written %s", (path, text) => {
  expect(pathText(path)).toBe(text);
});

test.each([
  ["spec.hosts[0]", ["spec", "hosts", 0]],
  ["*", ["*"]],
  ["pools[*].size", ["pools", "*", "size"]],
  ['tags["a.b"].c', ["tags", "a.b", "c"]],
  ['["quoted \\" mark"]', ['quoted " mark']],
])("%s is read as %j", (text, pattern) => {
  expect(patternOf(text)).toEqual(pattern);
});

test("a path is within what names it or what is around it", () => {
  expect(isWithin(["a", "b"], ["a"])).toBe(true);
  expect(isWithin(["a", "b"], ["a", "b"])).toBe(true);
  expect(isWithin(["a"], ["a", "b"])).toBe(false);
  expect(isWithin(["ab"], ["a"])).toBe(false);
});

test("a change of the whole concerns its parts, and a named item may be at any index", () => {
  expect(concerns(["a"], ["a", "b"])).toBe(true);
  expect(concerns(["a", { name: "x" }], ["a", 3])).toBe(true);
  expect(concerns(["a", { name: "x" }], ["a", "x"])).toBe(false);
  expect(concerns(["a", { name: "x" }, "b"], ["a", "*", "b"])).toBe(true);
  expect(concerns(["b"], ["a"])).toBe(false);
});
