import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** A project in a directory of its own, in which the Pulumi CLI may write. */
export interface Throwaway {
  readonly directory: string;
  /** To be set for the CLI: a state that nobody else has. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/**
 * Links a project into a directory of its own, with copies of the files that the CLI writes: it adds a salt to the
 * stack file.
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
