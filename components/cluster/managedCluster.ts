import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { movesVersion } from "./autoUpgrade.ts";
import { managedClusterProperties } from "./managedClusterProperties.ts";
import type { ClusterPrerequisites } from "./clusterPrerequisites.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { LONG_UPDATE } from "./nodePool.ts";
import { untilRolesArrive } from "../azure/retries.ts";

/** The cluster itself. Ignores changes that Azure makes. */
export function managedCluster(
  name: string,
  args: MeshClusterArgs,
  foundations: ClusterPrerequisites,
  opts: pulumi.CustomResourceOptions,
): containerservice.ManagedCluster {
  const { location, resourceGroupName, before } = foundations;
  return new containerservice.ManagedCluster(
    name,
    { ...managedClusterProperties(name, args, foundations), location, resourceGroupName },
    {
      ...opts,
      protect: args.protect,
      dependsOn: [...before],
      ignoreChanges: movedByAzure(args),
      // AKS rejects a change of the CA: the mesh must be disabled first, which deletes all Istio
      // resources.
      replaceOnChanges: ["serviceMeshProfile.istio.certificateAuthority"],
      customTimeouts: LONG_UPDATE,
      hooks: untilRolesArrive(name),
    },
  );
}

/** The properties that Azure changes, and that the program must not reset. */
function movedByAzure({ autoUpgrade, revisions }: MeshClusterArgs): string[] {
  return [
    // Owned by the autoscaler; resetting it would drain nodes.
    "agentPoolProfiles[0].count",
    ...(movesVersion(autoUpgrade)
      ? ["kubernetesVersion", "agentPoolProfiles[0].orchestratorVersion"]
      : []),
    ...(revisions === "external" ? ["serviceMeshProfile.istio.revisions"] : []),
  ];
}
