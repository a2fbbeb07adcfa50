import { existsSync } from "node:fs";
import { STDIN, readTree } from "../../manifests/readTree.ts";
import type { Tree } from "../../manifests/tree.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";

/**
 * What files, directories and standard input contain.
 *
 * @throws UsageError if one of them does not exist or cannot be read
 */
export async function readSources(sources: readonly string[]): Promise<Tree> {
  const missing = sources.filter((source) => source !== STDIN && !existsSync(source));
  if (missing.length > 0) {
    throw new UsageError(
      missing
        .map((source) => `${source} does not exist. Name a file, a directory or -.`)
        .join("\n"),
    );
  }
  try {
    return await readTree(sources);
  } catch (error) {
    // Everything else is a defect, and reported as one.
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UsageError(`The manifests cannot be read: ${messageOf(error)}`);
  }
}
