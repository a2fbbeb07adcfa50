import { textsOf } from "./workloads.ts";
import type { Workload } from "./workloads.ts";
import { injectionIn, isIgnored } from "./markers.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import { MONITORED_BY } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";

/** Whether the pods of a namespace get sidecars: all that say nothing else, only those that ask for it, or none. */
export type Injection = "all" | "some" | "none";

/** How OSM injects in a namespace. One that is not among the manifests is assumed to be as OSM's CLI makes it. */
export function injectionOf(mesh: OsmMesh, namespace: string): Injection {
  if (!mesh.members.includes(namespace)) return "none";
  const object = mesh.namespaces.get(namespace)?.object;
  if (object === undefined) return "all";
  if (isIgnored(textsOf(valueAt(object, "metadata", "labels")))) return "none";
  const labels = textsOf(valueAt(object, "metadata", "labels"));
  const said = injectionIn(textsOf(valueAt(object, "metadata", "annotations")));
  // Without the label, its manifest does not tell what the CLI has done.
  if (said === true || (said === undefined && !(MONITORED_BY in labels))) return "all";
  const asks = mesh.workloads.some(
    (one) => one.namespace === namespace && injectionIn(one.annotations) === true,
  );
  return asks ? "some" : "none";
}

/** Whether OSM gives the pods of a workload a sidecar. */
export function isInjected(
  mesh: OsmMesh,
  { namespace, annotations, hostNetwork }: Workload,
): boolean {
  const own = injectionIn(annotations);
  const injection = injectionOf(mesh, namespace);
  if (hostNetwork || injection === "none") return false;
  return own ?? injection === "all";
}
