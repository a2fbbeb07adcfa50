import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../../offline/project/project.ts";
import { program, scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
let written = 0;

function project(yaml: string, more: Readonly<Record<string, string>> = {}) {
  return write(`project-${++written}`, { "Pulumi.yaml": yaml, ...more });
}

describe("loadProject", () => {
  test("reads the smallest project", () => {
    const directory = project("name: shop\nruntime: nodejs\n");
    expect(loadProject(directory)).toEqual({
      name: "shop",
      file: join(directory, "Pulumi.yaml"),
      directory,
      programDirectory: directory,
      entryPoint: ".",
      stackConfigDirectory: directory,
      runtime: { typescript: true, nodeArguments: [] },
      config: {},
    });
  });

  test("reads every field", () => {
    const directory = project(
      `name: shop.of_things-1
main: src/start.ts
stackConfigDir: stacks
runtime:
  name: nodejs
  options:
    typescript: false
    tsconfig: tsconfig.pulumi.json
    nodeargs: --require "a b/c.js" --title='x y'  --inspect
config:
  plain: text
  number: 3
  list: [a, 1]
  nothing:
  declared:
    type: array
    items: { type: array, items: { type: integer } }
    description: A table
    default: [[1]]
  secret: { type: string, secret: true }
  azure-native:location: { value: westeurope }
`,
      { "src/start.ts": "" },
    );
    expect(loadProject(directory)).toEqual({
      name: "shop.of_things-1",
      file: join(directory, "Pulumi.yaml"),
      directory,
      programDirectory: join(directory, "src"),
      entryPoint: "start.ts",
      stackConfigDirectory: join(directory, "stacks"),
      runtime: {
        typescript: false,
        nodeArguments: ["--require", "a b/c.js", "--title=x y", "--inspect"],
        tsconfig: "tsconfig.pulumi.json",
      },
      config: {
        plain: { value: "text" },
        number: { value: 3 },
        list: { value: ["a", 1] },
        nothing: {},
        declared: {
          type: "array",
          items: { type: "array", items: { type: "integer" } },
          description: "A table",
          default: [[1]],
        },
        secret: { type: "string", secret: true },
        "azure-native:location": { value: "westeurope" },
      },
    });
  });

  test("a main that is a directory is where the program runs", () => {
    const directory = project("name: shop\nruntime: nodejs\nmain: src/\n", { "src/index.ts": "" });
    expect(loadProject(directory)).toMatchObject({
      programDirectory: join(directory, "src"),
      entryPoint: ".",
    });
  });

  test("config may name the directory of the stack files, as in old projects", () => {
    const directory = project("name: shop\nruntime: nodejs\nconfig: stacks\n");
    expect(loadProject(directory)).toMatchObject({
      stackConfigDirectory: join(directory, "stacks"),
      config: {},
    });
  });

  test("Pulumi.yml works too", () => {
    const directory = write("yml", { "Pulumi.yml": "name: shop\nruntime: nodejs\n" });
    expect(loadProject(directory).file).toBe(join(directory, "Pulumi.yml"));
  });

  test("a relative directory becomes absolute", () => {
    expect(loadProject("test/programs/javascript").directory).toBe(program("javascript"));
  });

  test.each([
    ["", "Pulumi.yaml: Invalid input: expected object, received null"],
    ["- a\n", "Pulumi.yaml: Invalid input: expected object, received array"],
    ["runtime: nodejs\n", "Pulumi.yaml: name: Invalid input: expected string, received undefined"],
    [
      "name: a/b\nruntime: nodejs\n",
      "Pulumi.yaml: name: must be 1 to 100 letters, digits, hyphens, underscores and periods",
    ],
    [
      `name: ${"x".repeat(101)}\nruntime: nodejs\n`,
      "Pulumi.yaml: name: must be 1 to 100 letters, digits, hyphens, underscores and periods",
    ],
    [
      "name: shop\n",
      "Pulumi.yaml: runtime: must be the name of a runtime, or an object with name and options",
    ],
    [
      "name: shop\nruntime: [nodejs]\n",
      "Pulumi.yaml: runtime: must be the name of a runtime, or an object with name and options",
    ],
    [
      "name: shop\nruntime: { options: {} }\n",
      "Pulumi.yaml: runtime.name: Invalid input: expected string, received undefined",
    ],
    [
      "name: shop\nruntime: { name: nodejs, options: fast }\n",
      "Pulumi.yaml: runtime.options: Invalid input: expected record, received string",
    ],
    [
      "name: shop\nruntime: python\n",
      "Pulumi.yaml: runtime python is not supported; only nodejs programs run offline.",
    ],
    [
      "name: shop\nruntime: { name: go }\n",
      "Pulumi.yaml: runtime go is not supported; only nodejs programs run offline.",
    ],
    [
      "name: shop\nruntime: nodejs\nmain: 3\n",
      "Pulumi.yaml: main: Invalid input: expected string, received number",
    ],
    [
      "name: shop\nruntime: nodejs\nconfig: 3\n",
      "Pulumi.yaml: config: must be an object of settings",
    ],
    [
      "name: shop\nruntime: nodejs\nconfig: { size: { type: number } }\n",
      'Pulumi.yaml: config.size.type: Invalid option: expected one of "string"|"integer"|"boolean"|"array"|"object"',
    ],
    [
      "name: shop\nruntime: nodejs\nconfig: { size: { type: array, items: { type: 3 } } }\n",
      "Pulumi.yaml: config.size.items.type: Invalid input: expected string, received number",
    ],
    ["name: [\n", "Pulumi.yaml:2:1: "],
  ])("%j is rejected", async (yaml, message) => {
    const directory = project(yaml);
    const said = await usageErrorOf(() => loadProject(directory));
    expect(said.startsWith(join(directory, message))).toBe(true);
  });

  test("all problems are reported at once", async () => {
    const directory = project(
      "name: ''\nruntime: {}\nconfig: { a: { type: x }, b: { secret: 1 } }\n",
    );
    const said = await usageErrorOf(() => loadProject(directory));
    expect(said.split("\n").map((line) => line.split(": ")[1])).toEqual([
      "name",
      "runtime.name",
      "config.a.type",
      "config.b.secret",
    ]);
  });

  test("a main that does not exist is named", async () => {
    const directory = project("name: shop\nruntime: nodejs\nmain: dist\n");
    expect(await usageErrorOf(() => loadProject(directory))).toBe(
      `main: dist in ${directory}/Pulumi.yaml does not exist. Set main to an existing file or directory.`,
    );
  });

  test.each(["no-such-directory", "test/local"])(
    "%s is not a program, because it has no Pulumi.yaml",
    async (directory) => {
      expect(await usageErrorOf(() => loadProject(directory))).toBe(
        `${directory} is not a Pulumi project: no Pulumi.yaml found. Pass the directory that contains one.`,
      );
    },
  );
});
