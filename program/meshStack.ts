import * as pulumi from "@pulumi/pulumi";
import { tagging } from "../components/azure/azureTags.ts";
import { ClusterAccess } from "../components/access/ClusterAccess.ts";
import type { NodeOrigin } from "../components/cluster/clusterNetwork.ts";
import { EgressGateway } from "../components/egress/EgressGateway.ts";
import { FluxSource } from "../components/gitops/FluxSource.ts";
import { LogWorkspace } from "../components/observability/LogWorkspace.ts";
import { MeshCertificates } from "../components/mesh/MeshCertificates.ts";
import { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import { MeshNamespace } from "../components/mesh/MeshNamespace.ts";
import { MeshObservability } from "../components/observability/MeshObservability.ts";
import { SampleWorkload } from "../components/samples/SampleWorkload.ts";
import { egressGatewayEntries } from "../mesh/egressPhases.ts";
import { followedRevision } from "../mesh/externalRevisions.ts";
import { planMesh } from "../mesh/upgrade.ts";
import { meshNamespaces } from "../settings/namespaces/namespaces.ts";
import type { Settings } from "../settings/parse.ts";
import { addOnGateways, ingressGateways, ingressNamespaces, named } from "./gateways.ts";

/** The vault with the CA of the mesh, by itself in the phase `vault`. */
export function meshCertificates(
  certificates: NonNullable<Settings["certificates"]>,
  { location, tags }: Pick<Settings, "location" | "tags">,
  nodes?: NodeOrigin,
): MeshCertificates {
  return new MeshCertificates("mesh-ca", { ...certificates, location, nodes }, tagging(tags));
}

/** Makes the cluster with its mesh and all that belongs to it; gives the outputs of the stack. */
export function meshStack(settings: Settings) {
  const {
    location,
    cluster,
    mesh,
    namespaces,
    gateways,
    certificates,
    observability,
    gitops,
    access,
  } = settings;
  const environment = pulumi.getStack();
  const plan =
    mesh.revisions === "external"
      ? undefined
      : planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(namespaces) });

  const tagged = tagging(settings.tags);

  const adminGroupObjectId =
    access.adminGroupId ??
    new ClusterAccess("access", {
      groupName: `${pulumi.getProject()}-${environment}-administrators`,
      administrators: access.administrators,
    }).adminGroupObjectId;

  const { logAnalyticsWorkspaceId: auditWorkspaceId } = cluster;
  const logs = observability.enabled
    ? new LogWorkspace(
        "logs",
        {
          location,
          retentionInDays: observability.logs.retentionInDays,
          // Defender writes with the key of its workspace, which is this one where there is no other.
          disableLocalAuth: !cluster.defender || auditWorkspaceId !== undefined,
          publicNetworkAccess: observability.publicNetworkAccess,
        },
        tagged,
      )
    : undefined;

  const meshCluster = new MeshCluster(
    "mesh",
    {
      ...cluster,
      location,
      metrics: observability.enabled,
      containerLogsWorkspaceId: observability.logs.containers
        ? logs?.logAnalyticsWorkspaceId
        : undefined,
      auditWorkspaceId,
      defenderWorkspaceId: cluster.defender
        ? (auditWorkspaceId ?? logs?.logAnalyticsWorkspaceId)
        : undefined,
      revisions: plan?.revisions ?? "external",
      ingressGateways: addOnGateways(gateways.ingress),
      staticEgress: gateways.staticEgress,
      egressGateways: egressGatewayEntries(gateways.egress),
      certificates: certificates && {
        behindFirewall: certificates.network.defaultAction === "Deny",
        make: (nodes) => meshCertificates(certificates, settings, nodes),
      },
      adminGroupObjectIds: [adminGroupObjectId],
      kubelogin: access.kubelogin,
    },
    tagged,
  );
  // What is in the cluster goes with it.
  const inCluster = { ...tagged, provider: meshCluster.provider, deletedWith: meshCluster.cluster };

  const meshConfiguration = new MeshConfiguration(
    "mesh",
    { ...mesh, configMaps: plan?.configMaps ?? [] },
    // The control plane waits until it may read its CA, and what is in the mesh for the control plane.
    { ...inCluster, dependsOn: meshCluster.certificates?.letRead(meshCluster.cluster) ?? [] },
  );
  // A sidecar is made with what the mesh is configured with by then.
  const inMesh = { ...inCluster, dependsOn: meshConfiguration };
  const followed = meshCluster.revisions.apply(followedRevision);

  const madeNamespaces = new Map(
    Object.entries(namespaces).map(([name, { mesh: joined, ...rest }]) => {
      const label = plan?.labels[name] ?? followed;
      return [name, new MeshNamespace(name, { ...rest, mesh: joined ? label : "outside" }, inMesh)];
    }),
  );

  const samples = Object.entries(settings.workloads).map(
    ([name, { namespace }]) =>
      new SampleWorkload(
        name,
        {
          namespace: named(madeNamespaces, namespace),
          gatewayNamespaces: ingressNamespaces(gateways.ingress),
        },
        inCluster,
      ),
  );

  const ingress = ingressGateways(
    gateways,
    {
      cluster: meshCluster,
      namespaces: madeNamespaces,
      revisions: plan?.revisions ?? [],
      zones: cluster.zones,
    },
    { ...tagged, provider: meshCluster.provider, dependsOn: meshConfiguration },
  );
  const egress = Object.entries(gateways.egress).map(([name, { namespace, ...rest }]) => {
    const args = { ...rest, cluster: meshCluster, namespace: named(madeNamespaces, namespace) };
    return [name, new EgressGateway(name, args, inMesh)] as const;
  });

  const observed =
    logs &&
    new MeshObservability(
      "observability",
      {
        ...observability,
        location,
        workspace: logs,
        cluster: meshCluster.cluster,
        adminGroupObjectId,
      },
      { ...tagged, provider: meshCluster.provider },
    );

  if (gitops !== undefined) {
    new FluxSource(
      "gitops",
      {
        ...gitops,
        cluster: meshCluster,
        revision: plan?.defaultLabel ?? followed,
      },
      { dependsOn: meshConfiguration, deletedWith: meshCluster.cluster },
    );
  }

  return {
    resourceGroupName: meshCluster.resourceGroupName,
    clusterName: meshCluster.cluster.name,
    kubeconfig: meshCluster.kubeconfig,
    oidcIssuerUrl: meshCluster.oidcIssuerUrl,
    kubeletIdentity: meshCluster.kubeletIdentity,
    nodeResourceGroupName: meshCluster.nodeResourceGroupName,
    nodeSubnetId: meshCluster.pools.subnetId,
    meshRevisions: meshCluster.revisions,
    sampleUrls: samples.map((sample) => sample.frontendUrl),
    ingressAddresses: Object.fromEntries(
      [...ingress].map(([name, { address }]) => [name, address]),
    ),
    egressAddresses: Object.fromEntries(
      egress.map(([name, { egressIpPrefix }]) => [name, egressIpPrefix]),
    ),
    grafanaUrl: observed?.grafanaEndpoint,
    azureMonitorWorkspaceId: observed?.azureMonitorWorkspaceId,
    applicationInsightsConnectionString: observed?.applicationInsightsConnectionString,
    certificates: meshCluster.certificates,
  };
}
