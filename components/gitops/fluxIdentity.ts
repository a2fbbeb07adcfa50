import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/**
 * A managed identity for controllers of Flux, which they get with the tokens of their service accounts.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2#workload-identity-in-aks-clusters
 */
export function createFluxIdentity(
  name: string,
  args: {
    readonly cluster: MeshCluster;
    readonly controllers: readonly string[];
    /** The namespace of the controllers. */
    readonly namespace: string;
  },
  opts: pulumi.CustomResourceOptions,
): {
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly credentials: pulumi.Resource[];
} {
  const { cluster, controllers, namespace } = args;
  const { resourceGroupName } = cluster;
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName, location: cluster.cluster.location },
    opts,
  );
  const credentials: pulumi.Resource[] = [];
  for (const controller of controllers) {
    credentials.push(
      new managedidentity.FederatedIdentityCredential(
        `${name}-${controller}`,
        {
          resourceGroupName,
          resourceName: identity.name,
          federatedIdentityCredentialResourceName: controller,
          issuer: cluster.oidcIssuerUrl,
          subject: `system:serviceaccount:${namespace}:${controller}`,
          audiences: ["api://AzureADTokenExchange"],
        },
        // Azure rejects changes of several credentials of an identity at once.
        // https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#concurrent-updates-arent-supported-user-assigned-managed-identities
        { ...opts, dependsOn: credentials.slice(-1) },
      ),
    );
  }
  return { identity, credentials };
}
