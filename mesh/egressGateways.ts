/** Maximum number of egress gateways in a cluster. @see https://learn.microsoft.com/azure/aks/istio-deploy-egress */
export const MAX_EGRESS_GATEWAYS = 500;

/**
 * Why a name is not a valid egress gateway name, as text that completes "the name …"; undefined if AKS and Kubernetes
 * accept it. AKS also allows dots and a leading digit, but it uses the name for the gateway's Service, and Kubernetes
 * allows neither in a Service name.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress#limitations-and-requirements
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export function egressGatewayNameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > 53) return `must be at most 53 characters long, but has ${name.length}`;
  return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : "must consist of lowercase letters, digits and hyphens, start with a letter, and end with a letter or digit";
}
