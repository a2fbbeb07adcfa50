import { expect, test } from "vitest";
import { glob, isPattern } from "../../../offline/contents/goGlob.ts";
import { scratch } from "../../support/programs.ts";

const directory = scratch({ packages: false })("files", {
  "a.yaml": "",
  "b.yml": "",
  ".hidden.yaml": "",
  "deep/c.yaml": "",
  "deep/er/d.yaml": "",
  "x[1].yaml": "",
  "a+b.yaml": "",
});

test.each<[string, readonly string[]]>([
  ["*.yaml", [".hidden.yaml", "a+b.yaml", "a.yaml", "x[1].yaml"]],
  ["?.y*l", ["a.yaml", "b.yml"]],
  ["[a-b].*", ["a.yaml", "b.yml"]],
  ["[^a].*", ["b.yml"]],
  ["*/c.yaml", ["deep/c.yaml"]],
  ["**/*.yaml", ["deep/c.yaml"]],
  ["deep/*/*.yaml", ["deep/er/d.yaml"]],
  ["x\\[1\\].*", ["x[1].yaml"]],
  ["a+*", ["a+b.yaml"]],
  ["a.yaml/*", []],
  ["missing/*", []],
  ["*.json", []],
  [`${directory}/deep/*.yaml`, [`${directory}/deep/c.yaml`]],
])("%s matches %j", (pattern, paths) => {
  expect(glob(pattern, directory)).toEqual(paths);
});

test.each(["[a", "[]", "a*\\"])("%s is not a pattern that Go accepts", (pattern) => {
  expect(() => glob(pattern, directory)).toThrow(`syntax error in pattern: ${pattern}`);
});

test.each<[string, boolean]>([
  ["a.yaml", false],
  ["*.yaml", true],
  ["a?.yaml", true],
  ["a[1].yaml", true],
  ["a\\*.yaml", false],
])("%s is a pattern: %s", (path, expected) => {
  expect(isPattern(path)).toBe(expected);
});
