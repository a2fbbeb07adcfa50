import { z } from "zod";
import { isLabelKey, isLabelValue } from "../core/labels.ts";
import {
  IPv4Range,
  KubernetesVersion,
  LabelValue,
  Plan,
  VmSize,
  keys,
  list,
  text,
} from "../core/scalars.ts";
import { wholeNumber } from "../core/numbers.ts";
import { variants } from "../core/unions.ts";
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

const ONLY_PRIVATE = (access: string) =>
  `does not apply with access: ${access}; remove it, or make the API server private`;

const REQUIRED_RANGES = {
  required:
    "must list the IPv4 ranges that may reach the API server, or be [] to allow every address",
} as const;

const ApiServer = variants(
  keys(
    {
      access: ApiServerAccess.describe(
        "How clients reach the API server: at a public address, at a public address of an API server in the virtual network, or from the virtual network only.",
      ),
      authorizedIPRanges: list(IPv4Range)
        .optional()
        .describe(
          "The public IPv4 ranges that may reach the API server, up to 200. Required unless access is private, which does not allow it. [] allows every address.",
        ),
      privateDnsZoneId: PrivateDnsZoneId.optional().describe(
        "The private DNS zone of a private API server: private.<region>.azmk8s.io or a subzone of it. Without it, AKS creates the zone.",
      ),
    },
    "must have authorizedIPRanges, the IPv4 ranges that may reach the API server",
  ),
  "access",
  {
    public: {
      authorizedIPRanges: REQUIRED_RANGES,
      privateDnsZoneId: { excluded: ONLY_PRIVATE("public") },
    },
    "vnet-integrated": {
      authorizedIPRanges: REQUIRED_RANGES,
      privateDnsZoneId: { excluded: ONLY_PRIVATE("vnet-integrated") },
    },
    private: {
      authorizedIPRanges: {
        excluded: "does not apply with access: private, which has no public address; remove it",
      },
    },
  },
);

const TAINT_RULE = "must be a taint, <key>=<value>:<effect>, such as sku=gpu:NoSchedule";
const Taint = text(TAINT_RULE)
  .refine(isTaint, { error: TAINT_RULE })
  .meta({ examples: ["sku=gpu:NoSchedule"] });

function isTaint(text: string): boolean {
  const [, key = "", value = "", effect = ""] = /^([^=]+)=([^:]*):(.+)$/.exec(text) ?? [];
  return (
    isLabelKey(key) &&
    isLabelValue(value) &&
    ["NoSchedule", "PreferNoSchedule", "NoExecute"].includes(effect)
  );
}

const size = {
  vmSize: VmSize.default("Standard_D4ds_v5").describe(
    "The VM size of the pool's nodes. A cluster cannot change it in place.",
  ),
};

/** The maximum of AKS for a pool. */
const MAX_NODES = 1000;

const minCount = (minimum: number) =>
  wholeNumber("the minimum number of nodes", minimum, MAX_NODES);
const maxCount = wholeNumber("the maximum number of nodes", 1, MAX_NODES);

const MIN_COUNT = "The minimum number of nodes to which the cluster autoscaler scales the pool.";
const MAX_COUNT = "The maximum number of nodes to which the cluster autoscaler scales the pool.";

export const SYSTEM_POOL_SIZE = {
  minCount: minCount(1).default(3).describe(MIN_COUNT),
  maxCount: maxCount.default(5).describe(MAX_COUNT),
};

const SystemPool = keys({ ...size, ...SYSTEM_POOL_SIZE });

export const USER_POOL_SIZE = {
  minCount: minCount(0).default(3).describe(MIN_COUNT),
  maxCount: maxCount.default(10).describe(MAX_COUNT),
};

const UserPool = keys({
  ...size,
  ...USER_POOL_SIZE,
  labels: z
    .record(z.string(), LabelValue.describe("The value of the label."))
    .default({})
    .meta({ examples: [{ workload: "batch" }] })
    .describe("Kubernetes labels of the pool's nodes, by key."),
  taints: list(Taint)
    .default([])
    .describe("Taints of the pool's nodes, each written <key>=<value>:<effect>."),
});

const NodeSecurity = keys({
  secureBoot: z
    .boolean()
    .default(true)
    .describe("Whether nodes start only signed boot components."),
  vTPM: z.boolean().default(true).describe("Whether each node has a virtual TPM."),
  // Off by default, because the subscription must first register the feature.
  encryptionAtHost: z
    .boolean()
    .default(false)
    .describe(
      "Whether the hosts encrypt the temporary disks and caches of nodes. Requires the feature Microsoft.Compute/EncryptionAtHost in the subscription.",
    ),
});

const AutoUpgrade = keys({
  // Not to new minor versions by default: they may not support the mesh's revisions.
  upgradeChannel: z
    .enum(["patch", "stable", "rapid", "none"])
    .default("patch")
    .describe(
      "The Kubernetes upgrades that AKS applies automatically. stable and rapid move the cluster to new minor versions, which may not support the mesh's revision.",
    ),
  nodeOSUpgradeChannel: z
    .enum(["NodeImage", "SecurityPatch", "None"])
    .default("NodeImage")
    .describe("The upgrades of the nodes' operating system that AKS applies automatically."),
});

const KEY_RULE =
  "must be a key in Key Vault with its version, https://<vault>.vault.azure.net/keys/<name>/<version>";
export const KeyId = text(KEY_RULE)
  .regex(
    /^https:\/\/[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.[a-z.]+\/keys\/[a-z0-9-]{1,127}\/[0-9a-f]{32}$/i,
    { error: KEY_RULE },
  )
  .meta({
    pattern: "^[a-zA-Z]+://[^/]+/[a-zA-Z]+/[^/]+/[0-9a-fA-F]{32}$",
    examples: ["https://kv-shared.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef"],
  });

export const KeyVaultNetworkAccess = z.enum(["Private", "Public"]).default("Private");

const Kms = keys({
  keyId: KeyId.describe("The URL of the key, with its version."),
  keyVaultId: KeyVaultId.describe("The resource ID of the Key Vault that holds the key."),
  keyVaultNetworkAccess: KeyVaultNetworkAccess.describe(
    "Whether AKS reaches the vault through a private endpoint or publicly. Private requires an API server that is vnet-integrated or private.",
  ),
});

const FEATURE_RULE =
  "must be a preview feature as az feature list prints it, such as Microsoft.Compute/EncryptionAtHost";
const Feature = text(FEATURE_RULE)
  .regex(/^Microsoft\.[A-Za-z.]+\/[\w.-]+$/, { error: FEATURE_RULE })
  .meta({ examples: ["Microsoft.Compute/EncryptionAtHost"] });

/** @see https://learn.microsoft.com/azure/aks/aks-resource-naming */
const CLUSTER_NAME_RULE =
  "must be the name of the cluster: up to 54 letters, digits and hyphens, with a letter or digit at both ends";

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
const RESOURCE_GROUP_RULE =
  "must be the name of an existing resource group: up to 90 letters, digits, . _ - ( and ), not ending with a period";

/** The key `aks-istio:cluster`. */
export const Cluster = keys({
  // Also the prefix of the API server's domain name, which allows 54 characters.
  name: text(CLUSTER_NAME_RULE)
    .regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/, { error: CLUSTER_NAME_RULE })
    .optional()
    .meta({ examples: ["shop-prod"] })
    .describe("The name of the cluster in Azure. Without it, Pulumi generates one."),
  resourceGroup: text(RESOURCE_GROUP_RULE)
    .regex(/^[\w.()-]{0,89}[\w()-]$/, { error: RESOURCE_GROUP_RULE })
    .optional()
    .meta({ examples: ["rg-shop"] })
    .describe(
      "The name of an existing resource group for the cluster, its identities and its network. Without it, the program creates one.",
    ),
  containerRegistryIds: list(ContainerRegistryId)
    .default([])
    .describe("The resource IDs of the Azure container registries from which nodes pull images."),
  kubernetesVersion: KubernetesVersion.describe(
    'The minor version of Kubernetes, in quotes, such as "1.35". AKS applies patch versions automatically.',
  ),
  supportPlan: Plan.default("KubernetesOfficial").describe(
    "How long AKS supports the Kubernetes version. AKSLongTermSupport requires tier Premium.",
  ),
  tier: Tier.optional().describe(
    "The pricing tier of the control plane. Without it, the tier is Standard, or Premium with AKSLongTermSupport.",
  ),
  apiServer: ApiServer.describe("Who can reach the API server."),
  network: Network.prefault({}).describe("The virtual network and the IP ranges of the cluster."),
  zones: list(z.enum(["1", "2", "3"]))
    .default(["1", "2", "3"])
    .describe(
      "The availability zones of the nodes, in quotes. Use [] in a region without availability zones.",
    ),
  systemPool: SystemPool.prefault({}).describe(
    "The node pool for system pods. It does not run workloads.",
  ),
  userPools: z
    .record(
      z.string().meta({ examples: ["apps"] }),
      UserPool.describe("A node pool for workloads."),
    )
    .prefault({ apps: {} })
    .describe(
      "The node pools for workloads, by name: up to 12 lowercase letters and digits, beginning with a letter.",
    ),
  nodeSecurity: NodeSecurity.prefault({}).describe("Security features of every node."),
  autoUpgrade: AutoUpgrade.prefault({}).describe("The upgrades that AKS applies automatically."),
  maintenance: Maintenance.prefault({}).describe(
    "The weekly windows in which AKS applies upgrades.",
  ),
  kms: Kms.optional().describe(
    "Encrypts Kubernetes secrets in etcd with your own key in Key Vault. Without it, AKS encrypts them with a key that Microsoft manages.",
  ),
  defender: z
    .boolean()
    .default(false)
    .describe(
      "Whether Microsoft Defender for Containers watches the cluster. It writes to logAnalyticsWorkspaceId or, without it, to the stack's own workspace.",
    ),
  logAnalyticsWorkspaceId: LogAnalyticsWorkspaceId.optional().describe(
    "The resource ID of an existing Log Analytics workspace that receives the audit logs of the control plane and the data of Defender.",
  ),
  previewFeatures: list(Feature)
    .default([])
    .describe(
      "Azure preview features to register in the subscription, as az feature list prints them. A feature that you remove from the list stays registered.",
    ),
  protect: z
    .boolean()
    .default(true)
    .describe(
      "Whether Pulumi refuses to delete or replace the cluster and its network. Before pulumi destroy, set it to false and run pulumi up.",
    ),
}).transform(({ name, tier, supportPlan, ...rest }) => ({
  ...rest,
  clusterName: name,
  supportPlan,
  tier: tier ?? (supportPlan === "AKSLongTermSupport" ? "Premium" : "Standard"),
}));
