import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Temporary } from "./temporary.ts";

/** The path of a result that later runs reuse. The key must change with every input of the result. */
export function cachePath(kind: string, key: string): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "aks-istio", kind, key);
}

/** Creates a directory unless an earlier run has. It gets its final name only when it is complete. */
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
