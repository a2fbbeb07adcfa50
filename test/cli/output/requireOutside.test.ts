import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { requireOutside } from "../../../cli/output/requireOutside.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "outside-")));
mkdirSync(join(root, "d"));
symlinkSync(join(root, "d"), join(root, "link"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const at = (path: string) => (path === "-" ? path : join(root, path));
function problem(path: string, sources: readonly string[], mayBeSource = false): string {
  try {
    requireOutside({ option: "--out", path: at(path), mayBeSource }, sources.map(at));
    return "";
  } catch (error) {
    return (error as Error).message.replaceAll(`${root}/`, "");
  }
}

test.each([
  ["d/out", ["d"]],
  ["d", ["d"]],
  ["d/..out", ["d"]],
  ["d/new/out", ["d"]],
  ["link/out", ["d"]],
  ["d/out", ["other", "d"]],
])("%s is in one of %j", (path, sources) => {
  expect(problem(path, sources)).toBe(
    `--out ${path} is in d, so the next run would read it. Pass a directory outside.`,
  );
});

test.each([
  ["out", ["d"]],
  ["d2", ["d"]],
  ["d", ["d/in"]],
  ["d", ["-", "d/a.yaml"]],
  ["new/out", ["d"]],
])("%s is in none of %j", (path, sources) => {
  expect(problem(path, sources)).toBe("");
  expect(problem(path, sources, true)).toBe("");
});

test("only a single source may be written in place, where the command can do that", () => {
  expect(problem("d", ["d"], true)).toBe("");
  expect(problem("link", ["d"], true)).toBe("");
  expect(problem("d", ["d", "e"], true)).toBe(
    "--out d is in d, so the next run would read it. Pass a directory outside.",
  );
  expect(problem("d/out", ["d"], true)).toBe(
    "--out d/out is in d, so the next run would read it. Pass a directory outside, or d itself.",
  );
});
