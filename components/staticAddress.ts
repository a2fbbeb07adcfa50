import * as network from "@pulumi/azure-native/network";
import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import type { GatewayAnnotations } from "../mesh/gatewayAnnotations.ts";
import { letUseNetwork } from "./clusterIdentities.ts";
import type { MeshCluster } from "./meshCluster.ts";

export interface StaticAddress {
  readonly ipAddress: pulumi.Output<string>;
  /** What leads a load balancer to it. */
  readonly annotations: { readonly [Name in keyof GatewayAnnotations]: pulumi.Output<string> };
  /** Without the role the load balancer does not find it. */
  readonly role: pulumi.Resource;
}

/**
 * A public IPv4 address that outlives gateway and cluster, in a resource group of its own: the cluster's identity gets
 * its role on the group, which is where it looks, and there is nothing else in it.
 *
 * @see https://learn.microsoft.com/azure/aks/static-ip
 */
export function staticAddress(
  name: string,
  { cluster }: MeshCluster,
  zones: readonly string[],
  opts: pulumi.CustomResourceOptions,
): StaticAddress {
  const { location } = cluster;
  const group = new resources.ResourceGroup(`${name}-address`, { location }, opts);
  const address = new network.PublicIPAddress(
    name,
    {
      resourceGroupName: group.name,
      location,
      sku: { name: "Standard", tier: "Regional" },
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      zones: [...zones],
    },
    opts,
  );
  return {
    ipAddress: address.ipAddress.apply((ip) => {
      if (ip === undefined) throw new Error("Azure made a static address without an address.");
      return ip;
    }),
    annotations: {
      "service.beta.kubernetes.io/azure-load-balancer-resource-group": group.name,
      "service.beta.kubernetes.io/azure-pip-name": address.name,
    },
    role: letUseNetwork(`${name}-address`, cluster, group.id, opts),
  };
}
