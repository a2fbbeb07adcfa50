import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { createAgentPool, nodePoolProperties } from "./nodePool.ts";
import type { NodePoolContext, UserPoolArgs } from "./nodePool.ts";

export interface UserPoolsArgs extends NodePoolContext {
  readonly resourceGroupName: pulumi.Input<string>;
  /** Name of the cluster. */
  readonly resourceName: pulumi.Input<string>;
  readonly userPools: Readonly<Record<string, UserPoolArgs>>;
}

/** The node pools for workloads, each a separate resource, so pools can be added and removed. */
export function createUserPools(
  name: string,
  args: UserPoolsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly containerservice.AgentPool[] {
  const { resourceGroupName, resourceName } = args;
  return Object.entries(args.userPools).map(([poolName, pool]) =>
    createAgentPool(
      `${name}-${poolName}`,
      {
        ...nodePoolProperties(pool, args),
        agentPoolName: poolName,
        mode: "User",
        nodeLabels: { ...pool.labels },
        nodeTaints: [...pool.taints],
        resourceGroupName,
        resourceName,
      },
      args,
      opts,
    ),
  );
}
