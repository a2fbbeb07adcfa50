import { UsageError } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";

/** Keys that the program of this repository declares, and others are unlikely to. */
const OWN_KEYS = ["cluster", "mesh", "access"];

/** The keys of this program that a project does not declare; none in its own project. */
export function undeclaredKeys({ name, config }: Project): readonly string[] {
  return OWN_KEYS.filter((key) => !(key in config || `${name}:${key}` in config));
}

/**
 * Refuses the project of another program, whose settings mean something else.
 *
 * @throws UsageError
 */
export function requireOwnProgram(project: Project): void {
  const missing = undeclaredKeys(project);
  if (missing.length === 0) return;
  throw new UsageError(
    `${project.file} belongs to another program: it does not declare the settings ${missing.join(", ")}. ` +
      "This command only reads stacks of the aks-istio program. Run it in that project, or pass its directory.",
  );
}
