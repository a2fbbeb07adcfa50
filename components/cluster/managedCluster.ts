import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { movesVersion } from "./autoUpgrade.ts";
import { managedClusterProperties } from "./managedClusterProperties.ts";
import type { ClusterPrerequisites } from "./clusterPrerequisites.ts";
import type { MeshClusterArgs } from "./meshClusterArgs.ts";
import { LONG_UPDATE } from "./nodePool.ts";
import { untilRolesArrive } from "../azure/retries.ts";

/** The cluster itself, with what is done about changes that are not the program's. */
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
      // AKS refuses another CA: the mesh would have to be disabled first, which deletes all that is Istio's.
      replaceOnChanges: ["serviceMeshProfile.istio.certificateAuthority"],
      customTimeouts: LONG_UPDATE,
      hooks: untilRolesArrive(name),
    },
  );
}

/** The properties that Azure moves, and that the program would move back. */
function movedByAzure({ autoUpgrade, revisions }: MeshClusterArgs): string[] {
  return [
    // The autoscaler's; setting it back would drain nodes.
    "agentPoolProfiles[0].count",
    ...(movesVersion(autoUpgrade)
      ? ["kubernetesVersion", "agentPoolProfiles[0].orchestratorVersion"]
      : []),
    ...(revisions === "external" ? ["serviceMeshProfile.istio.revisions"] : []),
  ];
}
