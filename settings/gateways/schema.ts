import { z } from "zod";
import { Egress } from "./egress/schema.ts";
import { Ingress } from "./ingress/schema.ts";
import { keys } from "../core/scalars.ts";
import { KeyVaultId } from "../core/resourceIds.ts";

/** The key `aks-istio:gateways`. By default, a stack has no gateways. */
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

/** The secrets under this key; `*` matches any name. */
export const GATEWAY_SECRETS = [["gateways", "ingress", "*", "hosts", "*", "tlsKey"]] as const;
