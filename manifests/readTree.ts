import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { folderAt } from "./files.ts";
import type { Folder } from "./files.ts";
import type { Unread } from "./manifest.ts";
import { readManifestText } from "./manifestText.ts";
import type { Unit } from "./variants.ts";

/** What the sources contain. */
export interface Tree {
  readonly units: readonly Unit[];
  readonly unread: readonly Unread[];
  /** The number of files that contain no Kubernetes objects. */
  readonly passedOver: number;
}

/** The name of standard input among the sources. */
export const STDIN = "-";

/**
 * Reads files, directories with everything below them, and standard input.
 *
 * @throws Error if a source cannot be opened
 */
export function readTree(sources: readonly string[]): Tree {
  const trees = sources.map((source) => {
    if (source === STDIN) return readText(readFileSync(0, "utf8"), STDIN);
    return statSync(source).isDirectory() ? readFolder(folderAt(source)) : readFile(source);
  });
  return merged(trees);
}

function readFolder({ path, files, folders }: Folder): Tree {
  return merged([...files.map((file) => readFile(join(path, file))), ...folders.map(readFolder)]);
}

function readFile(file: string): Tree {
  return readText(readFileSync(file, "utf8").replace(/^\uFEFF/, ""), file);
}

function readText(text: string, file: string): Tree {
  const { manifests, unread } = readManifestText(text, file);
  const isEmpty = manifests.length === 0 && unread.length === 0;
  return {
    units: manifests.length === 0 ? [] : [{ name: file, manifests }],
    unread,
    passedOver: isEmpty ? 1 : 0,
  };
}

function merged(trees: readonly Tree[]): Tree {
  return {
    units: trees.flatMap(({ units }) => units),
    unread: trees.flatMap(({ unread }) => unread),
    passedOver: trees.reduce((sum, { passedOver }) => sum + passedOver, 0),
  };
}
