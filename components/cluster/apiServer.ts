import type * as inputs from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterNetwork } from "./clusterNetwork.ts";

/**
 * How clients reach the API server.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration
 */
export type ApiServerArgs = PublicApiServerArgs | PrivateApiServerArgs;

interface PublicApiServerArgs {
  /**
   * `public`: over the internet, including the nodes. `vnet-integrated`: over the internet, and within the virtual
   * network for the nodes.
   */
  readonly access: "public" | "vnet-integrated";
  /**
   * IPv4 ranges that may reach the API server over the internet; if empty, every address may connect. Known addresses
   * of the cluster itself are added.
   *
   * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
   */
  readonly authorizedIPRanges: readonly string[];
}

interface PrivateApiServerArgs {
  /** Only from the virtual network and connected networks, where `pulumi up` must run, too. */
  readonly access: "private";
  /**
   * Resource ID of a private DNS zone for the name of the API server: `private.<region>.azmk8s.io` or a subdomain of it.
   * Needed if other networks must resolve the name.
   *
   * @default - AKS creates a zone that only the cluster's virtual network can resolve
   */
  readonly privateDnsZoneId?: string | undefined;
}

/** Whether the API server is in the virtual network. */
export function isVnetIntegrated({ access }: ApiServerArgs): boolean {
  return access !== "public";
}

/** API server settings of the cluster; `az aks command invoke` is always disabled. */
export function apiServerAccessProfile(
  args: ApiServerArgs,
  network: ClusterNetwork,
): inputs.containerservice.ManagedClusterAPIServerAccessProfileArgs {
  return {
    disableRunCommand: true,
    enableVnetIntegration: isVnetIntegrated(args),
    ...(network.apiServerSubnetId && { subnetId: network.apiServerSubnetId }),
    enablePrivateCluster: args.access === "private",
    ...(args.access === "private"
      ? {
          enablePrivateClusterPublicFQDN: false,
          privateDNSZone: args.privateDnsZoneId ?? "system",
        }
      : { authorizedIPRanges: [...args.authorizedIPRanges, ...ownAddresses(args, network)] }),
  };
}

/**
 * The nodes' own outbound addresses, for access to the API server over the internet. AKS itself allows the address of a
 * load balancer.
 */
function ownAddresses(
  { access, authorizedIPRanges }: PublicApiServerArgs,
  network: ClusterNetwork,
) {
  const { outboundAddress } = network;
  const every = authorizedIPRanges.length === 0;
  if (access !== "public" || every || outboundAddress === undefined) return [];
  return [pulumi.interpolate`${outboundAddress}/32`];
}
