import { z } from "zod";
import { isLabelKey, isLabelValue } from "../core/labels.ts";
import {
  IPv4Range,
  KubernetesVersion,
  LabelValue,
  NodeCount,
  Plan,
  VmSize,
  keys,
  list,
  text,
} from "../core/scalars.ts";
import { Maintenance } from "./maintenance.ts";
import { Network } from "./network.ts";
import {
  ContainerRegistryId,
  KeyVaultId,
  LogAnalyticsWorkspaceId,
  PrivateDnsZoneId,
} from "../core/resourceIds.ts";

export const Tier = z.enum(["Free", "Standard", "Premium"]);

export const ApiServerAccess = z.enum(["public", "vnet-integrated", "private"]).default("public");

const ApiServer = keys(
  {
    access: ApiServerAccess,
    /** An empty list lets every address reach the API server: an opening that somebody has to type. */
    authorizedIPRanges: list(IPv4Range).optional(),
    privateDnsZoneId: PrivateDnsZoneId.optional(),
  },
  "must say in authorizedIPRanges which IPv4 ranges may reach the API server",
).transform(({ authorizedIPRanges, ...rest }) => ({
  ...rest,
  // A private one is on no network that has such ranges; `authorizedRanges` wants them for any other.
  authorizedIPRanges: authorizedIPRanges ?? [],
}));

const TAINT_RULE = "must be a taint, <key>=<value>:<effect>, such as sku=gpu:NoSchedule";
const Taint = text(TAINT_RULE).refine(isTaint, { error: TAINT_RULE });

function isTaint(text: string): boolean {
  const [, key = "", value = "", effect = ""] = /^([^=]+)=([^:]*):(.+)$/.exec(text) ?? [];
  return (
    isLabelKey(key) &&
    isLabelValue(value) &&
    ["NoSchedule", "PreferNoSchedule", "NoExecute"].includes(effect)
  );
}

const size = { vmSize: VmSize.default("Standard_D4ds_v5") };

export const SYSTEM_POOL_SIZE = {
  minCount: NodeCount.min(1).default(3),
  maxCount: NodeCount.min(1).default(5),
};

const SystemPool = keys({ ...size, ...SYSTEM_POOL_SIZE });

export const USER_POOL_SIZE = {
  minCount: NodeCount.min(0).default(3),
  maxCount: NodeCount.min(1).default(10),
};

const UserPool = keys({
  ...size,
  ...USER_POOL_SIZE,
  labels: z.record(z.string(), LabelValue).default({}),
  taints: list(Taint).default([]),
});

const NodeSecurity = keys({
  secureBoot: z.boolean().default(true),
  vTPM: z.boolean().default(true),
  /** Off, because a subscription has to have its feature registered first. */
  encryptionAtHost: z.boolean().default(false),
});

const AutoUpgrade = keys({
  /** Not on to new versions: they may run none of the mesh's revisions. */
  upgradeChannel: z.enum(["patch", "stable", "rapid", "none"]).default("patch"),
  nodeOSUpgradeChannel: z.enum(["NodeImage", "SecurityPatch", "None"]).default("NodeImage"),
});

const KEY_RULE =
  "must be a key in Key Vault with its version, https://<vault>.vault.azure.net/keys/<name>/<version>";
export const KeyId = text(KEY_RULE).regex(
  /^https:\/\/[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.[a-z.]+\/keys\/[a-z0-9-]{1,127}\/[0-9a-f]{32}$/i,
  { error: KEY_RULE },
);

export const KeyVaultNetworkAccess = z.enum(["Private", "Public"]).default("Private");

const Kms = keys({
  keyId: KeyId,
  keyVaultId: KeyVaultId,
  keyVaultNetworkAccess: KeyVaultNetworkAccess,
});

const FEATURE_RULE =
  "must be a preview feature as az feature list prints it, such as Microsoft.Compute/EncryptionAtHost";
const Feature = text(FEATURE_RULE).regex(/^Microsoft\.[A-Za-z.]+\/[\w.-]+$/, {
  error: FEATURE_RULE,
});

/** @see https://learn.microsoft.com/azure/aks/aks-resource-naming */
const CLUSTER_NAME_RULE =
  "must be the name of the cluster: up to 54 letters, digits and hyphens, with a letter or digit at both ends";

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
const RESOURCE_GROUP_RULE =
  "must be the name of a resource group that is there: up to 90 letters, digits, . _ - ( and ), not ending with a period";

/** The key `aks-istio:cluster`. */
export const Cluster = keys({
  /** Also the beginning of the API server's domain name, which takes 54 characters. */
  name: text(CLUSTER_NAME_RULE)
    .regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/, { error: CLUSTER_NAME_RULE })
    .optional(),
  resourceGroup: text(RESOURCE_GROUP_RULE)
    .regex(/^[\w.()-]{0,89}[\w()-]$/, { error: RESOURCE_GROUP_RULE })
    .optional(),
  containerRegistryIds: list(ContainerRegistryId).default([]),
  kubernetesVersion: KubernetesVersion,
  supportPlan: Plan.default("KubernetesOfficial"),
  tier: Tier.optional(),
  apiServer: ApiServer,
  network: Network.prefault({}),
  /** Empty in a region that has no availability zones. */
  zones: list(z.enum(["1", "2", "3"])).default(["1", "2", "3"]),
  systemPool: SystemPool.prefault({}),
  userPools: z.record(z.string(), UserPool).prefault({ apps: {} }),
  nodeSecurity: NodeSecurity.prefault({}),
  autoUpgrade: AutoUpgrade.prefault({}),
  maintenance: Maintenance.prefault({}),
  kms: Kms.optional(),
  defender: z.boolean().default(false),
  /** Of the organization, for what Defender and auditors want to see; without it Defender takes the stack's own. */
  logAnalyticsWorkspaceId: LogAnalyticsWorkspaceId.optional(),
  previewFeatures: list(Feature).default([]),
  protect: z.boolean().default(true),
}).transform(({ name, tier, supportPlan, ...rest }) => ({
  ...rest,
  clusterName: name,
  supportPlan,
  tier: tier ?? (supportPlan === "AKSLongTermSupport" ? "Premium" : "Standard"),
}));
