import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise } from "dependency-cruiser";
import type { ICruiseResult } from "dependency-cruiser";
import { expect, test } from "vitest";
import table from "../.dependency-cruiser.mjs";

/** The rules of the project's own table that a tree of files violates, each as `rule: from -> to`. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "rooms-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const { forbidden = [], options = {} } = table;
    const { output } = await cruise(["."], {
      ...options,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden },
    });
    return (output as ICruiseResult).summary.violations
      .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
      .sort();
  } finally {
    rmSync(root, { recursive: true });
  }
}

const leaf = "export const b = 1;\nexport type B = number;\n";

test("an import that the table allows is accepted", async () => {
  expect(
    await broken({
      "mesh/a.ts": 'import { b } from "./deep/b.ts"; export const a = b;',
      "mesh/deep/b.ts": leaf,
      "components/x/a.ts": 'export { a } from "../../mesh/a.ts";',
      "index.ts": 'import "./components/x/a.ts";',
    }),
  ).toEqual([]);
});

test.each([
  ["upwards", "mesh/a.ts", "components/b.ts", "arrows-of-mesh"],
  ["sideways", "policy/model/a.ts", "policy/rules/b.ts", "arrows-of-policy/model"],
  [
    "from the policy engine to its model",
    "policy/engine/a.ts",
    "policy/model/b.ts",
    "arrows-of-policy/engine",
  ],
  ["from the offline preview to the mesh", "offline/a.ts", "mesh/b.ts", "arrows-of-offline"],
  ["of the program", "cli/a.ts", "program/b.ts", "arrows-of-cli"],
])("an import %s is rejected", async (_, from, to, rule) => {
  const up = "../".repeat(from.split("/").length - 1);
  expect(
    await broken({ [from]: `import { b } from "${up}${to}"; export const a = b;`, [to]: leaf }),
  ).toEqual([`${rule}: ${from} -> ${to}`]);
});

test("an import of a type counts", async () => {
  expect(
    await broken({
      "mesh/a.ts": 'import type { B } from "../components/b.ts"; export type A = B;',
      "components/b.ts": leaf,
    }),
  ).toEqual(["arrows-of-mesh: mesh/a.ts -> components/b.ts"]);
});

test("entry points are not imported", async () => {
  expect(await broken({ "cli/a.ts": 'import "../index.ts";', "index.ts": leaf })).toEqual([
    "arrows-of-cli: cli/a.ts -> index.ts",
    "no-import-of-entry-points: cli/a.ts -> index.ts",
  ]);
});

test("a cycle is rejected, even of types", async () => {
  expect(
    await broken({
      "mesh/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
      "mesh/b.ts": 'import type { A } from "./a.ts"; export type B = A;',
    }),
  ).toEqual(["no-cycle: mesh/a.ts -> mesh/b.ts"]);
});

/** The files of an installed package. */
function installed(name: string): Readonly<Record<string, string>> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "index.js" }),
    [`node_modules/${name}/index.js`]: "exports.b = 1;",
  };
}

test("a pure room does not use Pulumi", async () => {
  const text = 'import { b } from "@pulumi/pulumi"; export const a = b;';
  expect(
    await broken({
      ...installed("@pulumi/pulumi"),
      "mesh/a.ts": text,
      "components/a.ts": text,
    }),
  ).toEqual(["no-pulumi-in-pure-rooms: mesh/a.ts -> node_modules/@pulumi/pulumi/index.js"]);
});

test.each([
  ["at the top", 'import { b } from "@azure/identity"; export const a = b;', true],
  ["when it is needed", 'export const a = () => import("@azure/identity");', false],
  ["as a type", 'import type { B } from "@azure/identity"; export type A = B;', false],
])("a client that is imported %s", async (_, text, isRejected) => {
  const rule = "clients-only-when-needed: operate/a.ts -> node_modules/@azure/identity/index.js";
  expect(await broken({ ...installed("@azure/identity"), "operate/a.ts": text })).toEqual(
    isRejected ? [rule] : [],
  );
});

test("every file belongs to a room", async () => {
  expect(
    await broken({ "helpers/a.ts": leaf, "mesh/b.ts": 'export { b } from "../helpers/a.ts";' }),
  ).toEqual([
    "arrows-of-mesh: mesh/b.ts -> helpers/a.ts",
    "no-file-without-a-room: mesh/b.ts -> helpers/a.ts",
  ]);
});

test.each(["helpers/a.ts", "a.ts", "a.mts", "helpers/a.cjs", "policy/a.ts"])(
  "%s belongs to no room, although nothing imports it",
  async (file) => {
    expect(await broken({ [file]: leaf })).toEqual([`no-file-without-a-room: ${file} -> ${file}`]);
  },
);

test.each([
  ["import(", 'export const a = () => import("../cli/b.ts");'],
  ["require", 'export const a = require("../cli/b.ts");'],
  ["export from", 'export { b } from "../cli/b.ts";'],
  ["import of a type in an expression", 'export type A = import("../cli/b.ts").B;'],
])("%s is an import, too", async (_, text) => {
  expect(await broken({ "mesh/a.mts": text, "cli/b.ts": leaf })).toEqual([
    "arrows-of-mesh: mesh/a.mts -> cli/b.ts",
  ]);
});
