import { z } from "zod";
import { prefixLength, rangesOverlap } from "../../mesh/ranges.ts";
import { IPv4Range, keys } from "../core/scalars.ts";
import { isMap, valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import { ApiServerSubnetId, SubnetId } from "../core/resourceIds.ts";
import type { Violation } from "../core/violation.ts";

/** Ranges that AKS reserves. @see https://learn.microsoft.com/azure/aks/concepts-network-cni-overview */
const RESERVED = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];

/** A range with a prefix length within these bounds. */
function range(shortest: number, longest: number) {
  return IPv4Range.refine(
    (text) => {
      const length = prefixLength(text);
      return length >= shortest && length <= longest;
    },
    { error: `must be from /${shortest} to /${longest}`, abort: true },
  ).refine((text) => !RESERVED.some((reserved) => rangesOverlap(text, reserved)), {
    error: `must not overlap a range that AKS reserves: ${RESERVED.join(", ")}`,
  });
}

/** The ranges, which must not overlap, with the defaults of AKS. */
const RANGES = {
  // Nodes use the first half. The other half must have room for the 16 addresses of the API server.
  addressSpace: range(8, 25)
    .default("10.224.0.0/16")
    .describe(
      "The IPv4 range of the virtual network that the program creates, from /8 to /25. Nodes use its first half. It does not apply with subnets. A cluster cannot change it.",
    ),
  // Each node uses a /24.
  podCidr: range(8, 24)
    .default("10.244.0.0/16")
    .describe(
      "The IPv4 range of pods, from /8 to /24. Each node uses a /24 of it. A cluster cannot change it.",
    ),
  // The eleventh address is for the DNS server.
  serviceCidr: range(13, 28)
    .default("10.0.0.0/16")
    .describe("The IPv4 range of Services, from /13 to /28. A cluster cannot change it."),
};

const Subnets = keys({
  nodes: SubnetId.describe("The resource ID of the subnet of the nodes."),
  apiServer: ApiServerSubnetId.optional().describe(
    "The resource ID of the subnet of the API server. Required if apiServer.access is vnet-integrated or private; otherwise it does not apply. It has at least 16 addresses and is delegated to Microsoft.ContainerService/managedClusters.",
  ),
});

export const OutboundType = z
  .enum(["loadBalancer", "userAssignedNATGateway", "userDefinedRouting"])
  .default("loadBalancer");

/** The key `aks-istio:cluster.network`. */
export const Network = keys({
  ...RANGES,
  subnets: Subnets.optional().describe(
    "Existing subnets for the cluster. Without them, the program creates a virtual network.",
  ),
  outboundType: OutboundType.describe(
    "How traffic leaves the cluster. userDefinedRouting requires subnets.nodes, whose route table leads to your firewall. A cluster cannot change it.",
  ),
});

const NETWORK = ["cluster", "network"] as const;

/** Checks which settings apply with existing subnets, and which require them. */
export function checkNetwork(values: Values): readonly Violation[] {
  const given = valueAt(values, [...NETWORK, "subnets"]) !== undefined;
  const addressSpace = [...NETWORK, "addressSpace"];
  const outboundType = [...NETWORK, "outboundType"];
  if (given) {
    if (valueAt(values, addressSpace) === undefined) return [];
    const rule = "does not apply with subnets, which already have ranges; remove it";
    return [{ steps: addressSpace, rule, hideValue: true }];
  }
  if (read(OutboundType, values, outboundType) !== "userDefinedRouting") return [];
  return [
    {
      steps: outboundType,
      rule: "requires an existing subnet with routes; set subnets.nodes",
    },
  ];
}

/** The API server and the nodes require different subnets of one virtual network. */
export function checkSubnets(values: Values): readonly Violation[] {
  const [nodes, apiServer] = ["nodes", "apiServer"].map((key) =>
    read(SubnetId, values, [...NETWORK, "subnets", key])?.toLowerCase(),
  );
  if (nodes === undefined || apiServer === undefined) return [];
  const steps = [...NETWORK, "subnets", "apiServer"];
  if (nodes === apiServer) return [{ steps, rule: "must not be the nodes' subnet" }];
  const network = (id: string) => id.split("/subnets/")[0];
  if (network(nodes) === network(apiServer)) return [];
  return [{ steps, rule: "must be in the virtual network of the nodes' subnet" }];
}

/** @see https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#ip-address-planning */
export function checkRangesDoNotOverlap(values: Values): readonly Violation[] {
  const ranges = Object.entries(RANGES)
    // The ranges of existing subnets are unknown here.
    .filter(([key]) => key !== "addressSpace" || !isMap(valueAt(values, [...NETWORK, "subnets"])))
    .flatMap(([key, schema]) => {
      const steps: Step[] = [...NETWORK, key];
      const found = read(schema, values, steps);
      return found === undefined ? [] : [{ key, steps, found }];
    });
  return ranges.flatMap((one, index) =>
    ranges.slice(index + 1).flatMap((other): Violation[] => {
      if (!rangesOverlap(one.found, other.found)) return [];
      // Report the range in the stack file, not the default that it overlaps.
      const [wrong, right] =
        valueAt(values, other.steps) === undefined ? [one, other] : [other, one];
      return [
        { steps: wrong.steps, rule: `must not overlap ${right.key}, which is ${right.found}` },
      ];
    }),
  );
}
