import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { joinedResults, writeResults } from "../../../cli/inject/destinations.ts";

test.each([
  ["a: 1\n", "b: 2\n", "a: 1\n---\nb: 2\n"],
  ["a: 1", "---\nb: 2\n", "a: 1\n---\nb: 2\n"],
  ["a: 1\n", "---b: 2\n", "a: 1\n---\n---b: 2\n"],
  ["a: 1\n", "%YAML 1.2\n---\nb: 2\n", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n"],
  ["a: 1", "# b\r\n\n%YAML 1.2\n---\nb: 2\n", "a: 1\n...\n# b\r\n\n%YAML 1.2\n---\nb: 2\n"],
  ["a: 1\n", "b: 2 # no\n%: directive\n", "a: 1\n---\nb: 2 # no\n%: directive\n"],
  ["\ufeffa: 1\n", "\ufeffb: 2\n", "\ufeffa: 1\n---\nb: 2\n"],
  ["a: 1\n", "\ufeff%YAML 1.2\n---\nb: 2\n", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n"],
])("%j and %j are joined as documents", (first, second, joined) => {
  expect(joinedResults([{ text: first }, { text: second }])).toBe(joined);
  const documents = [...parseAllDocuments(joined)];
  expect(documents).toHaveLength(2);
});

test("the document that follows one with directives is separate, too", () => {
  const texts = ["%YAML 1.2\n---\na: 1\n", "b: 2\n", "%YAML 1.2\n---\nc: 3\n"];
  const joined = joinedResults(texts.map((text) => ({ text })));
  const values = [...parseAllDocuments(joined)].map((document) => document.toJS() as unknown);
  expect(values).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
});

describe("links in the directory of the results", () => {
  let root: string;
  const result = (path: string) => ({
    source: { name: path, path, text: "", isNamed: false },
    ...{ text: "a: 2\n", workloads: 1, injected: 1, notes: [], problems: [] },
  });

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "inject-")));
    for (const folder of ["in", "out"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "out/a.yaml"), "a: 1\n");
    writeFileSync(join(root, "in/own.yaml"), "a: 1\n");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test("one that leads outside is refused, and nothing is written", () => {
    symlinkSync("../out/a.yaml", join(root, "in/a.yaml"));
    symlinkSync("../out", join(root, "in/folder"));
    const results = ["a.yaml", "folder/b.yaml", "own.yaml"].map(result);
    const link = (file: string) =>
      `${join(root, "in", file)} is a link to ${join(root, "out", file.replace("folder/", ""))}, outside of ${join(root, "in")}, which would change. Replace it with a copy, or pass another directory with --out.`;
    expect(() => writeResults(join(root, "in"), results, false)).toThrow(
      [link("a.yaml"), link("folder/b.yaml")].join("\n"),
    );
    const texts = ["out/a.yaml", "in/own.yaml"].map((file) =>
      readFileSync(join(root, file), "utf8"),
    );
    expect(texts).toEqual(["a: 1\n", "a: 1\n"]);
  });

  test("one that stays inside is followed", () => {
    symlinkSync("own.yaml", join(root, "in/a.yaml"));
    writeResults(join(root, "in"), [result("a.yaml")], false);
    expect(readFileSync(join(root, "in/own.yaml"), "utf8")).toBe("a: 2\n");
  });

  test("a file that the user names may be a link", () => {
    symlinkSync("../out/a.yaml", join(root, "in/a.yaml"));
    writeResults(join(root, "in/a.yaml"), [result("a.yaml")], true);
    expect(readFileSync(join(root, "out/a.yaml"), "utf8")).toBe("a: 2\n");
  });
});
