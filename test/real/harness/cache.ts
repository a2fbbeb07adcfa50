import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Temporary } from "./temporary.ts";

/** Where something is that one run makes and later ones use. The key changes with everything that decides what it is. */
export function cachePath(kind: string, key: string): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "aks-istio", kind, key);
}

/** Makes a directory unless an earlier run did. It gets its name once it is whole. */
export async function madeOnce(
  directory: string,
  make: (made: string) => void | Promise<void>,
): Promise<string> {
  if (existsSync(directory)) return directory;
  const unfinished = new Temporary(`${directory}-`);
  try {
    const made = join(unfinished.path, "made");
    mkdirSync(made);
    await make(made);
    renameSync(made, directory);
  } finally {
    unfinished.remove();
  }
  return directory;
}
