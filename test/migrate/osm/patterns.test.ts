import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerPatterns, pathPatterns } from "../../../migrate/osm/patterns.ts";
import { matchesPath, matchesText } from "../../../operate/explain/request/valueMatch.ts";

const NARROWER = true;

describe("the patterns of a path", () => {
  test.each<[expression: string, values: readonly string[], isNarrower?: boolean]>([
    ["/books-bought", ["/books-bought"]],
    ["^/books-bought$", ["/books-bought"]],
    ["/v1\\.0/items", ["/v1.0/items"]],
    ["/v1.0/items", ["/v1.0/items"], NARROWER],
    ["/api/.*", ["/api/*"]],
    ["/api.*?", ["/api*"]],
    ["/api/?", ["/api/", "/api"]],
    ["/(a|b)/c", ["/a/c", "/b/c"]],
    ["/(?:a|b.*)", ["/a", "/b*"]],
    ["/a(/.*)?", ["/a/*", "/a"]],
    ["/[ab]x", ["/ax", "/bx"]],
    [".*/healthz", ["*/healthz"]],
    [".*", []],
    [".+", []],
    ["/a|.*", []],
    ["/users/[^/]+", ["/users/{*}"]],
    ["/users/[^/]+/orders", ["/users/{*}/orders"]],
    ["/users/[^/]+/.*", ["/users/{*}/{**}"]],
    ["/a/.*/b", ["/a/{**}/b"]],
    ["/a/.+", ["/a/{*}", "/a/{*}/{**}"], NARROWER],
    ["/a|/x.*y", ["/a"], NARROWER],
  ])("%s", (expression, values, isNarrower = false) => {
    expect(pathPatterns(expression)).toEqual({ values, isNarrower });
  });

  test.each([
    ".*a-book.*new",
    "/a.*b",
    "/a/\\d+",
    "/a|/b\\d",
    "/a{2}",
    "/a+",
    "/(ab)*",
    "/[a-z]",
    "/[^/]*",
    "(?i)/a",
    "/a/.+/b",
    "/x[^/]+",
    "/a\\*",
    "/\\{a\\}",
    "/a/.*/b/.*/c",
    "/a//[^/]+",
    "/a b/[^/]+",
    "/(a",
    "/a)",
    "/[",
    "/a\\",
    "(^/a)",
    "",
    "(0|1|2|3)(0|1|2|3)(0|1|2|3)",
  ])("%s has none", (expression) => {
    expect(pathPatterns(expression)).toBeUndefined();
  });
});

test.each<readonly [expression: string, values: readonly string[] | undefined]>([
  ["bookbuyer", ["bookbuyer"]],
  [".*", ["*"]],
  [".+", undefined],
  ["Go-.*", ["Go-*"]],
  [".*-http-client/*.*", undefined],
  ["a/[^/]+", undefined],
])("the patterns of the header %s", (expression, values) => {
  expect(headerPatterns(expression)?.values).toEqual(values);
});

const piece = fc.constantFrom(
  ...[
    "a",
    "b",
    "/",
    "/a",
    "/ab",
    ".*",
    ".+",
    "[^/]+",
    ".",
    "\\.",
    "a?",
    "(a|/b)",
    "(/.*)?",
    "[ab]",
  ],
);
const expressions = fc.array(piece, { minLength: 1, maxLength: 5 }).map((all) => all.join(""));
const texts = fc
  .array(fc.constantFrom("a", "b", "/", "."), { maxLength: 7 })
  .map((all) => all.join(""));

test("no pattern matches what the expression does not, and all do the same unless they are narrower", () => {
  fc.assert(
    fc.property(expressions, texts, (expression, text) => {
      const path = `/${text}`;
      const original = new RegExp(`^(?:${expression})$`);
      const paths = pathPatterns(expression);
      if (paths !== undefined) {
        const matches =
          paths.values.length === 0 || paths.values.some((one) => matchesPath(one, path));
        if (matches) expect([path, original.test(path)]).toEqual([path, true]);
        else if (!paths.isNarrower) expect([path, original.test(path)]).toEqual([path, false]);
      }
      const headers = headerPatterns(expression);
      if (headers === undefined || text === "") return;
      const matches = headers.values.some((one) => matchesText(one, text));
      if (matches) expect([text, original.test(text)]).toEqual([text, true]);
      else if (!headers.isNarrower) expect([text, original.test(text)]).toEqual([text, false]);
    }),
    { numRuns: 5_000 },
  );
});
