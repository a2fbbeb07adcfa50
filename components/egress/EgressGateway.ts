import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { egressEffects } from "../../mesh/egressPhases.ts";
import type { EgressPhase } from "../../mesh/egressPhases.ts";
import { egressRoutes } from "./egressRoutes.ts";
import type { EgressProtocol } from "./egressRoutes.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { agentPool, nodePool } from "../cluster/nodePool.ts";
import { untilAddOnsArrive } from "../azure/retries.ts";
import { StatusResource } from "../azure/statusResource.ts";

export interface EgressGatewayArgs {
  /** The cluster that traffic leaves; it has to have Azure's static egress gateway switched on. */
  readonly cluster: MeshCluster;
  /** Where the gateway runs, of the program's own: AKS' `aks-istio-egress` is there only after the first gateway. */
  readonly namespace: MeshNamespace;
  /** How far it has come. Each deployment takes one phase, on or back. */
  readonly phase: EgressPhase;
  readonly pool: EgressPoolArgs;
  /**
   * IPv4 ranges that the gateway's own addresses are not used for, because they are private or the node's.
   *
   * @see https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#create-a-static-gateway-configuration
   */
  readonly excludeCidrs: readonly string[];
  /** What each host outside is spoken to in, by its name; traffic to these and no other takes the gateway. */
  readonly hosts: Readonly<Record<string, EgressProtocol>>;
}

/**
 * The nodes that hold the addresses. Nothing else runs on them, the gateway's pods neither.
 *
 * @see https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#create-a-gateway-node-pool
 */
export interface EgressPoolArgs {
  /** At most 12 lower case letters and digits, a letter first. */
  readonly name: string;
  /** Size of its virtual machines, such as `Standard_D4ds_v5`. */
  readonly vmSize: string;
  /** Nodes: one for each address at most, and two for one to go. They are not scaled. */
  readonly count: number;
  /** Length of the prefix of public addresses: from 28, which are 16, to 31, which are 2. */
  readonly publicIPPrefixSize: number;
}

/**
 * A way out of the mesh with public addresses of its own, for those outside who admit traffic by its address. Its name
 * is the name of the component. The gateway itself is an entry of the cluster, which `egressGatewayEntries` makes
 * from the same settings; this is what has to be there before it, and the routes that come after it. It comes after
 * what the component depends on.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress
 */
export class EgressGateway extends pulumi.ComponentResource {
  /** The public addresses that traffic leaves with, such as `203.0.113.8/30`. */
  readonly egressIpPrefix: pulumi.Output<string>;

  constructor(name: string, args: EgressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, namespace, phase, hosts } = args;
    super("aks-istio:index:EgressGateway", name, { phase, hosts }, opts);
    // All goes with the cluster: taken down one by one, it would have to wait for a gateway that still runs.
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
          // AKS wants it to have addresses before it is used, and takes minutes to give it some.
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.egressIpPrefix}" },
        },
        spec: { gatewayNodepoolName: args.pool.name, excludeCidrs: [...args.excludeCidrs] },
      },
      pulumi.mergeOptions(children, {
        dependsOn: pool,
        hooks: untilAddOnsArrive(`EgressGateway ${name}`),
      }),
    );
    if (egressEffects(phase).routes) {
      egressRoutes(name, { namespace: namespace.namespaceName, hosts }, children);
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
  return agentPool(
    name,
    {
      ...nodePool({ vmSize, minCount: count, maxCount: count }, pools),
      agentPoolName,
      resourceGroupName,
      resourceName: cluster.name,
      mode: "Gateway",
      gatewayProfile: { publicIPPrefixSize },
      enableAutoScaling: false,
      minCount: undefined,
      maxCount: undefined,
      count,
      // One node less for a while rather than one more, for which there may be no address.
      upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
    },
    pools,
    opts,
  );
}
