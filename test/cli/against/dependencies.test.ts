import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { provideDependencies } from "../../../cli/against/dependencies.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";
import type { Files } from "../../support/programs.ts";

const write = scratch({ packages: false });
const onPath = toolsOnPath();
let made = 0;

/** Two checkouts, each below a directory of its own. */
function checkouts(now: Files, before: Files) {
  const name = `checkouts-${++made}`;
  return {
    now: realpathSync(write(`${name}/now/repository`, now)),
    before: realpathSync(write(`${name}/before/checkout`, before)),
  };
}

/** Provides the packages, and returns what is said about their installation. */
async function provided(given: ReturnType<typeof checkouts>, directory = "."): Promise<string[]> {
  const said: string[] = [];
  await provideDependencies(given, directory, (lockfile, command) => {
    said.push(`${lockfile}: ${command}`);
  });
  return said;
}

const INSTALLED = {
  "package.json": "{}",
  "package-lock.json": "1",
  "node_modules/one/index.js": "one",
  "node_modules/@scope/two/index.js": "two",
  "node_modules/.package-lock.json": "1",
};

const read = (root: string, path: string) => readFileSync(join(root, "node_modules", path), "utf8");

describe("with the same lockfile", () => {
  test("the packages are shared", async () => {
    const given = checkouts(INSTALLED, { "package-lock.json": "1" });
    expect(await provided(given)).toEqual([]);
    expect(read(given.before, "one/index.js")).toBe("one");
    expect(read(given.before, "@scope/two/index.js")).toBe("two");
    // As Node.js and TypeScript resolve it, a package is where its own packages are.
    expect(realpathSync(join(given.before, "node_modules/one"))).toBe(
      join(given.now, "node_modules/one"),
    );
  });

  test("a workspace has its own earlier packages", async () => {
    const given = checkouts(
      { ...INSTALLED, "packages/own/index.js": "now", "infra/node_modules/three/index.js": "3" },
      { "package-lock.json": "1", "packages/own/index.js": "before", "infra/index.js": "" },
    );
    symlinkSync("../packages/own", join(given.now, "node_modules/own"));
    mkdirSync(join(given.now, "node_modules/.pnpm/four"), { recursive: true });
    symlinkSync(".pnpm/four", join(given.now, "node_modules/four"));
    expect(await provided(given, "infra")).toEqual([]);
    expect(read(given.before, "own/index.js")).toBe("before");
    expect(read(join(given.before, "infra"), "three/index.js")).toBe("3");
    expect(realpathSync(join(given.before, "node_modules/four"))).toBe(
      join(given.now, "node_modules/.pnpm/four"),
    );
  });
});

test("packages above the repository are there for both", async () => {
  const given = checkouts({}, {});
  const shared = write(`checkouts-${made}/now`, { "node_modules/one/index.js": "one" });
  await provided(given);
  expect(realpathSync(join(given.before, "../node_modules"))).toBe(
    join(realpathSync(shared), "node_modules"),
  );
});

describe("with another lockfile", () => {
  const record = `
const { writeFileSync, mkdirSync } = require("node:fs");
mkdirSync("node_modules");
writeFileSync("node_modules/called", process.argv.slice(2).join(" "));
`;

  test.each([
    ["package-lock.json", "1", "npm", "ci --ignore-scripts --prefer-offline --no-audit --no-fund"],
    ["pnpm-lock.yaml", "1", "pnpm", "install --frozen-lockfile --ignore-scripts --prefer-offline"],
    ["yarn.lock", "# yarn lockfile v1", "yarn", "install --frozen-lockfile --ignore-scripts"],
    ["yarn.lock", "__metadata:\n", "yarn", "install --immutable --mode=skip-build"],
  ])("%s: %j is installed by its package manager", async (lockfile, text, manager, args) => {
    onPath({ [manager]: record });
    const given = checkouts(
      { [lockfile]: `${text} changed`, "node_modules/one/index.js": "one" },
      { [lockfile]: text },
    );
    expect(await provided(given)).toEqual([`${lockfile}: ${manager} ${args}`]);
    expect(read(given.before, "called")).toBe(args);
  });

  test("of a workspace, it is installed once", async () => {
    onPath({ npm: record });
    const given = checkouts(
      { ...INSTALLED, "infra/node_modules/two/index.js": "two" },
      { "package-lock.json": "2", "infra/index.js": "" },
    );
    expect(await provided(given, "infra")).toHaveLength(1);
    expect(existsSync(join(given.before, "infra/node_modules"))).toBe(false);
  });

  test("that cannot be installed, the error shows why, and another way", async () => {
    onPath({ npm: 'console.error("No such version."); process.exit(3);' });
    const given = checkouts(INSTALLED, { "package-lock.json": "2" });
    expect(await usageErrorOf(() => provided(given))).toBe(
      "npm ci --ignore-scripts --prefer-offline --no-audit --no-fund failed: exit code 3: No such version.\nTo compare without packages, pass --against a file that preview --json has written there.",
    );
  });

  test("that cannot be installed, the error shows the start and the end of many lines", async () => {
    onPath({ npm: "for (let i = 1; i < 17; i++) console.error(i); process.exit(1);" });
    const given = checkouts(INSTALLED, { "package-lock.json": "2" });
    expect(await usageErrorOf(() => provided(given))).toMatch(
      /: exit code 1: 1\n2\n3\n4\n5\n…\n7\n8\n(\d+\n){7}16\nTo compare /,
    );
  });
});

describe("without a lockfile", () => {
  test("the same package.json shares", async () => {
    const given = checkouts(
      { "package.json": "{}", "node_modules/one/index.js": "one" },
      { "package.json": "{}" },
    );
    await provided(given);
    expect(read(given.before, "one/index.js")).toBe("one");
  });

  test("the same package.json also shares if there is a lockfile now", async () => {
    const given = checkouts(INSTALLED, { "package.json": "{}", "yarn.lock/readme.txt": "" });
    expect(await provided(given)).toEqual([]);
    expect(read(given.before, "one/index.js")).toBe("one");
  });

  test("another package.json is refused", async () => {
    const given = checkouts(
      { "package.json": "{}", "node_modules/one/index.js": "one" },
      { "package.json": '{"dependencies":{}}' },
    );
    expect(await usageErrorOf(() => provided(given))).toMatch(
      /^package\.json differs, and there is no lockfile beside it /,
    );
  });
});

test("packages in the repository itself stay", async () => {
  const given = checkouts(INSTALLED, { "node_modules/one/index.js": "before" });
  await provided(given);
  expect(read(given.before, "one/index.js")).toBe("before");
});
