import type { MeshRevision } from "./revision.ts";

/** The add-on's two ingress gateways, in ARM's words; a cluster has at most one of each. */
export const INGRESS_GATEWAY_KINDS = ["Internal", "External"] as const;
export type IngressGatewayKind = (typeof INGRESS_GATEWAY_KINDS)[number];

/** How a gateway's routes are written: in Istio's own resources or in those of the Kubernetes Gateway API. */
export type IngressApi = "istio" | "gateway-api";

/**
 * Name of the Service that AKS makes for a gateway, which is also the value of its label `istio`.
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
 * Replicas that AKS gives a gateway. It takes no fewer than the minimum, because of its disruption budget.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-scale#horizontal-pod-autoscaling-customization
 */
export const GATEWAY_REPLICAS = { minimum: 2, maximum: 5 } as const;

/**
 * Ports of a gateway's Service: AKS takes no others. The status port is for probes.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about#limitations
 */
export const GATEWAY_PORTS = { http: 80, https: 443, status: 15021 } as const;
