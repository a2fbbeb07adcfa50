import type { Cursor } from "./cursor.ts";
import type { Subject, Thing } from "./resource.ts";

/** An extension of a cluster, on AKS or connected by Azure Arc. */
export interface ClusterExtension extends Thing {
  /** What it installs, such as `microsoft.flux`. */
  readonly extensionType: Cursor;
}

const TOKEN =
  /^(?:azure-native(?:_kubernetesconfiguration_v\d{8}(?:preview)?)?:kubernetesconfiguration(?:\/v\d{8}(?:preview)?)?:Extension|azure:containerservice\/kubernetesClusterExtension:KubernetesClusterExtension|azure:arckubernetes\/clusterExtension:ClusterExtension)$/;

export const clusterExtensions: Subject<ClusterExtension> = {
  type: "azure-native:kubernetesconfiguration:Extension",
  matches: (type) => TOKEN.test(type),
  in: (resource) => [
    {
      resource,
      label: resource.inputs.owner,
      extensionType: resource.inputs.at("extensionType"),
    },
  ],
};
