import type { MeshRevision } from "./revision.ts";

/** The add-on's two kinds of ingress gateway, as in ARM; a cluster has at most one of each. */
export const INGRESS_GATEWAY_KINDS = ["Internal", "External"] as const;
export type IngressGatewayKind = (typeof INGRESS_GATEWAY_KINDS)[number];

/** The API of a gateway's routes: Istio's own resources or the Kubernetes Gateway API. */
export type IngressApi = "istio" | "gateway-api";

/**
 * Name of the Service that AKS creates for a gateway, and value of its label `istio`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export function ingressGatewayName(kind: IngressGatewayKind): string {
  return `aks-istio-ingressgateway-${kind.toLowerCase()}`;
}

/**
 * Name of the HorizontalPodAutoscaler, and of the Deployment, of one revision of a gateway.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-scale#horizontal-pod-autoscaling-customization
 */
export function ingressGatewayDeployment(kind: IngressGatewayKind, revision: MeshRevision): string {
  return `${ingressGatewayName(kind)}-${revision}`;
}

/**
 * Replicas that AKS gives a gateway. AKS does not allow fewer than the minimum, because of the gateway's disruption
 * budget.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-scale#horizontal-pod-autoscaling-customization
 */
export const GATEWAY_REPLICAS = { minimum: 2, maximum: 5 } as const;

/**
 * Ports of a gateway's Service; AKS allows no others. The status port is for probes.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about#limitations
 */
export const GATEWAY_PORTS = { http: 80, https: 443, status: 15021 } as const;
