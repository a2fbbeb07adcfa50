import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../support/programs.ts";
import { areasOf } from "./areas.ts";
import { digestOf } from "./digest.ts";

const write = scratch({ packages: false });

const AREA = { name: "a", changed: "a/*.ts", tests: ["test/a/*/*.test.ts"] };

const FILES = {
  "package-lock.json": "{}",
  "test/mutation/areas.ts": "",
  "test/mutation/run.ts": "",
  "test/mutation/stryker.config.json": "{}",
  "test/mutation/vitest.config.mts": "",
  "a/one.ts": 'import { b } from "../lib/b.ts";',
  "a/notes.md": "",
  "lib/b.ts": 'export type { C } from "./c.ts";\nimport { readFileSync } from "node:fs";',
  "lib/c.ts": "export type C = 1;",
  "lib/unused.ts": "",
  "test/a/x/one.test.ts": 'const data = await import("../data.json");',
  "test/a/data.json": "[]",
};

const digest = (home: string) => digestOf(home, AREA);

test("is the same at another path and at another time", () => {
  const home = write("here", FILES);
  const before = digest(home);
  utimesSync(join(home, "a/one.ts"), 0, 0);
  expect(digest(home)).toBe(before);
  expect(digest(write("there/below", FILES))).toBe(before);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
});

test.each(Object.keys(FILES))("changes with every input of the score: %s", (file) => {
  const home = write(`changed-${file.replaceAll("/", "-")}`, FILES);
  const before = digest(home);
  writeFileSync(join(home, file), `${readFileSync(join(home, file), "utf8")} `);
  const decides = file !== "a/notes.md" && file !== "lib/unused.ts";
  expect(digest(home) !== before).toBe(decides);
});

test("changes with a new file, and with a renamed one", () => {
  const home = write("more", FILES);
  const before = digest(home);
  writeFileSync(join(home, "a/two.ts"), "");
  const more = digest(home);
  expect(more).not.toBe(before);
  rmSync(join(home, "a/two.ts"));
  writeFileSync(join(home, "a/three.ts"), "");
  expect([before, more]).not.toContain(digest(home));
});

test.each(["lib/c.ts", "a/one.ts", "test/a/x/one.test.ts", "package-lock.json"])(
  "is undefined if a file is missing: %s",
  (file) => {
    const home = write(`without-${file.replaceAll("/", "-")}`, FILES);
    rmSync(join(home, file));
    expect(digest(home)).toBeUndefined();
  },
);

test("exists for every area of this project", () => {
  const home = join(__dirname, "../..");
  const digests = areasOf(home).map((area) => digestOf(home, area));
  expect(digests).not.toContain(undefined);
  expect(new Set(digests).size).toBe(digests.length);
  expect(digests.length).toBeGreaterThan(10);
});
