import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { agentPool, nodePool } from "./nodePool.ts";
import type { NodePoolContext, UserPoolArgs } from "./nodePool.ts";

export interface UserPoolsArgs extends NodePoolContext {
  readonly resourceGroupName: pulumi.Input<string>;
  /** Name of the cluster. */
  readonly resourceName: pulumi.Input<string>;
  readonly userPools: Readonly<Record<string, UserPoolArgs>>;
}

/** The pools for workloads, each a resource of its own, so that it can come and go. */
export function userPools(
  name: string,
  args: UserPoolsArgs,
  opts: pulumi.CustomResourceOptions,
): readonly containerservice.AgentPool[] {
  const { resourceGroupName, resourceName } = args;
  return Object.entries(args.userPools).map(([poolName, pool]) =>
    agentPool(
      `${name}-${poolName}`,
      {
        ...nodePool(pool, args),
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
