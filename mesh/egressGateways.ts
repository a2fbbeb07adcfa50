/** Egress gateways that AKS runs in a cluster at most. @see https://learn.microsoft.com/azure/aks/istio-deploy-egress */
export const MAX_EGRESS_GATEWAYS = 500;

/**
 * The rule that a name breaks as the name of an egress gateway, in words that complete "the name …"; undefined where
 * AKS and Kubernetes accept it. AKS also lets dots stand in it, and a digit in front, but calls the gateway's Service
 * by it, and Kubernetes lets neither into the name of a Service.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress#limitations-and-requirements
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export function egressGatewayNameProblem(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > 53) return `must be at most 53 characters long, and has ${name.length}`;
  return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : "must consist of lower case letters, digits and hyphens, begin with a letter and end with no hyphen";
}
