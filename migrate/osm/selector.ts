import { selects } from "../../mesh/labelSelector.ts";
import type { OsmMesh } from "./osmMesh.ts";
import type { Labels, Workload } from "./workloads.ts";

/** The labels by which a policy selects the pods of a workload, or the workload whose pods it would also select. */
export type Selector = { readonly labels: Labels } | { readonly conflict: string };

/**
 * The labels that select the pods of a workload, and no others among the manifests that run as another service account
 * or serve other ports: a policy about them would allow more than the original.
 */
export function selectorOf(workload: Workload, mesh: OsmMesh): Selector {
  const { labels, namespace, selector, serviceAccount } = workload;
  const ports = JSON.stringify(mesh.ports.get(workload));
  const others = mesh.workloads.filter(
    (other) =>
      other.namespace === namespace &&
      (other.serviceAccount !== serviceAccount || JSON.stringify(mesh.ports.get(other)) !== ports),
  );
  const candidates = [selector, labels].filter(
    (one) => Object.keys(one).length > 0 && selects({ matchLabels: one }, labels),
  );
  const conflictOf = (candidate: Labels) =>
    others.find((other) => selects({ matchLabels: candidate }, other.labels));
  const found = candidates.find((candidate) => conflictOf(candidate) === undefined);
  if (found !== undefined) return { labels: found };
  const last = candidates.at(-1);
  return {
    conflict:
      last === undefined
        ? "its pods have no labels"
        : `the same labels select the pods of the ${conflictOf(last)?.subject ?? ""}`,
  };
}
