import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess } from "./components/clusterAccess.ts";
import { FluxSource } from "./components/fluxSource.ts";
import { MeshCluster } from "./components/meshCluster.ts";
import { MeshNamespace } from "./components/meshNamespace.ts";
import { SampleWorkload } from "./components/sampleWorkload.ts";
import { readSettings } from "./settings.ts";

const { location, cluster, mesh, namespaces, workloads, gitops, access } = readSettings();
const environment = pulumi.getStack();

const clusterAccess = new ClusterAccess("access", {
  groupName: `${pulumi.getProject()}-${environment}-administrators`,
  administrators: access.administrators,
});

const meshCluster = new MeshCluster("mesh", {
  ...cluster,
  location,
  authorizedIPRanges: cluster.apiServer.authorizedIPRanges,
  revisions: [mesh.revision],
  ingressGateways: mesh.ingressGateways,
  adminGroupObjectIds: [clusterAccess.adminGroupObjectId],
  kubelogin: access.kubelogin,
});
const inCluster = { provider: meshCluster.provider };

const meshNamespaces = new Map(
  Object.entries(namespaces).map(([name, { mesh: joined, podSecurity }]) => [
    name,
    new MeshNamespace(name, { mesh: joined ? mesh.revision : "outside", podSecurity }, inCluster),
  ]),
);

const samples = Object.entries(workloads).flatMap(([name, workload]) => {
  const namespace = meshNamespaces.get(workload.namespace);
  return namespace === undefined ? [] : [new SampleWorkload(name, { namespace }, inCluster)];
});

if (gitops !== undefined) {
  new FluxSource("gitops", {
    ...gitops,
    cluster: meshCluster,
    environment,
    revision: mesh.revision,
  });
}

export const resourceGroupName = meshCluster.resourceGroupName;
export const clusterName = meshCluster.cluster.name;
export const kubeconfig = meshCluster.kubeconfig;
export const meshRevisions = meshCluster.revisions;
export const sampleUrls = samples.map((sample) => sample.frontendUrl);
