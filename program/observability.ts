import type * as pulumi from "@pulumi/pulumi";
import { withTags } from "../components/azure/azureTags.ts";
import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { LogWorkspace } from "../components/observability/LogWorkspace.ts";
import { MeshObservability } from "../components/observability/MeshObservability.ts";
import type { Settings } from "../settings/schema.ts";

/** The stack's workspace for logs; undefined if observability is off. */
export function logWorkspace({
  location,
  cluster,
  observability,
  tags,
}: Settings): LogWorkspace | undefined {
  if (!observability.enabled) return undefined;
  return new LogWorkspace(
    "logs",
    {
      location,
      retentionInDays: observability.logs.retentionInDays,
      // Defender uses a workspace key. It writes to this workspace if no other one is set.
      disableLocalAuth: !cluster.defender || cluster.logAnalyticsWorkspaceId !== undefined,
      publicNetworkAccess: observability.publicNetworkAccess,
    },
    withTags(tags),
  );
}

/** Metrics, dashboards and traces; undefined if observability is off. */
export function meshObservability(
  { location, observability, tags }: Settings,
  { cluster, provider }: MeshCluster,
  adminGroupObjectId: pulumi.Input<string>,
  workspace: LogWorkspace | undefined,
): MeshObservability | undefined {
  if (workspace === undefined) return undefined;
  return new MeshObservability(
    "observability",
    { ...observability, location, workspace, cluster, adminGroupObjectId },
    { ...withTags(tags), provider },
  );
}
