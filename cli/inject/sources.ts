import { readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { folderAt } from "../../manifests/files.ts";
import type { Folder } from "../../manifests/files.ts";
import { STDIN } from "../../manifests/readTree.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";

/** A file to inject. */
export interface Source {
  /** As the user would open it; `-` for standard input. */
  readonly name: string;
  /** Its path below the directory that was named, or its own name. */
  readonly path: string;
  /** With its byte order mark, if it has one. */
  readonly text: string;
  /** Whether the user named it, so that it must be a manifest. */
  readonly isNamed: boolean;
}

/** What was named: files one by one, or directories with their manifests. */
export interface Sources {
  readonly files: readonly Source[];
  /** Whether it is one file, or standard input. */
  readonly isOne: boolean;
}

/** @throws UsageError that names everything that cannot be read */
export function readSources(named: readonly string[]): Sources {
  const problems: string[] = [];
  const read = (name: string, path: string, isNamed: boolean): readonly Source[] => {
    try {
      const bytes = readFileSync(name === STDIN ? 0 : name);
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return [{ name, path, text, isNamed }];
    } catch (error) {
      const reason = error instanceof TypeError ? "it is not text in UTF-8" : messageOf(error);
      problems.push(`${name} cannot be read: ${reason}.`);
      return [];
    }
  };
  const files = named.flatMap((name): readonly Source[] => {
    if (name === STDIN) return read(name, "stdin.yaml", true);
    const found = statSync(name, { throwIfNoEntry: false });
    if (found === undefined) {
      problems.push(`${name} does not exist. Name a file, a directory or -.`);
      return [];
    }
    if (!found.isDirectory()) return read(name, basename(name), true);
    return filesIn(folderAt(name)).flatMap((file) => read(file, relative(name, file), false));
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return { files, isOne: files.length === 1 && files[0]?.isNamed === true };
}

function filesIn({ path, files, folders }: Folder): readonly string[] {
  return [...files.map((file) => join(path, file)), ...folders.flatMap(filesIn)];
}
