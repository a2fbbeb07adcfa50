import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A directory with the files that may contain manifests, in the order of their names. */
export interface Folder {
  readonly path: string;
  /** Their names. */
  readonly files: readonly string[];
  readonly folders: readonly Folder[];
}

/** The names of files that may contain manifests. */
export const MANIFEST = /\.(?:ya?ml|json)$/i;

/** Folders of tools: hidden ones, and the packages of npm. */
const OF_TOOLS = /^(?:\..+|node_modules)$/;

/** A directory and everything below it, without links to directories and the folders of tools. */
export function folderAt(path: string): Folder {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const named = (wanted: (entry: (typeof entries)[number]) => boolean) =>
    entries.filter(wanted).map(({ name }) => name);
  return {
    path,
    files: named(
      (entry) =>
        (MANIFEST.test(entry.name) || entry.name === "Kustomization") &&
        (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(join(path, entry.name)))),
    ),
    folders: named((entry) => entry.isDirectory() && !OF_TOOLS.test(entry.name)).map((name) =>
      folderAt(join(path, name)),
    ),
  };
}

/** Some editors mark open files with links that lead nowhere. */
function leadsToFile(link: string): boolean {
  try {
    return statSync(link).isFile();
  } catch {
    return false;
  }
}
