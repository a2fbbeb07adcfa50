import type { Entry } from "../report.ts";
import type { OsmMesh } from "./osmMesh.ts";

/** Of the names of those in which OSM injects nothing. */
const OF_KUBERNETES = "kube-";

/** What is said of namespaces with workloads of which nothing tells whether they are in the mesh: its CLI may have labelled them. */
export function unknownNamespaces({ namespaces, members, workloads }: OsmMesh): readonly Entry[] {
  const first = new Map(
    workloads
      .toReversed()
      .filter(({ namespace }) => !namespaces.has(namespace) && !members.includes(namespace))
      .filter(({ namespace }) => !namespace.startsWith(OF_KUBERNETES))
      .map((workload) => [workload.namespace, workload] as const),
  );
  return [...first].map(([name, { manifest }]) => ({
    ...{ fate: "untranslated", subject: `Namespace ${name}`, becomes: [] },
    place: manifest.origin.at([]),
    message:
      "It is not among the manifests, and no policy of OSM names it, so whether it is in the mesh is not known. If it is, its pods would lose their sidecars.",
    fix: `Add it: kubectl get namespace ${name} -o yaml.`,
  }));
}
