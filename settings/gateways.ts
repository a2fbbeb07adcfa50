import { z } from "zod";
import {
  Egress,
  egressHosts,
  egressNames,
  egressNamespaces,
  egressPools,
  staticEgress,
} from "./egress.ts";
import {
  Ingress,
  certificatesHaveVault,
  ingressApis,
  ingressHosts,
  ingressReplicas,
  oneAddress,
  oneCertificate,
} from "./ingress.ts";
import { keys, text } from "./leaves.ts";

const VAULT_RULE =
  "must be the resource ID of a Key Vault; `az keyvault show --name NAME --query id` prints it";
const VAULT =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[a-z][a-z0-9-]{1,22}[a-z0-9]$/i;

/** The key `aks-istio:gateways`. Whoever leaves it out gets none. */
export const Gateways = keys({
  /** The vault with the certificates of ingress hosts; it decides by Azure RBAC who may do what. */
  keyVaultId: text(VAULT_RULE).regex(VAULT, { error: VAULT_RULE }).optional(),
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
  ingressReplicas,
  oneAddress,
  egressNames,
  egressNamespaces,
  egressPools,
  egressHosts,
  staticEgress,
] as const;

/** The settings here that are secrets; a `*` stands for any name. */
export const GATEWAY_SECRETS = [["gateways", "ingress", "*", "hosts", "*", "tlsKey"]] as const;
