import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../../..");

/** A package as npm packs it. */
export interface Tarball {
  readonly file: string;
  /** The directory with its unpacked files. */
  readonly unpacked: string;
}

/** Builds, packs and unpacks every package below a directory, by name. */
export function pack(directory: string): Readonly<Record<string, Tarball>> {
  run(["npm", "run", "--silent", "build:packages"], ROOT);
  const packed = run(
    ["npm", "pack", "--workspaces", "--json", "--pack-destination", directory],
    ROOT,
  );
  const made = Object.values(JSON.parse(packed) as Readonly<Record<string, Packed>>);
  return Object.fromEntries(
    made.map(({ name, filename }) => {
      const file = join(directory, filename);
      const unpacked = join(directory, "unpacked", name);
      mkdirSync(unpacked, { recursive: true });
      run(["tar", "-xzf", file, "-C", unpacked, "--strip-components", "1"], directory);
      return [name, { file, unpacked }];
    }),
  );
}

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** The paths of the files below a directory. */
export function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
}

/** The files below a directory, with their texts. */
export function textsIn(directory: string): ReadonlyMap<string, string> {
  return new Map(
    filesOf(directory).map((path) => [path, readFileSync(join(directory, path), "utf8")]),
  );
}

/** Runs a command, and returns what it prints. */
export function run([command = "", ...args]: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${command} ${args.join(" ")} ended with ${status ?? "a signal"}:\n${stdout}${stderr}`,
  );
}
