import { IGNORED_NAMESPACES } from "../../../mesh/istiodInjection.ts";
import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE } from "../../../mesh/names.ts";

/**
 * Namespaces of Kubernetes, of AKS and of its add-ons and extensions. `aks-istio-egress` is not one of them: Microsoft's
 * guide runs workloads with sidecars in the namespace of an egress gateway.
 *
 * @see https://learn.microsoft.com/azure/aks/managed-namespaces#limitations
 * @see https://learn.microsoft.com/azure/aks/deployment-safeguards
 */
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  ...IGNORED_NAMESPACES,
  CONTROL_PLANE_NAMESPACE,
  INGRESS_NAMESPACE,
  "aks-command",
  "app-routing-system",
  "azure-arc",
  "calico-system",
  "dapr-system",
  "flux-system",
  "gatekeeper-system",
  "tigera-operator",
]);

/** Whether a namespace belongs to the system and not to the user's workloads. */
export function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.has(name);
}
