import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

/** A public address, which is known once Azure has chosen it. */
export interface PublicAddress {
  readonly resource: network.PublicIPAddress;
  readonly ipAddress: pulumi.Output<string>;
}

/**
 * A public IPv4 address that stays the same for as long as it is there. It costs by the hour.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
 */
export function publicAddress(
  name: string,
  args: {
    readonly location: pulumi.Input<string>;
    readonly resourceGroupName: pulumi.Input<string>;
    /** Availability zones that it is in; empty in a region that has none. */
    readonly zones: readonly string[];
  },
  opts: pulumi.CustomResourceOptions,
): PublicAddress {
  const { location, resourceGroupName, zones } = args;
  const resource = new network.PublicIPAddress(
    name,
    {
      location,
      resourceGroupName,
      sku: { name: "Standard", tier: "Regional" },
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      zones: [...zones],
    },
    opts,
  );
  return {
    resource,
    ipAddress: resource.ipAddress.apply((ip) => {
      if (ip === undefined) throw new Error("Azure made a static address without an address.");
      return ip;
    }),
  };
}
