import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readYaml } from "../../../offline/project/yamlFile.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
const file = (text: string) => join(write("yaml", { "file.yaml": text }), "file.yaml");

describe("readYaml", () => {
  test.each<[string, unknown]>([
    ["a: 1\nb: [x, true, null]\n", { a: 1, b: ["x", true, null] }],
    ["", null],
    ["# only a comment\n", null],
    ["a: yes\nb: 0o17\n", { a: "yes", b: 15 }],
    ["__proto__: { constructor: 1 }\n", { ["__proto__"]: { constructor: 1 } }],
    [
      "base: &base { a: 1, b: 2 }\nall:\n  <<: *base\n  b: 3\n",
      { base: { a: 1, b: 2 }, all: { a: 1, b: 3 } },
    ],
  ])("%j", (text, value) => {
    expect(readYaml(file(text))).toEqual(value);
  });

  test.each([
    ["a: [1\nb: 2\n", /^FILE:2:1: .+/],
    [
      "a: 1\nb:\n  c: 2\n  'c': 3\na: 2\n",
      /^FILE:4:3: key c is already in line 3\n.*:5:1: key a is already in line 1$/,
    ],
    ["a: &a [1, { b: *a }]\n", /^FILE:1:16: \*a contains itself$/],
    ["a: &a { <<: *a }\n", /^FILE:1:13: \*a contains itself$/],
    ["a: .inf\n", /^FILE:1:4: \.inf is not a value that can be stored$/],
    ["a: !!int x\n", /^FILE:1:4: this value is not a valid !!int$/],
    ["a: 'open\n", /^FILE:2:1: .+/],
    ["a: *nobody\n", /^FILE:1:4: this alias has no anchor; .*$/],
    ["a: 1\n---\nb: 2\n", /^FILE:2:1: .*multiple documents.*/],
  ])("%j is an error at a position", async (text, message) => {
    const path = file(text);
    const said = await usageErrorOf(() => readYaml(path));
    expect(said.replace(path, "FILE")).toMatch(message);
  });

  const CONTINUED =
    "this value continues in the next line, which is indented more; indent the next line like the key of this value, or remove this value";
  const UNLIKE =
    "this line is indented differently from the other entries of its map or list; indent it like them";

  test.each([
    ["a:\n  b: 1\n    c: 2\n", [`2:6: ${CONTINUED}`]],
    ["a:\n  - b: 1\n     c: 2\n", [`2:8: ${CONTINUED}`]],
    ["a:\n  b: 1: 2\n", ["2:6: a value that contains a colon and a space must be in quotes"]],
    ["a:\n  b:\n  - 1\n - 2\n", [`4:1: ${UNLIKE}`]],
    ["a:\n  b: 1\n c: 2\n", [`3:1: ${UNLIKE}`]],
    ['a:\n  b: "1"\n    c: 2\n', [`3:1: ${UNLIKE}`]],
    ["a:\n    b: 1\n  c: 2\n", [`3:1: ${UNLIKE}`]],
    ["a:\n\tb: 1\n", ["2:1: this line is indented with a tab; use spaces"]],
    [
      "a:\n  b\n  c: 1\n",
      [
        "2:3: this key continues in the next line; write a colon after it, or indent the next line less",
      ],
    ],
    [
      "a:\n  b: { c: 1\n",
      [
        "3:1: a } is missing, or this line is not indented more than the line with the opening bracket; add the }, or indent this line",
      ],
    ],
  ])("%j is indented wrongly, in plain words with the fix", async (text, lines) => {
    const path = file(text);
    const said = await usageErrorOf(() => readYaml(path));
    expect(said.split("\n")).toEqual(lines.map((line) => `${path}:${line}`));
  });

  test("several problems are reported at once, one per line", async () => {
    const path = file("a: 1\na: 2\nb: 1\nb: 2\n");
    expect(await usageErrorOf(() => readYaml(path))).toBe(
      `${path}:2:1: key a is already in line 1\n${path}:4:1: key b is already in line 3`,
    );
  });

  test("aliases that would exhaust memory are rejected", async () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++) {
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    }
    const path = file(lines.join("\n"));
    expect(await usageErrorOf(() => readYaml(path))).toBe(
      `${path}:2:10: aliases expand this document by more than 10 MB`,
    );
  });

  test("a missing file and a directory are named", async () => {
    const directory = write("yaml", {});
    expect(await usageErrorOf(() => readYaml(join(directory, "none.yaml")))).toBe(
      `${directory}/none.yaml cannot be read: ENOENT: no such file or directory, open '${directory}/none.yaml'`,
    );
    expect(await usageErrorOf(() => readYaml(directory))).toBe(
      `${directory} cannot be read: EISDIR: illegal operation on a directory, read`,
    );
  });

  test("a pipe or a device, which may be endless, is not read", async () => {
    const pipe = join(write("pipe", {}), "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [pipe, "/dev/zero"]) {
      expect(await usageErrorOf(() => readYaml(path))).toBe(
        `${path} cannot be read: it is a pipe or a device; pass a file`,
      );
    }
  });

  test("a pipe that the shell opened is read", () => {
    const script = `require("./bin/register.js");
      const { readYaml } = require("./offline/project/yamlFile.ts");
      process.stdout.write(JSON.stringify(readYaml(process.argv[1])));`;
    const shell = `node -e '${script}' <(echo "a: 1")`;
    expect(execFileSync("bash", ["-c", shell], { encoding: "utf8" })).toBe('{"a":1}');
  });

  test("a file of 16 MiB is read, but not one byte more", async () => {
    const path = file("a: 1\n#");
    truncateSync(path, 16 * 1024 * 1024 + 1);
    expect(await usageErrorOf(() => readYaml(path))).toBe(
      `${path} cannot be read: it has 16777217 bytes, and the maximum is 16777216`,
    );
    truncateSync(path, 16 * 1024 * 1024);
    expect(readYaml(path)).toEqual({ a: 1 });
  });

  test("reading takes time in proportion to the number of keys", () => {
    const timeOf = (count: number) => {
      const path = file(Array.from({ length: count }, (_, i) => `key${i}: value\n`).join(""));
      const started = performance.now();
      expect(Object.keys(readYaml(path) as object)).toHaveLength(count);
      return performance.now() - started;
    };
    timeOf(1000);
    // Comparing every key with every other one would take 64 times as long.
    expect(timeOf(32_000) / timeOf(4000)).toBeLessThan(32);
  });

  test("a key is a duplicate only within one map", async () => {
    expect(readYaml(file("a: { x: 1 }\nb: [{ x: 1 }, { x: 2 }]\n"))).toEqual({
      a: { x: 1 },
      b: [{ x: 1 }, { x: 2 }],
    });
    const path = file("a:\n  - { x: 1, x: 2 }\n");
    expect(await usageErrorOf(() => readYaml(path))).toBe(
      `${path}:2:13: key x is already in line 2`,
    );
  });
});
