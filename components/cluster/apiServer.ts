import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterNetwork } from "./clusterNetwork.ts";

/** How the API server is reached. */
export interface ApiServerArgs {
  /**
   * `public`: over the internet, also by the nodes. `vnet-integrated`: over the internet, and by the nodes within the
   * virtual network. `private`: within the virtual network and what is connected with it, where `pulumi up` has to run
   * as well.
   *
   * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration
   */
  readonly access: "public" | "vnet-integrated" | "private";
  /**
   * IPv4 ranges that may reach the API server over the internet; empty lets every address. Addresses of the cluster
   * itself that are known are added. A private API server is not on the internet.
   *
   * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
   */
  readonly authorizedIPRanges: readonly string[];
  /**
   * Resource ID of a private DNS zone, `private.<region>.azmk8s.io` or one below it, for the name of a private API
   * server; for networks that resolve names elsewhere.
   *
   * @default - AKS makes a zone that only the cluster's virtual network knows
   */
  readonly privateDnsZoneId?: string | undefined;
}

/** Whether the API server is in the virtual network. */
export function inVirtualNetwork({ access }: ApiServerArgs): boolean {
  return access !== "public";
}

/** What the cluster is told of its API server; never that others may run commands through Azure. */
export function apiServerAccessProfile(
  args: ApiServerArgs,
  network: ClusterNetwork,
): inputs.containerservice.ManagedClusterAPIServerAccessProfileArgs {
  const { access, authorizedIPRanges, privateDnsZoneId } = args;
  return {
    disableRunCommand: true,
    enableVnetIntegration: inVirtualNetwork(args),
    ...(network.apiServerSubnetId && { subnetId: network.apiServerSubnetId }),
    enablePrivateCluster: access === "private",
    ...(access === "private"
      ? { enablePrivateClusterPublicFQDN: false, privateDNSZone: privateDnsZoneId ?? "system" }
      : { authorizedIPRanges: [...authorizedIPRanges, ...ownAddresses(args, network)] }),
  };
}

/**
 * The addresses that the nodes come from when they reach the API server over the internet. The one of a load balancer
 * is let in by AKS itself.
 */
function ownAddresses({ access, authorizedIPRanges }: ApiServerArgs, network: ClusterNetwork) {
  const { outboundAddress } = network;
  const every = authorizedIPRanges.length === 0;
  if (access !== "public" || every || outboundAddress === undefined) return [];
  return [pulumi.interpolate`${outboundAddress}/32`];
}
