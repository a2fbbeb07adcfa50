import { accessGroup } from "./program/access.ts";
import { meshCertificates } from "./program/certificates.ts";
import { meshCluster } from "./program/cluster.ts";
import { egressGateways, ingressGateways } from "./program/gateways.ts";
import { fluxSource } from "./program/gitops.ts";
import { meshConfiguration } from "./program/mesh.ts";
import { meshNamespaces } from "./program/namespaces.ts";
import { logWorkspace, meshObservability } from "./program/observability.ts";
import { readSettings } from "./program/readSettings.ts";
import { meshPlan } from "./program/meshPlan.ts";
import { sampleWorkloads } from "./program/samples.ts";

const settings = readSettings();
const { certificates } = settings;

const outputs = certificates?.phase === "vault" ? vaultStack(certificates) : meshStack();

// Not an export each: the SDK warns about every output that is undefined.
module.exports = Object.fromEntries(
  Object.entries(outputs).filter(([, output]) => output !== undefined),
);

/** Only the vault, until its owner has put the CA into it: the cluster reads the CA when it is created. */
function vaultStack(ca: NonNullable<typeof certificates>): Partial<ReturnType<typeof meshStack>> {
  return { certificateVault: meshCertificates(ca, settings).vault };
}

function meshStack() {
  const plan = meshPlan(settings);
  const adminGroupId = accessGroup(settings);
  const logs = logWorkspace(settings);
  const cluster = meshCluster(settings, plan, adminGroupId, logs);
  const mesh = meshConfiguration(settings, plan, cluster);
  const namespaces = meshNamespaces(settings, plan, cluster, mesh);
  const samples = sampleWorkloads(settings, cluster, namespaces);
  const ingress = ingressGateways(settings, plan, cluster, mesh, namespaces);
  const egress = egressGateways(settings, cluster, mesh, namespaces);
  const observability = meshObservability(settings, cluster, adminGroupId, logs);
  const flux = fluxSource(settings, plan, cluster, mesh, namespaces);

  return {
    resourceGroupName: cluster.resourceGroupName,
    clusterName: cluster.cluster.name,
    kubeconfig: cluster.kubeconfig,
    oidcIssuerUrl: cluster.oidcIssuerUrl,
    kubeletIdentity: cluster.kubeletIdentity,
    nodeResourceGroupName: cluster.nodeResourceGroupName,
    nodeSubnetId: cluster.pools.subnetId,
    meshRevisions: cluster.revisions,
    sampleUrls: samples.map(({ frontendUrl }) => frontendUrl),
    ingressAddresses: addressesOf(ingress, ({ address }) => address),
    egressAddresses: addressesOf(egress, ({ egressIpPrefix }) => egressIpPrefix),
    grafanaUrl: observability?.grafanaEndpoint,
    azureMonitorWorkspaceId: observability?.azureMonitorWorkspaceId,
    applicationInsightsConnectionString: observability?.applicationInsightsConnectionString,
    certificateVault: cluster.certificates?.vault,
    fluxCompliance: flux?.complianceStates,
    fluxPrincipalId: flux?.principalId,
  };
}

function addressesOf<Gateway, Address>(
  gateways: ReadonlyMap<string, Gateway>,
  addressOf: (gateway: Gateway) => Address,
): Record<string, Address> {
  return Object.fromEntries([...gateways].map(([name, gateway]) => [name, addressOf(gateway)]));
}
