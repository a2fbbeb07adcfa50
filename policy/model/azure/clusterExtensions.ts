import { azureNative } from "./azureNative.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";

/** An extension of an AKS cluster, or of one that Azure Arc connects. */
export interface ClusterExtension extends Target {
  /** The type of extension, such as `microsoft.flux`. */
  readonly extensionType: Cursor;
}

const NATIVE = azureNative("kubernetesconfiguration", "Extension");
const CLASSIC =
  /^azure:(?:containerservice\/kubernetesClusterExtension:KubernetesClusterExtension|arckubernetes\/clusterExtension:ClusterExtension)$/;

export const clusterExtensions: TargetKind<ClusterExtension> = {
  type: "azure-native:kubernetesconfiguration:Extension",
  matches: (type) => NATIVE.test(type) || CLASSIC.test(type),
  in: (resource) => [
    {
      resource,
      label: resource.inputs.owner,
      extensionType: resource.inputs.at("extensionType"),
    },
  ],
};
