/** What AKS upgrades automatically. @see https://learn.microsoft.com/azure/aks/auto-upgrade-cluster */
export interface AutoUpgradeArgs {
  /**
   * `patch`: patches of the current Kubernetes minor version. `stable` and `rapid`: also the second newest or the
   * newest minor version, which may be incompatible with the mesh's revisions; `kubernetesVersion` then applies only to
   * a new cluster. `none`: nothing.
   */
  readonly upgradeChannel: "patch" | "stable" | "rapid" | "none";
  /**
   * `NodeImage`: new AKS node images, weekly. `SecurityPatch`: security fixes of the distribution, mostly without
   * reimaging. `None`: nothing.
   *
   * @see https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
   */
  readonly nodeOSUpgradeChannel: "NodeImage" | "SecurityPatch" | "None";
}

/** Whether AKS upgrades the Kubernetes version. Setting it back would request a downgrade. */
export function upgradesKubernetes({ upgradeChannel }: AutoUpgradeArgs): boolean {
  return upgradeChannel === "stable" || upgradeChannel === "rapid";
}
