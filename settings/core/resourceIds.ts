import type { z } from "zod";
import { text } from "./scalars.ts";

/**
 * The resource ID of an existing Azure resource, within the limits of Azure for names.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
function resourceId(what: string, type: string, names: string, example: string): z.ZodString {
  const rule = `must be the resource ID of ${what}, /subscriptions/…/providers/${type}/…`;
  const group = String.raw`/subscriptions/[0-9a-f-]{36}/resourceGroups/[\p{L}\p{N}_.()-]{1,90}`;
  return text(rule)
    .regex(new RegExp(`^${group}/providers/${type}/${names}$`, "iu"), { error: rule })
    .meta({
      // Azure ignores case, but a pattern in a JSON schema cannot.
      pattern: `^/[^/]+/[0-9a-fA-F-]{36}(/[^/]+){${names.includes("/") ? 8 : 6}}$`,
      examples: [
        `/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/${type}/${example}`,
      ],
    });
}

const SUBNET = String.raw`[\w.-]{2,64}/subnets/[\w.-]{1,80}`;

export const SubnetId = resourceId(
  "a subnet",
  "Microsoft.Network/virtualNetworks",
  SUBNET,
  "spoke/subnets/nodes",
);

/** A subnet like any other; its example differs from that of the nodes, which cannot share it. */
export const ApiServerSubnetId = resourceId(
  "a subnet",
  "Microsoft.Network/virtualNetworks",
  SUBNET,
  "spoke/subnets/api-server",
);

export const PrivateDnsZoneId = resourceId(
  "a private DNS zone",
  "Microsoft.Network/privateDnsZones",
  String.raw`[\w.-]{1,253}`,
  "private.westeurope.azmk8s.io",
);

export const ContainerRegistryId = resourceId(
  "a container registry",
  "Microsoft.ContainerRegistry/registries",
  "[a-z0-9]{5,50}",
  "images",
);

export const StorageAccountId = resourceId(
  "a storage account",
  "Microsoft.Storage/storageAccounts",
  "[a-z0-9]{3,24}",
  "fleet",
);

export const KeyVaultId = resourceId(
  "a Key Vault",
  "Microsoft.KeyVault/vaults",
  "[a-z][a-z0-9-]{1,22}[a-z0-9]",
  "kv-shared",
);

export const LogAnalyticsWorkspaceId = resourceId(
  "a Log Analytics workspace",
  "Microsoft.OperationalInsights/workspaces",
  "[a-z0-9][a-z0-9-]{2,61}[a-z0-9]",
  "security",
);
