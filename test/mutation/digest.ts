import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import type { Area } from "./areas.ts";

/** Inputs to the score of every area, besides its own code and tests. */
const COMMON = [
  "package-lock.json",
  "test/mutation/areas.ts",
  "test/mutation/run.ts",
  "test/mutation/stryker.config.json",
  "test/mutation/vitest.config.mts",
];

/**
 * A digest of everything that decides the score of an area: its code and tests, their direct and indirect imports from
 * this project, the configuration of Stryker and Vitest, and the locked packages. It does not depend on file times or
 * on the path of the project. Undefined if a file is missing or an import cannot be resolved.
 */
export function digestOf(home: string, area: Area): string | undefined {
  try {
    return digest(readAll(home, area));
  } catch {
    return undefined;
  }
}

function readAll(home: string, { changed, tests }: Area): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const add = (file: string): void => {
    if (files.has(file)) return;
    const text = readFileSync(posix.join(home, file), "utf8");
    files.set(file, text);
    for (const imported of importsOf(file, text)) add(imported);
  };
  for (const pattern of [changed, ...tests]) {
    const found = filesOf(home, pattern);
    if (found.length === 0) throw new Error(`${pattern} matches no file.`);
    found.forEach(add);
  }
  COMMON.forEach(add);
  return files;
}

function digest(files: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const file of [...files.keys()].sort()) {
    hash.update(JSON.stringify([file, files.get(file)]));
  }
  return hash.digest("hex");
}

/** The files of this project that a file imports; the lock file covers packages. */
function importsOf(file: string, text: string): readonly string[] {
  if (!/\.[cm]?[jt]s$/.test(file)) return [];
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => posix.join(posix.dirname(file), name));
}

/** The files that match a pattern, in which a star matches any letters of one name. */
function filesOf(home: string, pattern: string): readonly string[] {
  return pattern.split("/").reduce<readonly string[]>(
    (found, part, i, parts) =>
      found.flatMap((directory) => {
        if (!part.includes("*")) return [posix.join(directory, part)];
        const [start = "", end = ""] = part.split("*");
        const isLast = i === parts.length - 1;
        return readdirSync(posix.join(home, directory), { withFileTypes: true })
          .filter((entry) => entry.isDirectory() !== isLast)
          .filter(({ name }) => name.startsWith(start) && name.endsWith(end))
          .map(({ name }) => posix.join(directory, name));
      }),
    [""],
  );
}
