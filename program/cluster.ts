import type * as pulumi from "@pulumi/pulumi";
import { withTags } from "../components/azure/azureTags.ts";
import { MeshCluster } from "../components/cluster/MeshCluster.ts";
import type { LogWorkspace } from "../components/observability/LogWorkspace.ts";
import { egressGatewayEntries } from "../mesh/egressPhases.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import { meshCertificates } from "./certificates.ts";
import { addOnGateways } from "./gateways.ts";

/** The cluster with its mesh, and with the vault of the mesh's CA if it has a plug-in CA. */
export function meshCluster(
  settings: Settings,
  plan: MeshPlan | undefined,
  adminGroupId: pulumi.Input<string>,
  logs: LogWorkspace | undefined,
): MeshCluster {
  const { location, cluster, gateways, certificates, observability, access, tags } = settings;
  const { logAnalyticsWorkspaceId: auditWorkspaceId } = cluster;
  const own = logs?.logAnalyticsWorkspaceId;
  return new MeshCluster(
    "mesh",
    {
      ...cluster,
      location,
      metrics: observability.enabled,
      containerLogsWorkspaceId: observability.logs.containers ? own : undefined,
      auditWorkspaceId,
      defenderWorkspaceId: cluster.defender ? (auditWorkspaceId ?? own) : undefined,
      revisions: plan?.revisions ?? "external",
      ingressGateways: addOnGateways(gateways.ingress),
      staticEgress: gateways.staticEgress,
      egressGateways: egressGatewayEntries(gateways.egress),
      certificates: certificates && {
        behindFirewall: certificates.network.defaultAction === "Deny",
        make: (nodes) => meshCertificates(certificates, settings, nodes),
      },
      adminGroupObjectIds: [adminGroupId],
      kubelogin: access.kubelogin,
    },
    withTags(tags),
  );
}
