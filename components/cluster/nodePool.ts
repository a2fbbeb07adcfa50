import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { upgradesKubernetes } from "./autoUpgrade.ts";
import type { AutoUpgradeArgs } from "./autoUpgrade.ts";

/** A node pool that the cluster autoscaler scales. */
export interface NodePoolArgs {
  /** VM size of its nodes, such as `Standard_D4ds_v5`. */
  readonly vmSize: string;
  /** Minimum node count; also the initial count. */
  readonly minCount: number;
  /** Maximum node count. */
  readonly maxCount: number;
}

/** A node pool for workloads. */
export interface UserPoolArgs extends NodePoolArgs {
  /** Labels of its nodes. `azureservicemesh/istio.replica.preferred: "true"` attracts the gateways. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints of its nodes, such as `sku=gpu:NoSchedule`. */
  readonly taints: readonly string[];
}

/** Protection of nodes below the operating system. */
export interface NodeSecurity {
  /**
   * Whether nodes boot only signed software. Requires a generation 2 VM size.
   *
   * @see https://learn.microsoft.com/azure/aks/use-trusted-launch
   */
  readonly secureBoot: boolean;
  /** Whether nodes measure their boot for attestation. Requires a generation 2 VM size. */
  readonly vTPM: boolean;
  /**
   * Whether the VM hosts encrypt temporary disks and caches. Requires the feature `Microsoft.Compute/EncryptionAtHost`
   * on the subscription, and a VM size that supports it.
   *
   * @see https://learn.microsoft.com/azure/aks/enable-host-encryption
   */
  readonly encryptionAtHost: boolean;
}

/** The common properties of all node pools of a cluster. */
export interface NodePoolContext {
  /** The cluster's Kubernetes minor version: a pool without a version is not upgraded with the cluster. */
  readonly kubernetesVersion: string;
  /** Availability zones; empty in a region without zones. */
  readonly zones: readonly string[];
  /** Resource ID of the nodes' subnet. */
  readonly subnetId: pulumi.Input<string>;
  readonly nodeSecurity: NodeSecurity;
  /** The cluster's setting: a pool that AKS upgraded must not be downgraded. */
  readonly autoUpgrade: AutoUpgradeArgs;
}

/**
 * The common properties of the system pool and the pools for workloads: Azure Linux on scale sets, no public address,
 * no SSH. Disabling SSH is still documented as a preview, although the stable API includes it. If Azure rejects it,
 * register `Microsoft.ContainerService/DisableSSHPreview` with `previewFeatures`.
 *
 * @see https://learn.microsoft.com/azure/aks/manage-ssh-node-access
 */
export function nodePoolProperties(pool: NodePoolArgs, context: NodePoolContext) {
  const { kubernetesVersion, zones, subnetId, nodeSecurity } = context;
  return {
    orchestratorVersion: kubernetesVersion,
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: "AzureLinux",
    type: "VirtualMachineScaleSets",
    vnetSubnetID: subnetId,
    enableAutoScaling: true,
    // ARM requires an initial count; later changes belong to the autoscaler and are ignored.
    count: pool.minCount,
    minCount: pool.minCount,
    maxCount: pool.maxCount,
    availabilityZones: [...zones],
    enableNodePublicIP: false,
    enableEncryptionAtHost: nodeSecurity.encryptionAtHost,
    securityProfile: {
      sshAccess: "Disabled",
      enableSecureBoot: nodeSecurity.secureBoot,
      enableVTPM: nodeSecurity.vTPM,
    },
    upgradeSettings: { maxSurge: "33%" },
  } satisfies Partial<containerservice.AgentPoolArgs>;
}

/** Creates a node pool as a separate resource. Ignores the changes that AKS and the autoscaler make to every pool. */
export function createAgentPool(
  name: string,
  args: Omit<containerservice.AgentPoolArgs, "enableAutoScaling"> & {
    /** Whether the autoscaler changes the node count. */
    readonly enableAutoScaling: boolean;
  },
  { autoUpgrade }: NodePoolContext,
  opts: pulumi.CustomResourceOptions,
): containerservice.AgentPool {
  return new containerservice.AgentPool(name, args, {
    ...opts,
    ignoreChanges: [
      ...(args.enableAutoScaling ? ["count"] : []),
      ...(upgradesKubernetes(autoUpgrade) ? ["orchestratorVersion"] : []),
    ],
    customTimeouts: LONG_UPDATE,
  });
}

/**
 * For version upgrades: nodes are drained one after another, each for up to half an hour. The SDK's default is two
 * hours.
 */
export const LONG_UPDATE: pulumi.CustomTimeouts = { update: "6h" };
