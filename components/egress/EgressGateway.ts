import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { egressEffects } from "../../mesh/egressPhases.ts";
import type { EgressPhase } from "../../mesh/egressPhases.ts";
import { createEgressRoutes } from "./egressRoutes.ts";
import type { EgressProtocol } from "./egressRoutes.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { createAgentPool, nodePoolProperties } from "../cluster/nodePool.ts";
import { retryUntilAddOnsArrive } from "../azure/retries.ts";
import { StatusResource } from "../azure/statusResource.ts";

export interface EgressGatewayArgs {
  /** The cluster. AKS static egress gateway must be enabled on it. */
  readonly cluster: MeshCluster;
  /**
   * Namespace of the gateway, which the program must create: `aks-istio-egress` exists only after the first gateway.
   */
  readonly namespace: MeshNamespace;
  /** Rollout phase. Each deployment moves one phase forward or back. */
  readonly phase: EgressPhase;
  readonly pool: EgressPoolArgs;
  /**
   * IPv4 ranges to which traffic does not use the gateway's addresses.
   *
   * @see https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#create-a-static-gateway-configuration
   */
  readonly excludeCidrs: readonly string[];
  /** The protocol of each external host, by host name. Only traffic to these hosts uses the gateway. */
  readonly hosts: Readonly<Record<string, EgressProtocol>>;
}

/**
 * The node pool that holds the addresses. Nothing else runs on it, not even the gateway's pods.
 *
 * @see https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#create-a-gateway-node-pool
 */
export interface EgressPoolArgs {
  /** 1 to 12 lowercase letters and digits, starting with a letter. */
  readonly name: string;
  /** VM size of its nodes, such as `Standard_D4ds_v5`. */
  readonly vmSize: string;
  /** Number of nodes: at most one per address; at least two, so one can be replaced. Not autoscaled. */
  readonly count: number;
  /** Prefix length of the public addresses, from 28 (16 addresses) to 31 (2 addresses). */
  readonly publicIPPrefixSize: number;
}

/**
 * An egress gateway with its own public addresses, for external services that filter by source address. It is named
 * after the component. The gateway itself is an entry of the cluster, which `egressGatewayEntries` creates from the
 * same settings; this component creates its prerequisites, and the routes to it. Its resources depend on the
 * component's `dependsOn`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
 */
export class EgressGateway extends pulumi.ComponentResource {
  /** The public addresses of outbound traffic, such as `203.0.113.8/30`. */
  readonly egressIpPrefix: pulumi.Output<string>;

  constructor(name: string, args: EgressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, namespace, phase, hosts } = args;
    super("aks-istio:index:EgressGateway", name, { phase, hosts }, opts);
    // Deleted with the cluster: deleting one by one would have to wait for a gateway that still
    // runs.
    const children = {
      parent: this,
      dependsOn: opts?.dependsOn ?? [],
      deletedWith: cluster.cluster,
    };

    const pool = gatewayPool(name, cluster, args.pool, children);
    const configuration = new StatusResource<{ readonly egressIpPrefix: string }>(
      name,
      {
        apiVersion: "egressgateway.kubernetes.azure.com/v1alpha1",
        kind: "StaticGatewayConfiguration",
        metadata: {
          name,
          namespace: namespace.namespaceName,
          // AKS requires addresses before it is used, and takes minutes to allocate them.
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.egressIpPrefix}" },
        },
        spec: { gatewayNodepoolName: args.pool.name, excludeCidrs: [...args.excludeCidrs] },
      },
      pulumi.mergeOptions(children, {
        dependsOn: pool,
        hooks: retryUntilAddOnsArrive(`EgressGateway ${name}`),
      }),
    );
    if (egressEffects(phase).routes) {
      createEgressRoutes(name, { namespace: namespace.namespaceName, hosts }, children);
    }
    this.egressIpPrefix = configuration.status.apply(({ egressIpPrefix }) => egressIpPrefix);
    this.registerOutputs({ egressIpPrefix: this.egressIpPrefix });
  }
}

function gatewayPool(
  name: string,
  { cluster, resourceGroupName, pools }: MeshCluster,
  { name: agentPoolName, vmSize, count, publicIPPrefixSize }: EgressPoolArgs,
  opts: pulumi.CustomResourceOptions,
): containerservice.AgentPool {
  return createAgentPool(
    name,
    {
      ...nodePoolProperties({ vmSize, minCount: count, maxCount: count }, pools),
      agentPoolName,
      resourceGroupName,
      resourceName: cluster.name,
      mode: "Gateway",
      gatewayProfile: { publicIPPrefixSize },
      enableAutoScaling: false,
      minCount: undefined,
      maxCount: undefined,
      count,
      // Remove a node first during upgrades, because there may be no address for an additional one.
      upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
    },
    pools,
    opts,
  );
}
