import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test } from "vitest";

const root = join(__dirname, "..");

/** What each room may import from outside itself; `@pulumi` stands for all of Pulumi's packages. */
const arrows: Record<string, readonly string[]> = {
  mesh: [],
  settings: ["mesh"],
  components: ["mesh", "@pulumi"],
  policy: ["mesh", "@pulumi"],
  local: ["mesh", "@pulumi"],
  cli: ["mesh", "settings", "local", "@pulumi"],
};
const targets = [
  "mesh",
  "settings",
  "components",
  "policy",
  "local",
  "cli",
  "gitops",
  "bench",
  "test",
  "@pulumi",
];

// The project's own configuration, less the rules that need files on disk and their types.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [tseslint.configs.disableTypeChecked],
  ruleFilter: ({ ruleId }) => ruleId === "no-restricted-imports",
});

/** What the rule says about one line of a file that need not exist. */
async function complaints(file: string, line: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: join(root, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ ruleId }) => ruleId !== "no-restricted-imports")).toEqual([]);
  return messages.map(({ message }) => message);
}

function specifier(target: string): string {
  return target === "@pulumi" ? "@pulumi/pulumi" : `../${target}/thing.ts`;
}

describe.each(Object.entries(arrows))("%s/", (room, allowed) => {
  const others = targets.filter((target) => target !== room);

  test.each(others.filter((target) => allowed.includes(target)))(
    "may import %s",
    async (target) => {
      expect(await complaints(`${room}/a.ts`, `import "${specifier(target)}";`)).toEqual([]);
    },
  );

  test.each(others.filter((target) => !allowed.includes(target)))(
    "may not import %s",
    async (target) => {
      const message = await complaints(`${room}/a.ts`, `import "${specifier(target)}";`);
      expect(message).toEqual([expect.stringContaining(specifier(target))]);
    },
  );

  test("may import itself, also from a folder of its own", async () => {
    expect(await complaints(`${room}/a.ts`, 'import { b } from "./b.ts";')).toEqual([]);
    expect(await complaints(`${room}/deep/a.ts`, 'import { b } from "../b.ts";')).toEqual([]);
  });

  test.each(["../index.ts", "../settings.ts", "../policy/index.ts"])(
    "may not import %s, which is started",
    async (entry) => {
      expect(await complaints(`${room}/a.ts`, `import "${entry}";`)).not.toEqual([]);
    },
  );
});

test.each([
  ["from a folder", "mesh/deep/a.ts", 'import { b } from "../../components/b.ts";'],
  ["of a type", "mesh/a.ts", 'import type { B } from "../components/b.ts";'],
  ["that is exported again", "mesh/a.ts", 'export { b } from "../components/b.ts";'],
])("an import %s is an import", async (_, file, line) => {
  expect(await complaints(file, line)).toHaveLength(1);
});

test("every folder with sources is a room, or one that nobody imports", () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && !/^(\.|node_modules$|coverage$|manifests$)/.test(entry.name),
    )
    .filter((entry) =>
      readdirSync(join(root, entry.name), { recursive: true, encoding: "utf8" }).some((file) =>
        file.endsWith(".ts"),
      ),
    )
    .map((entry) => entry.name);
  const known = new Set<string>([...Object.keys(arrows), ...targets]);
  expect(folders.filter((folder) => !known.has(folder))).toEqual([]);
});
