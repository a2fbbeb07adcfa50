import type * as pulumi from "@pulumi/pulumi";
import { assignBuiltInRole } from "../azure/builtInRole.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import type { Source } from "./fluxSourceKinds.ts";

/**
 * Grants the nodes read access to the storage accounts that sources read with the identity of the nodes: once for each
 * account, because Azure rejects duplicate role assignments.
 *
 * @returns the role assignments that a source needs
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#azure-blob-storage-account-source-arguments
 */
export function blobReaders(
  name: string,
  sources: readonly Source[],
  { kubeletIdentity }: MeshCluster,
  opts: pulumi.CustomResourceOptions,
): (source: Source) => readonly pulumi.Resource[] {
  const accounts = sources.map(accountOf).filter((id) => id !== undefined);
  const roles = new Map<string, pulumi.Resource>();
  for (const scope of accounts) {
    // Unique in Azure, so the order of the sources does not matter.
    const account = accountName(scope);
    if (roles.has(account)) continue;
    roles.set(
      account,
      assignBuiltInRole(
        `${name}-read-${account}`,
        {
          role: "Storage Blob Data Reader",
          scope,
          principalId: kubeletIdentity.objectId,
          principalType: "ServicePrincipal",
        },
        opts,
      ),
    );
  }
  return (source) => {
    const role = roles.get(accountName(accountOf(source) ?? ""));
    return role === undefined ? [] : [role];
  };
}

function accountOf({ azureBlob }: Source): string | undefined {
  return azureBlob?.managedIdentity?.storageAccountId;
}

function accountName(id: string): string {
  return id.split("/").at(-1)?.toLowerCase() ?? "";
}
