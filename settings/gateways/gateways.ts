import { z } from "zod";
import {
  Egress,
  egressHosts,
  egressNames,
  egressNamespaces,
  egressPools,
  egressRouteNames,
  staticEgress,
} from "./egress.ts";
import {
  Ingress,
  certificatesHaveVault,
  gatewayApiAnnotations,
  ingressAnnotations,
  ingressApis,
  ingressHosts,
  ingressReplicas,
  oneAddress,
  oneCertificate,
} from "./ingress.ts";
import { keys } from "../core/scalars.ts";
import { KeyVaultId } from "../core/resourceIds.ts";

/** The key `aks-istio:gateways`. Whoever leaves it out gets none. */
export const Gateways = keys({
  /** The vault with the certificates of ingress hosts; it decides by Azure RBAC who may do what. */
  keyVaultId: KeyVaultId.optional(),
  ingress: Ingress.prefault({}),
  /** Whether the cluster has Azure's static egress gateway; to be switched off only after the last gateway is gone. */
  staticEgress: z.boolean().default(false),
  egress: Egress.default({}),
}).prefault({});

/** The rules on gateways, for the list of all. */
export const GATEWAY_RULES = [
  ingressHosts,
  oneCertificate,
  certificatesHaveVault,
  ingressApis,
  ingressAnnotations,
  gatewayApiAnnotations,
  ingressReplicas,
  oneAddress,
  egressNames,
  egressNamespaces,
  egressPools,
  egressHosts,
  egressRouteNames,
  staticEgress,
] as const;

/** The settings here that are secrets; a `*` stands for any name. */
export const GATEWAY_SECRETS = [["gateways", "ingress", "*", "hosts", "*", "tlsKey"]] as const;
