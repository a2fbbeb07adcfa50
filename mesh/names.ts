import type { MeshRevision } from "./revision.ts";

/**
 * Label of a namespace (or a pod) whose value is the revision, or the revision tag, that injects its sidecars.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const REVISION_LABEL = "istio.io/rev";

/**
 * Label of an Istio without revisions. With the add-on, its presence makes injection skip the namespace, regardless of
 * its value.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const LEGACY_INJECTION_LABEL = "istio-injection";

/**
 * Label (or annotation) of a pod that opts it out of the sidecar with `"false"`. It cannot opt a pod in, which requires
 * a revision.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/#SidecarInject
 */
export const SIDECAR_INJECT_LABEL = "sidecar.istio.io/inject";

/**
 * Label of a namespace or a pod that selects the data plane mode. Ambient mode uses it, which the add-on does not
 * support.
 *
 * @see https://istio.io/latest/docs/reference/config/labels/#IoIstioDataplaneMode
 */
export const DATAPLANE_MODE_LABEL = "istio.io/dataplane-mode";

/** Label of a namespace that is outside the mesh on purpose. Defined by this project; Istio and AKS ignore it. */
export const MESH_DECISION_LABEL = "aks-istio/mesh";

/**
 * Namespace that AKS creates for istiod and the shared ConfigMaps.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#verify-successful-installation
 */
export const CONTROL_PLANE_NAMESPACE = "aks-istio-system";

/**
 * Namespace that AKS creates for the ingress gateways. Their TLS secrets must be there, too.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export const INGRESS_NAMESPACE = "aks-istio-ingress";

/**
 * Default namespace of egress gateways.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
 */
export const EGRESS_NAMESPACE = "aks-istio-egress";

/**
 * Name of the ConfigMap, in `aks-istio-system`, from which a revision's control plane reads the user's MeshConfig.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#set-up-configuration-on-cluster
 */
export function sharedConfigMapName(revision: MeshRevision): string {
  return `istio-shared-configmap-${revision}`;
}

/**
 * Why a name is not a valid namespace name, as text that completes "the name …"; undefined if Kubernetes accepts it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function namespaceNameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > 63) return `must be at most 63 characters long, but has ${name.length}`;
  if (/[^a-z0-9-]/.test(name)) {
    return "must contain only lowercase letters, digits and hyphens";
  }
  if (name.startsWith("-") || name.endsWith("-")) {
    return "must start and end with a letter or digit";
  }
  return undefined;
}
