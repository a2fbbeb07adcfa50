import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { throwaway } from "../../rehearsal/throwaway.ts";

const home = realpathSync(mkdtempSync(join(tmpdir(), "throwaway-test-")));
afterAll(() => {
  rmSync(home, { recursive: true });
});

/** A project in a workspace; `own` says whether it has packages of its own. */
function project(name: string, own: boolean) {
  const directory = join(home, name);
  for (const made of [
    join(home, "node_modules/shared"),
    join(directory, own ? "node_modules" : "src"),
  ]) {
    mkdirSync(made, { recursive: true });
  }
  const file = join(directory, "Pulumi.yaml");
  writeFileSync(file, "name: it");
  return { directory, file };
}

test.each([
  ["its own packages", true, "own/node_modules"],
  ["those of a workspace", false, "shared/../node_modules"],
])("a project is thrown away with %s", (_, own, packages) => {
  const place = throwaway(project(own ? "own" : "shared", own), { name: "dev", file: undefined });
  expect(realpathSync(join(place.directory, "node_modules"))).toBe(join(home, packages));
  writeFileSync(join(place.directory, "Pulumi.yaml"), "name: other");
  place.remove();
  expect(existsSync(place.directory)).toBe(false);
  expect(readFileSync(join(home, own ? "own" : "shared", "Pulumi.yaml"), "utf8")).toBe("name: it");
  expect(existsSync(join(home, packages))).toBe(true);
});
