import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** A project in a temporary directory, to which the Pulumi CLI can write. */
export interface Throwaway {
  readonly directory: string;
  /** Environment variables for the CLI, which give it separate state. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/**
 * Links a project into a temporary directory. The files that the CLI writes are copied: it adds a salt to the stack
 * file.
 */
export function throwaway(
  project: { readonly directory: string; readonly file: string },
  stack: { readonly name: string; readonly file: string | undefined },
): Throwaway {
  const home = mkdtempSync(join(tmpdir(), "aks-istio-rehearsal-"));
  const [directory, state] = [join(home, "project"), join(home, "state")];
  for (const made of [directory, state]) mkdirSync(made);
  for (const name of readdirSync(project.directory)) {
    if (/^(\.git|Pulumi(\..+)?\.ya?ml)$/.test(name)) continue;
    symlinkSync(join(project.directory, name), join(directory, name));
  }
  const packages = packagesAbove(project.directory);
  if (packages !== undefined) symlinkSync(packages, join(directory, "node_modules"));
  writeFileSync(join(directory, basename(project.file)), readFileSync(project.file));
  if (stack.file !== undefined) {
    writeFileSync(join(directory, `Pulumi.${stack.name}.yaml`), readFileSync(stack.file));
  }
  return {
    directory,
    environment: { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_SKIP_UPDATE_CHECK: "true" },
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A project without `node_modules` uses those of a parent directory, as in a workspace. */
function packagesAbove(directory: string): string | undefined {
  if (existsSync(join(directory, "node_modules"))) return undefined;
  for (let above = dirname(directory); above !== dirname(above); above = dirname(above)) {
    const packages = join(above, "node_modules");
    if (existsSync(packages)) return packages;
  }
  return undefined;
}
