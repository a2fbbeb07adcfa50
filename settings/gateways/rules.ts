import {
  checkEgressHosts,
  checkEgressNames,
  checkEgressNamespaces,
  checkEgressPools,
  checkEgressRouteNames,
  checkStaticEgress,
} from "./egress/rules.ts";
import {
  requireKeyVault,
  checkGatewayApiAnnotations,
  checkAnnotations,
  checkGatewayApis,
  checkIngressHosts,
  checkReplicas,
  checkStaticIP,
} from "./ingress/rules.ts";

/** The rules on gateways. */
export const GATEWAY_RULES = [
  checkIngressHosts,
  requireKeyVault,
  checkGatewayApis,
  checkAnnotations,
  checkGatewayApiAnnotations,
  checkReplicas,
  checkStaticIP,
  checkEgressNames,
  checkEgressNamespaces,
  checkEgressPools,
  checkEgressHosts,
  checkEgressRouteNames,
  checkStaticEgress,
] as const;
