import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { UsageError } from "../../offline/errors.ts";
import { isWithin } from "../output/isWithin.ts";

/** Folders that are no part of a tree of manifests. */
const LEFT_OUT = [".git", "node_modules"];

/** What a copy of a directory contains, by paths below it. */
export interface CopiedTree {
  readonly folders: readonly string[];
  /** Also links to files outside: the copy has the files themselves. */
  readonly files: readonly string[];
  /** Links that stay in the tree, or lead nowhere, with what they say in the copy. */
  readonly links: ReadonlyMap<string, string>;
}

/** @throws UsageError that names everything that cannot be copied */
export function treeToCopy(source: string): CopiedTree {
  const root = realpathSync(source);
  const [folders, files, problems]: [string[], string[], string[]] = [[], [], []];
  const links = new Map<string, string>();
  const addLink = (path: string) => {
    const link = join(root, path);
    const to = targetOf(link);
    if (to === undefined) links.set(path, readlinkSync(link));
    else if (isWithin(root, to) && !relative(root, to).split(sep).some(isLeftOut)) {
      links.set(path, relative(dirname(link), to) || ".");
    } else if (statSync(to).isFile()) files.push(path);
    else {
      problems.push(
        `${join(source, path)} is a link to ${to}, outside of ${source}. Replace it with a copy, or pass a directory that contains both.`,
      );
    }
  };
  const addFolder = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (isLeftOut(entry.name)) continue;
      if (entry.isSymbolicLink()) addLink(path);
      else if (entry.isFile()) files.push(path);
      else if (entry.isDirectory()) {
        folders.push(path);
        addFolder(path);
      } else problems.push(`${join(source, path)} is neither a file nor a directory. Remove it.`);
    }
  };
  addFolder("");
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return { folders, files, links };
}

/** Copies everything except some of the files. */
export function copyTree(
  source: string,
  out: string,
  { folders, files, links }: CopiedTree,
  except: ReadonlySet<string>,
): void {
  for (const folder of folders) mkdirSync(join(out, folder));
  for (const file of files) {
    if (!except.has(file)) copyFileSync(join(source, file), join(out, file));
  }
  for (const [link, to] of links) if (!except.has(link)) symlinkSync(to, join(out, link));
}

function isLeftOut(name: string): boolean {
  return LEFT_OUT.includes(name);
}

/** What a link leads to, through all links; undefined if that does not exist. */
function targetOf(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}
