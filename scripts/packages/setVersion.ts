import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGES, ROOT } from "./packages.ts";
import { withVersion } from "./release.ts";

interface Versioned {
  version: string;
  dependencies?: Record<string, string>;
}

/** Gives the project, its pack and its packages a version, and moves the unreleased changes below its heading. */
function setVersion(version: string): string | undefined {
  const changelog = join(ROOT, "CHANGELOG.md");
  const today = new Date().toISOString().slice(0, 10);
  const changed = withVersion(readFileSync(changelog, "utf8"), version, today);
  if ("problem" in changed) return changed.problem;
  writeFileSync(changelog, changed.text);
  const names = PACKAGES.map(({ name }) => name);
  for (const folder of [".", "policy", ...names.map((name) => join("packages", name))]) {
    const file = join(ROOT, folder, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Versioned;
    manifest.version = version;
    for (const name of names) {
      if (manifest.dependencies?.[name] !== undefined) manifest.dependencies[name] = version;
    }
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
  execFileSync("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  return undefined;
}

const problem = setVersion(process.argv[2] ?? "");
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
