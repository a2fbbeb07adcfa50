import type { Manifest } from "../../manifests/manifest.ts";
import { namespaceNameProblem } from "../../mesh/names.ts";
import { subjectOf } from "../../migrate/report.ts";
import { UsageError } from "../../offline/errors.ts";

/**
 * Which pods a policy concerns, and the folder of an object, follow from namespaces, so all of them must be known.
 *
 * @throws UsageError if a name is none of a namespace, such as a variable that nothing has replaced
 */
export function requireNamespaces(manifests: readonly Manifest[]): void {
  const wrong = manifests.flatMap((manifest) => {
    const { kind, apiVersion, namespace, name } = manifest;
    const own = kind === "Namespace" && apiVersion === "v1" ? [name] : [];
    return [namespace, ...own].flatMap((one) => {
      const problem = one === undefined ? undefined : namespaceNameProblem(one);
      if (problem === undefined) return [];
      const { file, line } = manifest.origin.at([]);
      return `${subjectOf(manifest)} (${file}:${line}): the name of the namespace ${JSON.stringify(one)} ${problem}.`;
    });
  });
  if (wrong.length === 0) return;
  throw new UsageError(
    [
      ...wrong,
      "Correct the names. Pass manifests in which variables are replaced: flux build kustomization prints them.",
    ].join("\n"),
  );
}
