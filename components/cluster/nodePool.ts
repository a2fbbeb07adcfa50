import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { movesVersion } from "./autoUpgrade.ts";
import type { AutoUpgradeArgs } from "./autoUpgrade.ts";

/** A pool of nodes that the cluster autoscaler keeps between two sizes. */
export interface NodePoolArgs {
  /** Size of its virtual machines, such as `Standard_D4ds_v5`. */
  readonly vmSize: string;
  /** Nodes at least, and to begin with. */
  readonly minCount: number;
  /** Nodes at most. */
  readonly maxCount: number;
}

/** A pool for workloads. */
export interface UserPoolArgs extends NodePoolArgs {
  /** Labels of its nodes, such as `azureservicemesh/istio.replica.preferred: "true"`, which draws the gateways to it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints of its nodes, such as `sku=gpu:NoSchedule`. */
  readonly taints: readonly string[];
}

/** How nodes are guarded against whoever gets at what is below their operating system. */
export interface NodeSecurity {
  /**
   * Whether nodes run only what is signed, from the boot loader on. Needs a size of the second generation.
   *
   * @see https://learn.microsoft.com/azure/aks/use-trusted-launch
   */
  readonly secureBoot: boolean;
  /** Whether nodes measure what they boot, for others to attest. Needs a size of the second generation. */
  readonly vTPM: boolean;
  /**
   * Whether the hosts encrypt temporary disks and caches too. The subscription has to have the feature
   * `Microsoft.Compute/EncryptionAtHost` registered, and the size has to offer it.
   *
   * @see https://learn.microsoft.com/azure/aks/enable-host-encryption
   */
  readonly encryptionAtHost: boolean;
}

/** What all pools of a cluster have in common. */
export interface NodePoolContext {
  /** Kubernetes minor version, the cluster's: a pool left without one stays behind when the cluster moves on. */
  readonly kubernetesVersion: string;
  /** Availability zones; empty in a region that has none. */
  readonly zones: readonly string[];
  /** Resource ID of the subnet that the nodes are in. */
  readonly subnetId: pulumi.Input<string>;
  readonly nodeSecurity: NodeSecurity;
  /** The cluster's: a pool that AKS upgrades must not be set back. */
  readonly autoUpgrade: AutoUpgradeArgs;
}

/**
 * The properties that the pool within the cluster and the pools beside it share: Azure Linux on scale sets, no public
 * address, no SSH. That SSH is off is documented as a preview yet, although the stable API knows it: should Azure refuse
 * it, `previewFeatures` registers `Microsoft.ContainerService/DisableSSHPreview`.
 *
 * @see https://learn.microsoft.com/azure/aks/manage-ssh-node-access
 */
export function nodePool(pool: NodePoolArgs, surroundings: NodePoolContext) {
  const { kubernetesVersion, zones, subnetId, nodeSecurity } = surroundings;
  return {
    orchestratorVersion: kubernetesVersion,
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: "AzureLinux",
    type: "VirtualMachineScaleSets",
    vnetSubnetID: subnetId,
    enableAutoScaling: true,
    // ARM wants a number to begin with; afterwards it is the autoscaler's, and changes to it are ignored.
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

/**
 * Makes a pool beside the one within the cluster. All of them are made here, because changes by AKS and the autoscaler
 * are the same for each.
 */
export function agentPool(
  name: string,
  args: Omit<containerservice.AgentPoolArgs, "enableAutoScaling"> & {
    /** Whether the number of nodes is the autoscaler's to change. */
    readonly enableAutoScaling: boolean;
  },
  { autoUpgrade }: NodePoolContext,
  opts: pulumi.CustomResourceOptions,
): containerservice.AgentPool {
  return new containerservice.AgentPool(name, args, {
    ...opts,
    ignoreChanges: [
      ...(args.enableAutoScaling ? ["count"] : []),
      ...(movesVersion(autoUpgrade) ? ["orchestratorVersion"] : []),
    ],
    customTimeouts: LONG_UPDATE,
  });
}

/** For new versions: nodes are drained one after the other, each for up to half an hour, and the SDK waits two. */
export const LONG_UPDATE: pulumi.CustomTimeouts = { update: "6h" };
