/** A pool of nodes that the cluster autoscaler keeps between two sizes. */
export interface NodePoolArgs {
  /** Size of its virtual machines, such as `Standard_D4ds_v5`. */
  readonly vmSize: string;
  /** Nodes at least, and to begin with. */
  readonly minCount: number;
  /** Nodes at most. */
  readonly maxCount: number;
}

/** What all pools of a cluster have in common. */
export interface NodePoolSurroundings {
  /** Kubernetes minor version, the cluster's: a pool left without one stays behind when the cluster moves on. */
  readonly kubernetesVersion: string;
  /** Availability zones; empty in a region that has none. */
  readonly zones: readonly string[];
}

/**
 * The properties that the pool within the cluster and the pools beside it share: Azure Linux on scale sets, no public
 * address, no SSH.
 *
 * @see https://learn.microsoft.com/azure/aks/manage-ssh-node-access
 */
export function nodePool(pool: NodePoolArgs, { kubernetesVersion, zones }: NodePoolSurroundings) {
  return {
    orchestratorVersion: kubernetesVersion,
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: "AzureLinux",
    type: "VirtualMachineScaleSets",
    enableAutoScaling: true,
    // ARM wants a number to begin with; afterwards it is the autoscaler's, and changes to it are ignored.
    count: pool.minCount,
    minCount: pool.minCount,
    maxCount: pool.maxCount,
    availabilityZones: [...zones],
    enableNodePublicIP: false,
    securityProfile: { sshAccess: "Disabled" },
    upgradeSettings: { maxSurge: "33%" },
  };
}
