import type { z } from "zod";
import { text } from "./leaves.ts";

/** The resource ID of something in Azure that is there already. */
function resourceId(what: string, type: string, names: string): z.ZodString {
  const rule = `must be the resource ID of ${what}, /subscriptions/…/providers/${type}/…`;
  const pattern = `^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/${type}/${names}$`;
  return text(rule).regex(new RegExp(pattern, "i"), { error: rule });
}

export const SubnetId = resourceId(
  "a subnet",
  "Microsoft.Network/virtualNetworks",
  "[^/]+/subnets/[^/]+",
);

export const PrivateDnsZoneId = resourceId(
  "a private DNS zone",
  "Microsoft.Network/privateDnsZones",
  "[^/]+",
);

export const ContainerRegistryId = resourceId(
  "a container registry",
  "Microsoft.ContainerRegistry/registries",
  "[^/]+",
);

export const KeyVaultId = resourceId("a Key Vault", "Microsoft.KeyVault/vaults", "[^/]+");

export const LogAnalyticsWorkspaceId = resourceId(
  "a Log Analytics workspace",
  "Microsoft.OperationalInsights/workspaces",
  "[^/]+",
);
