import { clusters } from "./cluster.ts";
import type { AksCluster } from "./cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Resource, TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The fields in which resources name their cluster, by name or by ID. */
const OWNERS = [
  "resourceName",
  "clusterName",
  "clusterId",
  "kubernetesClusterId",
  "resourceUri",
  "targetResourceId",
  "properties.metadata.resourceId",
] as const;

/** The resources of a kind that belong to a cluster, or may because its name is not known before it exists. */
export function partsOf<Part extends Target>(
  cluster: AksCluster,
  kind: TargetKind<Part>,
  stack: Stack,
): readonly Part[] {
  return stack.all(kind).filter(({ resource }) => mayBelongTo(cluster, resource, stack));
}

export function mayBelongTo(
  cluster: AksCluster,
  resource: Resource,
  stack: Pick<Stack, "origins">,
): boolean {
  const place = OWNERS.map((owner) => resource.inputs.at(...owner.split("."))).find(
    (one) => one.read() !== undefined,
  );
  const said = place?.text();
  if (place === undefined || said === undefined) return true;
  if (said instanceof Unknown) {
    const [property = ""] = place.path.split(".");
    const origins = stack.origins(resource, property, clusters);
    return origins.length === 0 || origins.some((one) => one.resource.urn === cluster.resource.urn);
  }
  const own = cluster.at("name").text();
  const named = nameIn(place, said)?.toLowerCase();
  return named !== undefined && (typeof own !== "string" || named === own.toLowerCase());
}

/** The name of the cluster; undefined for the ID of another kind of resource. */
function nameIn({ path }: Cursor, said: string): string | undefined {
  return path.endsWith("Name") ? said : /\/managedClusters\/([^/]+)$/i.exec(said)?.[1];
}
