import type { MeshRevision } from "./revision.ts";

/**
 * Label of a namespace (or a pod) whose value is the revision, or the revision tag, that injects its sidecars.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const REVISION_LABEL = "istio.io/rev";

/**
 * Label of an Istio without revisions. Under the add-on its mere presence, whatever its value, makes injection skip
 * the namespace.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const LEGACY_INJECTION_LABEL = "istio-injection";

/**
 * Label (or annotation) of a pod that opts it out of the sidecar with `"false"`. It opts nothing in: that takes a
 * revision.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/#SidecarInject
 */
export const SIDECAR_INJECT_LABEL = "sidecar.istio.io/inject";

/**
 * Label of a namespace or a pod that chooses the mesh's data plane; ambient mode asks for it, and the add-on has none.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/#IoIstioDataplaneMode
 */
export const DATAPLANE_MODE_LABEL = "istio.io/dataplane-mode";

/**
 * Label of a namespace that was left out of the mesh on purpose, as opposed to forgotten. The project's own: neither
 * Istio nor AKS heeds it.
 */
export const MESH_DECISION_LABEL = "aks-istio/mesh";

/**
 * Namespace that AKS makes for istiod and that holds the shared ConfigMaps.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#verify-successful-installation
 */
export const CONTROL_PLANE_NAMESPACE = "aks-istio-system";

/**
 * Namespace that AKS makes for the ingress gateways; the secrets that their TLS needs belong there too.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export const INGRESS_NAMESPACE = "aks-istio-ingress";

/**
 * Namespace in which AKS puts an egress gateway that names no other.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
 */
export const EGRESS_NAMESPACE = "aks-istio-egress";

/**
 * Name of the ConfigMap, in `aks-istio-system`, from which a revision's control plane takes the user's MeshConfig.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#set-up-configuration-on-cluster
 */
export function sharedConfigMapName(revision: MeshRevision): string {
  return `istio-shared-configmap-${revision}`;
}

/**
 * The rule that a name breaks as the name of a Kubernetes namespace, in words that complete "the name …";
 * undefined where Kubernetes accepts it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function namespaceNameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > 63) return `must be at most 63 characters long, and has ${name.length}`;
  if (/[^a-z0-9-]/.test(name)) {
    return "must consist of lower case letters, digits and hyphens only";
  }
  if (name.startsWith("-") || name.endsWith("-")) {
    return "must start and end with a letter or a digit";
  }
  return undefined;
}
