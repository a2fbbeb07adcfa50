import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess } from "./components/clusterAccess.ts";
import { FluxSource } from "./components/fluxSource.ts";
import { MeshCluster } from "./components/meshCluster.ts";
import { MeshConfiguration } from "./components/meshConfiguration.ts";
import { MeshNamespace } from "./components/meshNamespace.ts";
import { SampleWorkload } from "./components/sampleWorkload.ts";
import { followedRevision } from "./mesh/externalRevisions.ts";
import { planMesh } from "./mesh/upgrade.ts";
import { readSettings } from "./settings.ts";
import { meshNamespaces } from "./settings/namespaces.ts";

const { location, cluster, mesh, namespaces, workloads, gitops, access } = readSettings();
const environment = pulumi.getStack();
const plan =
  mesh.revisions === "external"
    ? undefined
    : planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(namespaces) });

const clusterAccess = new ClusterAccess("access", {
  groupName: `${pulumi.getProject()}-${environment}-administrators`,
  administrators: access.administrators,
});

const meshCluster = new MeshCluster("mesh", {
  ...cluster,
  location,
  auditWorkspaceId: cluster.logAnalyticsWorkspaceId,
  defenderWorkspaceId: cluster.defender ? cluster.logAnalyticsWorkspaceId : undefined,
  revisions: plan?.revisions ?? "external",
  ingressGateways: mesh.ingressGateways,
  adminGroupObjectIds: [clusterAccess.adminGroupObjectId],
  kubelogin: access.kubelogin,
});
// What is in the cluster goes with it.
const inCluster = { provider: meshCluster.provider, deletedWith: meshCluster.cluster };

const meshConfiguration = new MeshConfiguration(
  "mesh",
  { ...mesh, configMaps: plan?.configMaps ?? [] },
  inCluster,
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

const samples = Object.entries(workloads).flatMap(([name, workload]) => {
  const namespace = madeNamespaces.get(workload.namespace);
  return namespace === undefined ? [] : [new SampleWorkload(name, { namespace }, inCluster)];
});

if (gitops !== undefined) {
  new FluxSource(
    "gitops",
    {
      ...gitops,
      cluster: meshCluster,
      environment,
      revision: plan?.defaultLabel ?? followed,
    },
    { dependsOn: meshConfiguration, deletedWith: meshCluster.cluster },
  );
}

export const resourceGroupName = meshCluster.resourceGroupName;
export const clusterName = meshCluster.cluster.name;
export const kubeconfig = meshCluster.kubeconfig;
export const meshRevisions = meshCluster.revisions;
export const sampleUrls = samples.map((sample) => sample.frontendUrl);
