import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../../offline/project/project.ts";
import { loadStackFile, stackNamedBy } from "../../../offline/project/stackFile.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";
import type { Files } from "../../support/programs.ts";

const write = scratch();
let written = 0;

function project(files: Files, yaml = "name: shop\nruntime: nodejs\n") {
  return loadProject(write(`stacks-${++written}`, { "Pulumi.yaml": yaml, ...files }));
}
const EMPTY = "config: {}\n";

describe("without --stack", () => {
  test("a project without a stack file has the stack dev", () => {
    expect(loadStackFile(project({}), {})).toEqual({ stack: "dev", config: {} });
  });

  test("the only stack with a file is used, regardless of its name", () => {
    const only = project({ "Pulumi.prod.eu.yaml": "config:\n  shop:size: 3\n" });
    expect(loadStackFile(only, {})).toEqual({
      stack: "prod.eu",
      file: join(only.directory, "Pulumi.prod.eu.yaml"),
      config: { "shop:size": 3 },
    });
  });

  test("of several, dev is used", () => {
    const several = project({ "Pulumi.dev.yaml": EMPTY, "Pulumi.prod.yaml": EMPTY });
    expect(loadStackFile(several, {}).stack).toBe("dev");
  });

  test("several without dev require a choice", async () => {
    const several = project({ "Pulumi.prod.yaml": EMPTY, "Pulumi.stage.yaml": EMPTY });
    expect(await usageErrorOf(() => loadStackFile(several, {}))).toBe(
      `Stack dev has no Pulumi.dev.yaml in ${several.directory}. Use --stack with one of: prod, stage.`,
    );
  });
});

describe("with --stack", () => {
  test("its file is read", () => {
    const several = project({ "Pulumi.dev.yaml": EMPTY, "Pulumi.prod.yaml": EMPTY });
    expect(loadStackFile(several, { stack: "prod" })).toEqual({
      stack: "prod",
      file: join(several.directory, "Pulumi.prod.yaml"),
      config: {},
    });
  });

  test("a stack without a file is an error that names the others", async () => {
    const several = project({ "Pulumi.stage.yaml": EMPTY, "Pulumi.dev.yaml": EMPTY });
    expect(await usageErrorOf(() => loadStackFile(several, { stack: "prod" }))).toBe(
      `Stack prod has no Pulumi.prod.yaml in ${several.directory}. Use --stack with one of: dev, stage.`,
    );
  });

  test("in a project without stack files, it is an error too", async () => {
    const none = project({});
    expect(await usageErrorOf(() => loadStackFile(none, { stack: "prod" }))).toBe(
      `Stack prod has no Pulumi.prod.yaml in ${none.directory}. Omit --stack to preview without a stack file.`,
    );
  });
});

describe("with a full name", () => {
  const files = { "Pulumi.prod.yaml": EMPTY };

  test.each(["acme/prod", "acme/shop/prod"])("%s includes the organization", (stack) => {
    expect(loadStackFile(project(files), { stack })).toMatchObject({
      stack: "prod",
      organization: "acme",
    });
    expect(loadStackFile(project(files), { stack: "prod" })).not.toHaveProperty("organization");
  });

  test("a stack of another project is rejected", async () => {
    const one = project(files);
    expect(await usageErrorOf(() => loadStackFile(one, { stack: "acme/mall/prod" }))).toBe(
      `Stack acme/mall/prod belongs to project mall, but ${one.directory}/Pulumi.yaml is project shop.`,
    );
  });

  test.each(["a/b/c/d", "/prod", "acme//prod", ""])("%j is not a valid name", async (stack) => {
    expect(await usageErrorOf(() => loadStackFile(project(files), { stack }))).toBe(
      `Stack ${stack} is not a valid stack name. Use <stack>, <organization>/<stack> or <organization>/<project>/<stack>.`,
    );
  });
});

describe("with --config-file", () => {
  const other = write("elsewhere", { "settings.yaml": "config:\n  shop:size: 4\n" });
  const file = join(other, "settings.yaml");

  test("the file replaces that of the stack", () => {
    const one = project({ "Pulumi.prod.yaml": EMPTY });
    expect(loadStackFile(one, { configFile: file })).toEqual({
      stack: "settings",
      file,
      config: { "shop:size": 4 },
    });
    expect(loadStackFile(one, { configFile: file, stack: "new" }).stack).toBe("new");
  });

  test.each([
    ["Pulumi.prod.yaml", "prod"],
    ["stacks/Pulumi.eu.prod.yml", "eu.prod"],
    ["examples/production.yaml", "production"],
    ["production", "production"],
    ["Pulumi.yaml", "Pulumi"],
    ["my settings.yaml", "dev"],
    [`${"s".repeat(101)}.yaml`, "dev"],
  ])("%s belongs to the stack %s", (path, stack) => {
    expect(stackNamedBy(path)).toBe(stack);
  });

  test("a missing file is an error", async () => {
    expect(
      await usageErrorOf(() => loadStackFile(project({}), { configFile: `${file}.old` })),
    ).toMatch(`${file}.old cannot be read: ENOENT`);
  });
});

test("stack files are read from the directory that the project sets", () => {
  const elsewhere = project(
    { "stacks/Pulumi.test.yaml": EMPTY, "Pulumi.dev.yaml": EMPTY },
    "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n",
  );
  expect(loadStackFile(elsewhere, {})).toEqual({
    stack: "test",
    file: join(elsewhere.directory, "stacks/Pulumi.test.yaml"),
    config: {},
  });
});

test.each(["missing", "Pulumi.yaml"])(
  "an invalid directory of stack files has none: %s",
  (directory) => {
    const lost = project({}, `name: shop\nruntime: nodejs\nstackConfigDir: ${directory}\n`);
    expect(loadStackFile(lost, {})).toEqual({ stack: "dev", config: {} });
  },
);

describe("the file", () => {
  test("may be empty, and may have a salt and unrelated keys", () => {
    expect(loadStackFile(project({ "Pulumi.dev.yaml": "" }), {}).config).toEqual({});
    const salted = project({
      "Pulumi.dev.yaml": "secretsprovider: passphrase\nencryptionsalt: v1:abc\nconfig:\n",
    });
    expect(loadStackFile(salted, {})).toEqual({
      stack: "dev",
      file: join(salted.directory, "Pulumi.dev.yaml"),
      config: {},
      encryptionSalt: "v1:abc",
    });
  });

  test.each<[string, readonly string[] | undefined]>([
    ["environment: [acme/dev, other]\n", ["acme/dev", "other"]],
    ["environment: acme/dev\n", ["acme/dev"]],
    ["environment: [acme/dev: { merge: false }]\n", ["acme/dev"]],
    [
      "environment: { imports: [a], values: { b: 1 } }\n",
      ["a", "the inline one in the stack file"],
    ],
    ["environment: { values: { b: 1 } }\n", ["the inline one in the stack file"]],
    ["environment: []\n", undefined],
    ["environment:\n", undefined],
  ])("%j has ESC environments", (yaml, environments) => {
    expect(loadStackFile(project({ "Pulumi.dev.yaml": yaml }), {}).environments).toEqual(
      environments,
    );
  });

  test.each<[string, readonly string[] | undefined]>([
    ["konfig: {}\n", ["konfig: Pulumi ignores a section with this name; did you mean config?"]],
    [
      "enviroment: [a]\n",
      ["enviroment: Pulumi ignores a section with this name; did you mean environment?"],
    ],
    ["x-team: mesh\n", undefined],
    ["team: mesh\n", ["team: Pulumi ignores a section with this name"]],
    [
      "shop:size: 1\n",
      ["shop:size: Pulumi ignores a section with this name; indent it under config:"],
    ],
    [
      "config: { shopp:size: 1, shop:size: 1, azure-native:location: a, bare: 1 }\n",
      [
        "shopp:size: is not a setting of this project, whose keys begin with shop:; did you mean shop:size?",
      ],
    ],
  ])("%j: a key that Pulumi ignores gets a hint if it was probably intended", (yaml, hints) => {
    const { directory, ...rest } = project({ "Pulumi.dev.yaml": yaml });
    expect(loadStackFile({ directory, ...rest }, {}).hints).toEqual(
      hints?.map((hint) => `${directory}/Pulumi.dev.yaml: ${hint}`),
    );
  });

  test.each([
    ["[]\n", "Invalid input: expected object, received array"],
    ["config: [a]\n", "config: must be an object of settings"],
    ["encryptionsalt: 3\n", "encryptionsalt: Invalid input: expected string, received number"],
  ])("%j is rejected", async (yaml, message) => {
    const wrong = project({ "Pulumi.dev.yaml": yaml });
    expect(await usageErrorOf(() => loadStackFile(wrong, {}))).toBe(
      `${wrong.directory}/Pulumi.dev.yaml: ${message}`,
    );
  });

  test("that is not YAML is rejected with the position", async () => {
    const wrong = project({ "Pulumi.dev.yaml": "config:\n  a: 'open\n" });
    expect(await usageErrorOf(() => loadStackFile(wrong, {}))).toMatch(
      `${wrong.directory}/Pulumi.dev.yaml:3:1: `,
    );
  });
});
