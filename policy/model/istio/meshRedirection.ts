import type { ProxyRedirection } from "../../../mesh/redirection.ts";
import { defaultRedirection } from "../../../mesh/redirection.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import { AksCluster } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { revisionsOf } from "./revisionLabel.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * How a cluster redirects traffic into the sidecars of a namespace: as the cluster shows, otherwise as the configuration
 * states, otherwise as its revisions do by default. If AKS chooses those, the revision that the namespace wants counts.
 */
export function redirectionOf(
  cluster: Cluster,
  stack: Stack,
  { otherwise, wanted }: { otherwise: ProxyRedirection | undefined; wanted: string | Unknown },
): Read<ProxyRedirection> {
  const said = cluster instanceof AksCluster ? cluster.redirection : undefined;
  if (said !== undefined) return said;
  if (otherwise !== undefined) return otherwise;
  const revisions = revisionsOf(cluster, stack) ?? [wanted];
  if (revisions instanceof Unknown) return revisions;
  const known = revisions.filter((revision) => typeof revision === "string");
  return (
    defaultRedirection(known.filter(isMeshRevision)) ??
    revisions.find((revision) => revision instanceof Unknown)
  );
}
