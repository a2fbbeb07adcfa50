import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import { publicAddress } from "../azure/publicAddress.ts";

/** A way out with an address of its own. */
export interface OwnNatGateway {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
}

/**
 * A NAT gateway with a public IPv4 address, on which others may rely: it stays when the cluster is replaced. It costs
 * by the hour and by what goes through it. The kind that is in all zones at once takes a newer API version than the
 * one here; this one is in a zone of Azure's choice.
 *
 * @see https://learn.microsoft.com/azure/aks/nat-gateway
 */
export function natGateway(
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
  const address = publicAddress(
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
