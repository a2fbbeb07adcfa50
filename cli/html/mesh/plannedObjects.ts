import type { PlannedCluster } from "../../../check/plannedClusters.ts";
import type { PlannedPart } from "../../../check/context.ts";
import { isUnknownText } from "../../../manifests/unknownText.ts";
import type { Urn } from "../../../offline/plan/urn.ts";
import { textAt } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { plannedObject } from "../../explain/plannedObjects.ts";

/** An object of a plan, and the resource that it is. */
export interface PlannedObject {
  readonly object: ClusterObject;
  readonly urn: Urn;
}

const UNKNOWN_NAMESPACE = "not known";

/** Kinds that are in no namespace, of those that the picture shows. */
const CLUSTER_WIDE: readonly string[] = ["Namespace"];

/** The objects of a cluster, each in the namespace that the provider creates it in. */
export function objectsOf(
  { objects }: PlannedCluster,
  parts: ReadonlyMap<Urn, PlannedPart>,
): readonly PlannedObject[] {
  return objects.flatMap((part) => {
    const object = plannedObject(asObject(part));
    if (object === undefined) return [];
    if (CLUSTER_WIDE.includes(object.kind)) return [{ object, urn: part.urn }];
    const { provider = "" } = part;
    const maker = parts.get(provider.slice(0, Math.max(0, provider.lastIndexOf("::"))));
    const written = object.metadata.namespace ?? textAt(maker?.inputs, "namespace") ?? "default";
    const namespace = isUnknownText(written) ? UNKNOWN_NAMESPACE : written;
    return [{ object: { ...object, metadata: { ...object.metadata, namespace } }, urn: part.urn }];
  });
}

/** A patch of a namespace says which labels it has. */
function asObject(part: PlannedPart): PlannedPart {
  return part.type === "kubernetes:core/v1:NamespacePatch"
    ? { ...part, type: "kubernetes:core/v1:Namespace" }
    : part;
}
