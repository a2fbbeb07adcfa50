import { z } from "zod";
import {
  Egress,
  checkEgressHosts,
  checkEgressNames,
  checkEgressNamespaces,
  checkEgressPools,
  checkEgressRouteNames,
  checkStaticEgress,
} from "./egress.ts";
import {
  Ingress,
  requireKeyVault,
  checkGatewayApiAnnotations,
  checkAnnotations,
  checkGatewayApis,
  checkIngressHosts,
  checkReplicas,
  checkStaticIP,
  checkHostCertificates,
} from "./ingress.ts";
import { keys } from "../core/scalars.ts";
import { KeyVaultId } from "../core/resourceIds.ts";

/** The key `aks-istio:gateways`. Whoever leaves it out gets none. */
export const Gateways = keys({
  keyVaultId: KeyVaultId.optional().describe(
    "The resource ID of the Key Vault that holds the certificates of ingress hosts. The vault must use Azure RBAC. Required if a host has a certificate in it.",
  ),
  ingress: Ingress.prefault({}).describe("Ingress gateways, up to one of each kind."),
  staticEgress: z
    .boolean()
    .default(false)
    .describe(
      "Whether the cluster has the static egress gateway of AKS, which egress gateways require. Turn it off only after the last egress gateway is gone.",
    ),
  egress: Egress.default({}).describe(
    "Egress gateways, by name. Requests leave the cluster through them from dedicated IP addresses.",
  ),
})
  .prefault({})
  .describe("Ingress and egress gateways. Without it, the mesh has none.");

/** The rules on gateways, for the list of all. */
export const GATEWAY_RULES = [
  checkIngressHosts,
  checkHostCertificates,
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

/** The settings here that are secrets; a `*` stands for any name. */
export const GATEWAY_SECRETS = [["gateways", "ingress", "*", "hosts", "*", "tlsKey"]] as const;
