import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { UsageError } from "../../offline/errors.ts";
import { installCommand, runInstall } from "./install.ts";

/** Two checkouts of a repository: the working tree, and an earlier state. Both are absolute, without links. */
export interface Checkouts {
  readonly now: string;
  readonly before: string;
}

/**
 * Gives a program in the earlier checkout its packages: those of the working tree where the lockfile is the same, else
 * new ones from that lockfile.
 *
 * @param directory the program's, relative to both roots
 * @param onInstall called before packages are installed, with the lockfile that differs and the command
 * @throws UsageError
 */
export async function provideDependencies(
  checkouts: Checkouts,
  directory: string,
  onInstall: (lockfile: string, command: string) => void,
): Promise<void> {
  const installed = new Set<string>();
  for (const folder of foldersAbove(directory)) {
    const modules = join(checkouts.now, folder, "node_modules");
    const target = join(checkouts.before, folder, "node_modules");
    const isWanted = existsSync(join(checkouts.before, folder)) && !existsSync(target);
    if (!isWanted || !existsSync(modules)) continue;
    const lock = lockOf(checkouts.before, folder);
    // Without a lockfile, package.json alone says what is installed.
    const isSame =
      lock === undefined
        ? equalFiles(checkouts, join(folder, "package.json"))
        : lock.file === lockOf(checkouts.now, folder)?.file && equalFiles(checkouts, lock.file);
    if (isSame) {
      share(modules, target, checkouts);
    } else if (lock === undefined) {
      throw new UsageError(
        `${join(folder, "package.json")} differs, and there is no lockfile beside it to install the earlier packages from. Pass --against a file that preview --json has written there.`,
      );
    } else if (!installed.has(lock.file)) {
      installed.add(lock.file);
      const command = installCommand(join(checkouts.before, lock.file));
      onInstall(lock.file, command.join(" "));
      await runInstall(command, join(checkouts.before, dirname(lock.file)));
    }
  }
  shareOutside(checkouts);
}

/** `a/b`, `a` and `.` for `a/b`. */
function foldersAbove(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? ["."] : [directory, ...foldersAbove(parent)];
}

const LOCKFILES = ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

/** The lockfile of a folder: that of a workspace is in a folder above. */
function lockOf(root: string, folder: string): { readonly file: string } | undefined {
  return foldersAbove(folder)
    .flatMap((above) => LOCKFILES.map((name) => ({ file: join(above, name) })))
    .find(({ file }) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile() === true);
}

function equalFiles({ now, before }: Checkouts, file: string): boolean {
  const [one, other] = [join(now, file), join(before, file)];
  if (!existsSync(one) || !existsSync(other)) return existsSync(one) === existsSync(other);
  return readFileSync(one).equals(readFileSync(other));
}

/**
 * Links each installed package by itself, because a workspace links its own packages there, too: those must be the ones
 * of the earlier checkout.
 */
function share(modules: string, target: string, checkouts: Checkouts): void {
  mkdirSync(target);
  for (const name of readdirSync(modules)) {
    const from = join(modules, name);
    const isScope = name.startsWith("@") && !lstatSync(from).isSymbolicLink();
    if (isScope) share(from, join(target, name), checkouts);
    else if (statSync(from, { throwIfNoEntry: false })?.isDirectory() === true) {
      symlinkSync(counterpart(realpathSync(from), checkouts), join(target, name), "junction");
    }
  }
}

/** The same directory in the earlier checkout, if it is a package of the repository itself. */
function counterpart(directory: string, { now, before }: Checkouts): string {
  const path = relative(now, directory);
  const parts = path.split(sep);
  return parts[0] === ".." || parts.includes("node_modules") ? directory : join(before, path);
}

/** Packages may be installed above the repository. */
function shareOutside({ now, before }: Checkouts): void {
  for (let root = dirname(now); root !== dirname(root); root = dirname(root)) {
    const modules = join(root, "node_modules");
    if (!existsSync(modules)) continue;
    symlinkSync(modules, join(dirname(before), "node_modules"), "junction");
    return;
  }
}
