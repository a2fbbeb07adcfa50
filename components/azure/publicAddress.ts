import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

/** A public IP address; the address is known once Azure has allocated it. */
export interface PublicAddress {
  readonly resource: network.PublicIPAddress;
  readonly ipAddress: pulumi.Output<string>;
}

/**
 * A static public IPv4 address. Azure charges for it by the hour.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
 */
export function createPublicAddress(
  name: string,
  args: {
    readonly location: pulumi.Input<string>;
    readonly resourceGroupName: pulumi.Input<string>;
    /** Its availability zones; empty in a region without zones. */
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
      if (ip === undefined) {
        throw new Error("Azure returned a static public IP address without an address.");
      }
      return ip;
    }),
  };
}
