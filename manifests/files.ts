import { readdirSync } from "node:fs";
import { join } from "node:path";

/** A directory with the files that may contain manifests, in the order of their names. */
export interface Folder {
  readonly path: string;
  /** Their names. */
  readonly files: readonly string[];
  readonly folders: readonly Folder[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;

/** Folders of tools: hidden ones, and the packages of npm. */
const OF_TOOLS = /^(?:\..+|node_modules)$/;

/** A directory and everything below it, without links and the folders of tools. */
export function folderAt(path: string): Folder {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const named = (wanted: (entry: (typeof entries)[number]) => boolean) =>
    entries.filter(wanted).map(({ name }) => name);
  return {
    path,
    files: named(
      (entry) => entry.isFile() && (MANIFEST.test(entry.name) || entry.name === "Kustomization"),
    ),
    folders: named((entry) => entry.isDirectory() && !OF_TOOLS.test(entry.name)).map((name) =>
      folderAt(join(path, name)),
    ),
  };
}
