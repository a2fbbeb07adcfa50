import { InvalidArgumentError } from "commander";
import { catalog, revisionStatus } from "../../mesh/catalog.ts";

/** The value of an option that is a revision, which may be newer than the catalog, or a variable that Flux replaces with one. */
export function revisionOrVariable(value: string): string {
  if (/^\$\{[A-Za-z_]\w*\}$/.test(value)) return value;
  const status = revisionStatus(value);
  if (status === "known" || status === "newer-than-catalog") return value;
  if (status === "unknown") {
    throw new InvalidArgumentError(
      `${value} is not a revision that AKS has offered; the known revisions are ${catalog.revisions.map(({ revision }) => revision).join(", ")}.`,
    );
  }
  throw new InvalidArgumentError(
    `${JSON.stringify(value)} is neither a revision such as asm-1-30 nor a variable such as \${mesh_revision}.`,
  );
}
