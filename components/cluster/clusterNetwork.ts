import * as network from "@pulumi/azure-native/network";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { addressAt, partOf, prefixLength, sizeOf } from "../../mesh/ranges.ts";
import { createNatGateway } from "./natGateway.ts";

/** How the cluster reaches the internet. @see https://learn.microsoft.com/azure/aks/egress-outboundtype */
export type OutboundType = "loadBalancer" | "userAssignedNATGateway" | "userDefinedRouting";

/** The network of the nodes, and the address ranges of the cluster. The ranges must not overlap. */
export interface ClusterNetworkArgs {
  /**
   * Range of the virtual network that is created for the cluster, from /8 to /25. The nodes get its first half, the API
   * server the next 16 addresses, and the rest is free. Not used if `subnets` is set.
   */
  readonly addressSpace: string;
  /** Resource IDs of existing subnets, to use instead of a new virtual network. */
  readonly subnets?:
    | {
        readonly nodes: pulumi.Input<string>;
        /**
         * For an API server in the virtual network: a subnet with at least 16 addresses, delegated to
         * `Microsoft.ContainerService/managedClusters`.
         */
        readonly apiServer?: pulumi.Input<string> | undefined;
      }
    | undefined;
  /**
   * `loadBalancer`: through the cluster's load balancer, in all its zones. `userAssignedNATGateway`: through a NAT
   * gateway, which supports many more connections but is in one zone; existing subnets must already have one.
   * `userDefinedRouting`: through the routes of existing subnets, for example a firewall.
   */
  readonly outboundType: OutboundType;
  /** Range of the pods; each node uses a /24 of it. Can be expanded later, but not moved. */
  readonly podCidr: string;
  /** Range of the services, smaller than a /12. Immutable. */
  readonly serviceCidr: string;
}

/** A cluster's network, new or existing. */
export interface ClusterNetwork {
  readonly virtualNetworkId: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly apiServerSubnetId: pulumi.Output<string> | undefined;
  /** The public address of all outbound traffic from the nodes; undefined if unknown. */
  readonly outboundAddress: pulumi.Output<string> | undefined;
  readonly origin: NodeOrigin;
}

/** How a Key Vault firewall identifies the nodes; empty if only the owner of the network knows. */
export interface NodeOrigin {
  readonly addresses: readonly pulumi.Output<string>[];
  /** Resource IDs of subnets with the service endpoint `Microsoft.KeyVault`. */
  readonly subnetIds: readonly pulumi.Output<string>[];
}

export interface ClusterNetworkContext {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly zones: readonly string[];
  /** Whether the API server is in the virtual network, too. */
  readonly withApiServer: boolean;
  /** Whether the nodes read from a Key Vault whose firewall must identify them. */
  readonly withVaultFirewall: boolean;
  /** Whether to protect resources that cannot be recreated identically. */
  readonly protect: boolean;
}

/** The network of a cluster: a new one, or an existing one. */
export function createClusterNetwork(
  name: string,
  args: ClusterNetworkArgs,
  context: ClusterNetworkContext,
  opts: pulumi.CustomResourceOptions,
): ClusterNetwork {
  const { addressSpace, subnets, outboundType } = args;
  if (subnets === undefined) {
    if (outboundType === "userDefinedRouting") {
      throw new Error(
        `${name}: userDefinedRouting requires existing subnets with routes. Set subnets.`,
      );
    }
    const withNatGateway = outboundType === "userAssignedNATGateway";
    return ownNetwork(name, addressSpace, { ...context, withNatGateway }, opts);
  }
  if (context.withApiServer && subnets.apiServer === undefined) {
    throw new Error(`${name}: the API server requires its own subnet. Set subnets.apiServer.`);
  }
  const nodeSubnetId = pulumi.output(subnets.nodes);
  return {
    virtualNetworkId: nodeSubnetId.apply((id) => id.replace(/\/subnets\/[^/]+$/i, "")),
    nodeSubnetId,
    apiServerSubnetId:
      subnets.apiServer === undefined ? undefined : pulumi.output(subnets.apiServer),
    outboundAddress: undefined,
    origin: { addresses: [], subnetIds: [] },
  };
}

function ownNetwork(
  name: string,
  addressSpace: string,
  context: ClusterNetworkContext & { readonly withNatGateway: boolean },
  opts: pulumi.CustomResourceOptions,
): ClusterNetwork {
  const { location, resourceGroupName, withApiServer, withNatGateway, protect } = context;
  // The address of a load balancer is unknown until the cluster exists.
  const withVaultEndpoint = context.withVaultFirewall && !withNatGateway;
  const ranges = subnetRanges(addressSpace);
  const virtualNetwork = new network.VirtualNetwork(
    `${name}-network`,
    { location, resourceGroupName, addressSpace: { addressPrefixes: [addressSpace] } },
    { ...opts, protect },
  );
  const gateway = withNatGateway ? createNatGateway(name, context, opts) : undefined;
  const place = { resourceGroupName, virtualNetworkName: virtualNetwork.name };
  const nodes = new network.Subnet(
    `${name}-nodes`,
    {
      ...place,
      addressPrefix: ranges.nodes,
      // Use only the cluster's outbound type, not Azure's default outbound access.
      defaultOutboundAccess: false,
      ...(gateway && { natGateway: { id: gateway.id } }),
      ...(withVaultEndpoint && {
        serviceEndpoints: [{ service: "Microsoft.KeyVault", locations: ["*"] }],
      }),
    },
    opts,
  );
  const apiServer = withApiServer
    ? new network.Subnet(
        `${name}-api-server`,
        {
          ...place,
          addressPrefix: ranges.apiServer,
          defaultOutboundAccess: false,
          delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
        },
        // Azure changes one subnet of a network at a time, and rejects concurrent changes.
        { ...opts, dependsOn: nodes },
      )
    : undefined;
  return {
    virtualNetworkId: virtualNetwork.id,
    nodeSubnetId: nodes.id,
    apiServerSubnetId: apiServer?.id,
    outboundAddress: gateway?.address,
    origin: {
      addresses: gateway === undefined ? [] : [gateway.address],
      subnetIds: withVaultEndpoint ? [nodes.id] : [],
    },
  };
}

/** The ranges of the subnets in a virtual network. Permanent, because a subnet in use cannot change. */
function subnetRanges(addressSpace: string) {
  const half = prefixLength(addressSpace) + 1;
  return {
    nodes: partOf(addressSpace, 0, half),
    apiServer: partOf(addressSpace, sizeOf(half), 28),
  };
}

/** Network settings of the cluster: Azure CNI Overlay, powered by Cilium. */
export function networkProfile({
  outboundType,
  podCidr,
  serviceCidr,
}: ClusterNetworkArgs): inputs.containerservice.ContainerServiceNetworkProfileArgs {
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    outboundType,
    podCidr,
    serviceCidr,
    dnsServiceIP: addressAt(serviceCidr, 10),
  };
}
