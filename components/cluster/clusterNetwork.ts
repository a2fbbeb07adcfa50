import * as network from "@pulumi/azure-native/network";
import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { addressAt, partOf, prefixLength, sizeOf } from "../../mesh/ranges.ts";
import { natGateway } from "./natGateway.ts";

/** How what runs in the cluster reaches what is outside. @see https://learn.microsoft.com/azure/aks/egress-outboundtype */
export type OutboundType = "loadBalancer" | "userAssignedNATGateway" | "userDefinedRouting";

/** Where the nodes are, and which addresses there are. None of the ranges may overlap another. */
export interface ClusterNetworkArgs {
  /**
   * Range of the virtual network that is made for the cluster, from /8 to /25: the nodes get its first half, the API
   * server 16 addresses behind it, and the rest is free. Unused where `subnets` are given.
   */
  readonly addressSpace: string;
  /** Resource IDs of subnets that are there already, in the place of a virtual network of the cluster's own. */
  readonly subnets?:
    | {
        readonly nodes: pulumi.Input<string>;
        /**
         * For an API server in the virtual network: of at least 16 addresses, and delegated to
         * `Microsoft.ContainerService/managedClusters`.
         */
        readonly apiServer?: pulumi.Input<string> | undefined;
      }
    | undefined;
  /**
   * `loadBalancer`: by the cluster's own, in all its zones. `userAssignedNATGateway`: by a NAT gateway, which has ports
   * for many more connections but is in one zone; for given subnets it has to be there. `userDefinedRouting`: by the
   * routes of given subnets, as through a firewall.
   */
  readonly outboundType: OutboundType;
  /** Range of the pods; a node takes a /24 of it. Can grow later, but not move. */
  readonly podCidr: string;
  /** Range of the services, smaller than a /12. Can never change. */
  readonly serviceCidr: string;
}

/** What there is of a network, made or given. */
export interface ClusterNetwork {
  readonly virtualNetworkId: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly apiServerSubnetId: pulumi.Output<string> | undefined;
  /** The public address that all traffic from the nodes has, where it is known here. */
  readonly outboundAddress: pulumi.Output<string> | undefined;
  readonly origin: NodeOrigin;
}

/** What the firewall of a Key Vault knows the nodes by; empty where only the owner of the network knows. */
export interface NodeOrigin {
  readonly addresses: readonly pulumi.Output<string>[];
  /** Resource IDs of subnets with the service endpoint `Microsoft.KeyVault`. */
  readonly subnetIds: readonly pulumi.Output<string>[];
}

export interface ClusterNetworkContext {
  readonly location: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly zones: readonly string[];
  /** Whether the API server is in the virtual network too. */
  readonly withApiServer: boolean;
  /** Whether the nodes read from a Key Vault behind a firewall, which has to know where they come from. */
  readonly withVaultFirewall: boolean;
  /** Whether what cannot be had again as it was is protected. */
  readonly protect: boolean;
}

/** The network that a cluster is in: one of its own, or the one that it is given. */
export function clusterNetwork(
  name: string,
  args: ClusterNetworkArgs,
  surroundings: ClusterNetworkContext,
  opts: pulumi.CustomResourceOptions,
): ClusterNetwork {
  const { addressSpace, subnets, outboundType } = args;
  if (subnets === undefined) {
    if (outboundType === "userDefinedRouting") {
      throw new Error(`${name}: userDefinedRouting takes subnets with routes, and none is given.`);
    }
    const withNatGateway = outboundType === "userAssignedNATGateway";
    return ownNetwork(name, addressSpace, { ...surroundings, withNatGateway }, opts);
  }
  if (surroundings.withApiServer && subnets.apiServer === undefined) {
    throw new Error(`${name}: the API server takes a subnet of its own, and none is given.`);
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
  surroundings: ClusterNetworkContext & { readonly withNatGateway: boolean },
  opts: pulumi.CustomResourceOptions,
): ClusterNetwork {
  const { location, resourceGroupName, withApiServer, withNatGateway, protect } = surroundings;
  // The address of a load balancer is not known before there is a cluster.
  const withVaultEndpoint = surroundings.withVaultFirewall && !withNatGateway;
  const ranges = subnetRanges(addressSpace);
  const virtualNetwork = new network.VirtualNetwork(
    `${name}-network`,
    { location, resourceGroupName, addressSpace: { addressPrefixes: [addressSpace] } },
    { ...opts, protect },
  );
  const gateway = withNatGateway ? natGateway(name, surroundings, opts) : undefined;
  const place = { resourceGroupName, virtualNetworkName: virtualNetwork.name };
  const nodes = new network.Subnet(
    `${name}-nodes`,
    {
      ...place,
      addressPrefix: ranges.nodes,
      // Out by what the cluster is given for that, and not by an address of Azure's choice as well.
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
        // Azure changes one subnet of a network at a time, and refuses another meanwhile.
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

/** The ranges of the subnets in a virtual network; for life, because a subnet with something in it cannot move. */
function subnetRanges(addressSpace: string) {
  const half = prefixLength(addressSpace) + 1;
  return {
    nodes: partOf(addressSpace, 0, half),
    apiServer: partOf(addressSpace, sizeOf(half), 28),
  };
}

/** What the cluster is told of its network: Azure CNI in overlay mode, by Cilium. */
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
