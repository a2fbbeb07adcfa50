/** What AKS upgrades by itself. @see https://learn.microsoft.com/azure/aks/auto-upgrade-cluster */
export interface AutoUpgradeArgs {
  /**
   * `patch`: patches of the Kubernetes version that the cluster has. `stable` and `rapid`: also on to the last but one
   * or to the newest version, which may run none of the mesh's revisions; `kubernetesVersion` then holds for a new
   * cluster only. `none`: nothing.
   */
  readonly upgradeChannel: "patch" | "stable" | "rapid" | "none";
  /**
   * `NodeImage`: a new image of AKS, weekly. `SecurityPatch`: security fixes of the distribution, mostly without a new
   * node. `None`: nothing.
   *
   * @see https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
   */
  readonly nodeOSUpgradeChannel: "NodeImage" | "SecurityPatch" | "None";
}

/** Whether the Kubernetes version is AKS' to move: to set it back would be to ask for a downgrade. */
export function movesVersion({ upgradeChannel }: AutoUpgradeArgs): boolean {
  return upgradeChannel === "stable" || upgradeChannel === "rapid";
}
