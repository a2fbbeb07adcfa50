import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { upgradesKubernetes } from "./autoUpgrade.ts";
import { managedClusterProperties } from "./managedClusterProperties.ts";
import type { ClusterPrerequisites } from "./clusterPrerequisites.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { LONG_UPDATE } from "./nodePool.ts";
import { retryUntilRolesArrive } from "../azure/retries.ts";

/** The cluster itself. Ignores changes that Azure makes. */
export function createManagedCluster(
  name: string,
  args: MeshClusterArgs,
  prerequisites: ClusterPrerequisites,
  opts: pulumi.CustomResourceOptions,
): containerservice.ManagedCluster {
  const { location, resourceGroupName, dependencies } = prerequisites;
  return new containerservice.ManagedCluster(
    name,
    { ...managedClusterProperties(name, args, prerequisites), location, resourceGroupName },
    {
      ...opts,
      protect: args.protect,
      dependsOn: [...dependencies],
      ignoreChanges: movedByAzure(args),
      // AKS rejects a change of the CA: the mesh must be disabled first, which deletes all Istio
      // resources.
      replaceOnChanges: ["serviceMeshProfile.istio.certificateAuthority"],
      customTimeouts: LONG_UPDATE,
      hooks: retryUntilRolesArrive(name),
    },
  );
}

/** The properties that Azure changes, and that the program must not reset. */
function movedByAzure({ autoUpgrade, revisions }: MeshClusterArgs): string[] {
  return [
    // Owned by the autoscaler; resetting it would drain nodes.
    "agentPoolProfiles[0].count",
    ...(upgradesKubernetes(autoUpgrade)
      ? ["kubernetesVersion", "agentPoolProfiles[0].orchestratorVersion"]
      : []),
    ...(revisions === "external" ? ["serviceMeshProfile.istio.revisions"] : []),
  ];
}
