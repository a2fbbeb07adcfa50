import type * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import { isVnetIntegrated } from "./apiServer.ts";
import type { ApiServerArgs } from "./apiServer.ts";
import { assignBuiltInRole } from "../azure/builtInRole.ts";
import type { BuiltInRole } from "../azure/builtInRole.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";

/**
 * Grants the control plane use of the subnets of the nodes and the API server. A private API server requires the whole
 * virtual network, to which the control plane links the private DNS zone.
 *
 * @see https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
 */
export function grantNetworkRoles(
  name: string,
  apiServer: ApiServerArgs,
  network: ClusterNetwork,
  principalId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): readonly authorization.RoleAssignment[] {
  const assign = (place: string, role: BuiltInRole, scope: pulumi.Input<string>) =>
    assignBuiltInRole(
      `${name}-${place}`,
      { role, scope, principalId, principalType: "ServicePrincipal" },
      opts,
    );
  const { nodeSubnetId, apiServerSubnetId, virtualNetworkId } = network;
  if (apiServer.access === "private") {
    const { privateDnsZoneId: zone } = apiServer;
    return [
      assign("network", "Network Contributor", virtualNetworkId),
      ...(zone === undefined ? [] : [assign("dns-zone", "Private DNS Zone Contributor", zone)]),
    ];
  }
  return [
    assign("nodes", "Network Contributor", nodeSubnetId),
    ...(isVnetIntegrated(apiServer) && apiServerSubnetId
      ? [assign("api-server", "Network Contributor", apiServerSubnetId)]
      : []),
  ];
}
