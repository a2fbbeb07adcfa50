import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import { createPublicAddress } from "../azure/publicAddress.ts";

/** A NAT gateway and its public address. */
export interface OwnNatGateway {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
}

/**
 * A NAT gateway with a stable public IPv4 address, which survives a replacement of the cluster. Azure charges by the
 * hour and by traffic. A zone-redundant NAT gateway requires a newer API version than the SDK has; for this one Azure
 * chooses the zone.
 *
 * @see https://learn.microsoft.com/azure/aks/nat-gateway
 */
export function createNatGateway(
  name: string,
  args: {
    readonly location: string;
    readonly resourceGroupName: pulumi.Input<string>;
    readonly zones: readonly string[];
    readonly protect: boolean;
  },
  opts: pulumi.CustomResourceOptions,
): OwnNatGateway {
  const { location, resourceGroupName, zones, protect } = args;
  const address = createPublicAddress(
    `${name}-outbound`,
    { location, resourceGroupName, zones },
    { ...opts, protect },
  );
  const gateway = new network.NatGateway(
    `${name}-outbound`,
    {
      location,
      resourceGroupName,
      sku: { name: "Standard" },
      publicIpAddresses: [{ id: address.resource.id }],
    },
    opts,
  );
  return { id: gateway.id, address: address.ipAddress };
}
