import { listAt, textAt, valueAt } from "../cluster/clusterObject.ts";
import { askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { resourceManager } from "./resourceManager.ts";

/** A virtual network with its IPv4 ranges. */
export interface VirtualNetwork {
  readonly id: string;
  readonly ranges: readonly string[];
  readonly subnets: readonly { readonly name: string; readonly ranges: readonly string[] }[];
  readonly peers: readonly Peer[];
}

/** A network that is connected to another. */
export interface Peer {
  /** The resource ID of the other network. */
  readonly id: string;
  readonly ranges: readonly string[];
}

/** A stable version of Microsoft.Network. @see https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks */
const API_VERSION = "2024-05-01";

/**
 * A virtual network; undefined if it does not exist. A peering says the other network's ranges itself.
 *
 * @see https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
 */
export function readVirtualNetwork(
  azure: Azure,
  id: string,
): Promise<Answer<VirtualNetwork | undefined>> {
  return askFor(`the virtual network ${id}`, async () => {
    const client = await resourceManager(azure);
    // The client puts a slash before it.
    const found = await client.resources.getById(id.replace(/^\//, ""), API_VERSION);
    const properties: unknown = found.properties;
    return {
      id,
      ranges: ipv4(listAt(properties, "addressSpace", "addressPrefixes")),
      subnets: listAt(properties, "subnets").map((subnet) => ({
        name: textAt(subnet, "name") ?? "",
        ranges: ipv4([
          valueAt(subnet, "properties", "addressPrefix"),
          ...listAt(subnet, "properties", "addressPrefixes"),
        ]),
      })),
      peers: listAt(properties, "virtualNetworkPeerings").map((peering) => ({
        id: textAt(peering, "properties", "remoteVirtualNetwork", "id") ?? "",
        ranges: ipv4(
          ["remoteVirtualNetworkAddressSpace", "remoteAddressSpace"].flatMap((space) =>
            listAt(peering, "properties", space, "addressPrefixes"),
          ),
        ),
      })),
    };
  });
}

function ipv4(ranges: readonly unknown[]): readonly string[] {
  const texts = ranges.filter((range) => typeof range === "string");
  return [...new Set(texts.filter((range) => !range.includes(":")))];
}
