import { catalog } from "../../../mesh/catalog.ts";
import { upgradeTargets } from "../../../mesh/support.ts";
import { offeredOn } from "../../../rehearsal/azure/offeredRevisions.ts";

export const SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
export const PRINCIPAL = "22222222-2222-2222-2222-222222222222";
export const ADMIN_GROUP = "33333333-3333-3333-3333-333333333333";

/** What the stand-in for Azure knows. Tests change it; every value is in the form in which Azure answers it. */
export interface World {
  subscriptions: Subscription[];
  /** By namespace. */
  providers: Record<string, Provider>;
  /** States by the features' names. */
  features: Record<string, string>;
  /** The roles of the principal. */
  roles: Role[];
  revisions: MeshRevision[];
  kubernetes: KubernetesVersion[];
  skus: Sku[];
  usages: Usage[];
  /** Regions by the names of resource groups. */
  groups: Record<string, string>;
  clusters: Cluster[];
  /** The bodies of resources, by their IDs. */
  resources: Record<string, object>;
  /** What the mesh of a cluster can be upgraded to, by its name. */
  meshUpgrades: Record<string, MeshRevision>;
  directory: DirectoryGroup[];
}

/** @see https://learn.microsoft.com/rest/api/resources/subscriptions/get */
interface Subscription {
  subscriptionId: string;
  displayName: string;
  state: string;
}

/** @see https://learn.microsoft.com/rest/api/resources/providers/get */
interface Provider {
  registrationState: string;
  resourceTypes: { resourceType: string; locations: string[] }[];
}

/** @see https://learn.microsoft.com/rest/api/authorization/role-definitions/get-by-id */
interface Role {
  roleName: string;
  actions: string[];
  notActions: string[];
  scope: string;
  condition?: string;
}

/** @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get-mesh-revision-profile */
interface MeshRevision {
  revision: string;
  upgrades: string[];
  compatibleWith: { name: string; versions: string[] }[];
}

/** @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions */
interface KubernetesVersion {
  version: string;
  isPreview?: boolean;
  capabilities: { supportPlan: string[] };
}

/** @see https://learn.microsoft.com/rest/api/compute/resource-skus/list */
interface Sku {
  name: string;
  resourceType: string;
  family: string;
  locationInfo: { location: string; zones: string[] }[];
  capabilities: { name: string; value: string }[];
  restrictions: {
    type: "Location" | "Zone";
    values: string[];
    restrictionInfo: { locations: string[]; zones?: string[] };
    reasonCode: string;
  }[];
}

/** @see https://learn.microsoft.com/rest/api/compute/usage/list */
interface Usage {
  unit: "Count";
  currentValue: number;
  limit: number;
  name: { value: string; localizedValue: string };
}

/** @see https://learn.microsoft.com/rest/api/aks/managed-clusters/get */
interface Cluster {
  id: string;
  name: string;
  location: string;
  type: "Microsoft.ContainerService/ManagedClusters";
  tags?: Record<string, string>;
  properties: Record<string, unknown>;
}

/** @see https://learn.microsoft.com/graph/api/group-get */
interface DirectoryGroup {
  id: string;
  displayName: string;
  members: string[];
}

/** The day of the newest facts about revisions. */
export const TODAY = "2026-08-21";

const FAMILY = "standardDDSv5Family";

/** A subscription in which the stack of the tests can be deployed to West Europe. */
export function healthyWorld(): World {
  return {
    subscriptions: [{ subscriptionId: SUBSCRIPTION, displayName: "Shop", state: "Enabled" }],
    providers: Object.fromEntries(
      Object.entries(RESOURCE_TYPES).map(([namespace, types]) => [
        namespace,
        {
          registrationState: "Registered",
          resourceTypes: types.map((resourceType) => ({
            resourceType,
            locations: ["West Europe", "North Europe"],
          })),
        },
      ]),
    ),
    features: { "Microsoft.Compute/EncryptionAtHost": "Registered" },
    roles: [
      {
        roleName: "Owner",
        actions: ["*"],
        notActions: [],
        scope: `/subscriptions/${SUBSCRIPTION}`,
      },
    ],
    revisions: offeredOn(TODAY).map((revision) => ({
      revision,
      upgrades: [...upgradeTargets(revision, TODAY).certain],
      compatibleWith: compatibleWith(revision),
    })),
    kubernetes: ["1.33", "1.34", "1.35", "1.36"].map((version) => ({
      version,
      capabilities: { supportPlan: ["KubernetesOfficial", "AKSLongTermSupport"] },
    })),
    skus: [vmSku("Standard_D4ds_v5", FAMILY, 4), vmSku("Standard_D8ds_v5", FAMILY, 8)],
    usages: [
      usage("cores", "Total Regional vCPUs", 0, 350),
      usage(FAMILY, "Standard DDSv5 Family vCPUs", 0, 140),
    ],
    groups: {},
    clusters: [],
    resources: {},
    meshUpgrades: {},
    directory: [{ id: ADMIN_GROUP, displayName: "Platform administrators", members: [PRINCIPAL] }],
  };
}

/** The resource types of the program, by their provider. */
const RESOURCE_TYPES: Readonly<Record<string, readonly string[]>> = {
  "Microsoft.ContainerService": ["managedClusters"],
  "Microsoft.Network": ["virtualNetworks", "publicIPAddresses", "natGateways"],
  "Microsoft.ManagedIdentity": ["userAssignedIdentities"],
  "Microsoft.Authorization": ["roleAssignments"],
  "Microsoft.PolicyInsights": ["policyStates"],
  "Microsoft.Insights": ["components", "dataCollectionRules"],
  "Microsoft.OperationalInsights": ["workspaces"],
  "Microsoft.Monitor": ["accounts"],
  "Microsoft.Dashboard": ["grafana"],
  "Microsoft.KubernetesConfiguration": ["extensions", "fluxConfigurations"],
  "Microsoft.KeyVault": ["vaults"],
  "Microsoft.Security": ["pricings"],
  "Microsoft.Compute": ["virtualMachineScaleSets"],
};

function compatibleWith(revision: string): MeshRevision["compatibleWith"] {
  const { kubernetes } = catalog.revisions.find((entry) => entry.revision === revision) ?? {};
  return Object.entries(kubernetes ?? {}).map(([name, { oldest, newest }]) => {
    const [from, to] = [oldest, newest].map((version) => Number(version.split(".")[1])) as [
      number,
      number,
    ];
    const versions = Array.from({ length: to - from + 1 }, (_, i) => `1.${from + i}`);
    return { name, versions };
  });
}

export function vmSku(name: string, family: string, vCPUs: number): Sku {
  return {
    name,
    resourceType: "virtualMachines",
    family,
    locationInfo: [{ location: "westeurope", zones: ["1", "2", "3"] }],
    capabilities: [
      { name: "vCPUs", value: String(vCPUs) },
      { name: "HyperVGenerations", value: "V1,V2" },
      { name: "EncryptionAtHostSupported", value: "True" },
    ],
    restrictions: [],
  };
}

export function usage(value: string, localizedValue: string, used: number, limit: number): Usage {
  return { unit: "Count", currentValue: used, limit, name: { value, localizedValue } };
}

/** A cluster in ARM's own form. */
export function cluster(
  resourceGroup: string,
  name: string,
  properties: Record<string, unknown>,
): Cluster {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    name,
    location: "westeurope",
    type: "Microsoft.ContainerService/ManagedClusters",
    properties: { provisioningState: "Succeeded", ...properties },
  };
}
