import { planMesh } from "../../mesh/upgrade.ts";
import type { Wanted, WantedPool, WantedService } from "../../operate/preflight/wanted.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import type { Settings } from "../../settings/schema.ts";

/** The names of a stack, which are not among its settings. */
interface StackNames {
  readonly project: string;
  readonly stack: string;
  /** The cluster that it has created before, if the user says so. */
  readonly existingCluster: string | undefined;
}

/** What the deployment of a stack asks of Azure. */
export function wantedOf(
  settings: Settings,
  { project, stack, existingCluster }: StackNames,
): Wanted {
  const { location, cluster, mesh, namespaces, access } = settings;
  const { nodeSecurity, network } = cluster;
  const { revisions } = mesh;
  return {
    location,
    kubernetesVersion: cluster.kubernetesVersion,
    plan: cluster.supportPlan,
    revisions:
      revisions === "external"
        ? undefined
        : planMesh({ settings: revisions, namespaces: meshNamespaces(namespaces) }).revisions,
    pools: poolsOf(settings),
    zones: cluster.zones,
    encryptionAtHost: nodeSecurity.encryptionAtHost,
    trustedLaunch: nodeSecurity.secureBoot || nodeSecurity.vTPM,
    services: servicesOf(settings),
    features: [
      ...new Set([
        ...cluster.previewFeatures,
        ...(nodeSecurity.encryptionAtHost ? ["Microsoft.Compute/EncryptionAtHost"] : []),
      ]),
    ],
    resourceGroup: cluster.resourceGroup,
    clusterName: cluster.clusterName,
    existingCluster,
    grantsOn: grantsOf(settings),
    network: {
      podCidr: network.podCidr,
      serviceCidr: network.serviceCidr,
      subnets: network.subnets,
    },
    administrators:
      access.adminGroupId === undefined
        ? {
            groupName: `${project}-${stack}-administrators`,
            members: access.administrators,
          }
        : { groupId: access.adminGroupId },
  };
}

function poolsOf({ cluster, gateways }: Settings): readonly WantedPool[] {
  return [
    { ...cluster.systemPool, name: "system" },
    ...Object.entries(cluster.userPools).map(([name, pool]) => ({ ...pool, name })),
    ...Object.values(gateways.egress).map(({ pool }) => ({ ...pool, maxCount: pool.count })),
  ].map(({ name, vmSize, maxCount }) => ({ name, vmSize, maxCount }));
}

/** As docs/deploying.md lists them. */
function servicesOf({
  cluster,
  gateways,
  certificates,
  observability,
  gitops,
}: Settings): readonly WantedService[] {
  const { network } = cluster;
  const withStaticIP = gateways.ingress.External?.staticIP === true;
  const service = (
    name: string,
    types: readonly string[],
    setting?: string,
    withCluster = false,
  ): WantedService => ({
    namespace: `Microsoft.${name}`,
    types,
    withCluster,
    ...(setting === undefined ? {} : { setting }),
  });
  return [
    service("ContainerService", ["managedClusters"], undefined, true),
    service(
      "Network",
      [
        ...(network.subnets === undefined ? ["virtualNetworks"] : []),
        ...(network.outboundType === "userAssignedNATGateway" && network.subnets === undefined
          ? ["natGateways"]
          : []),
      ],
      undefined,
      true,
    ),
    ...(withStaticIP ? [service("Network", ["publicIPAddresses"], "staticIP")] : []),
    service("ManagedIdentity", ["userAssignedIdentities"], undefined, true),
    service("Authorization", []),
    service("PolicyInsights", []),
    ...(observability.enabled
      ? [
          service("Insights", ["components", "dataCollectionRules"], "observability"),
          service("OperationalInsights", ["workspaces"], "observability"),
          service("Monitor", ["accounts"], "observability"),
          service("Dashboard", ["grafana"], "observability"),
        ]
      : []),
    ...(gitops === undefined ? [] : [service("KubernetesConfiguration", [], "gitops")]),
    ...(certificates === undefined ? [] : [service("KeyVault", ["vaults"], "certificates")]),
    ...(cluster.defender ? [service("Security", [], "cluster.defender")] : []),
  ];
}

/** The existing resources that a stack uses, on each of which it assigns a role to an identity of the cluster. */
function grantsOf({ cluster, gateways, gitops }: Settings): readonly string[] {
  const { apiServer, network } = cluster;
  return [
    network.subnets?.nodes,
    network.subnets?.apiServer,
    apiServer.privateDnsZoneId,
    cluster.kms?.keyVaultId,
    gateways.keyVaultId,
    ...cluster.containerRegistryIds,
    ...(gitops === undefined ? [] : [gitops, ...Object.values(gitops.configurations)]).map(
      ({ azureBlob }) => azureBlob?.managedIdentity?.storageAccountId,
    ),
  ].filter((id) => id !== undefined);
}
