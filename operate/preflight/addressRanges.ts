import type { ManagedCluster } from "@azure/arm-containerservice";
import { prefixLength, rangesOverlap, sizeOf } from "../../mesh/ranges.ts";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { readVirtualNetwork } from "../azure/virtualNetworks.ts";
import type { VirtualNetwork } from "../azure/virtualNetworks.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { Wanted } from "./wanted.ts";

const say = sayings("address-ranges");

/** Whether the ranges of the cluster are free in its virtual network and in the networks that are peered with it. */
export const addressRanges: Check = {
  name: "address-ranges",
  run: async ({ azure, wanted, cluster }) => {
    const own = wanted.network.subnets?.nodes;
    // A cluster that exists has a network, which may be connected to others.
    if (own === undefined && !isAnswered(cluster)) {
      return [say.unchecked("virtual network", cluster)];
    }
    const subnetId = own ?? nodeSubnetOf(isAnswered(cluster) ? cluster.value : undefined);
    if (subnetId === undefined) {
      const why = "The deployment creates it, so nothing is connected to it yet.";
      return [say.passed("virtual network", why)];
    }
    const id = subnetId.replace(/\/subnets\/[^/]+$/i, "");
    return judgeNetwork(wanted, id, await readVirtualNetwork(azure, id));
  },
};

/** The subnet of the nodes of an existing cluster. */
function nodeSubnetOf(cluster: ManagedCluster | undefined): string | undefined {
  return cluster?.agentPoolProfiles?.[0]?.vnetSubnetID;
}

/**
 * A pod or Service with an address of a connected network would hide that network's addresses from the nodes.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-cni-overlay
 * @see https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
 */
export function judgeNetwork(
  wanted: Wanted,
  id: string,
  answer: Answer<VirtualNetwork | undefined>,
): readonly Observation[] {
  const subject = `virtual network ${nameIn(id)}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  const network = answer.value;
  if (network === undefined) {
    return [
      say.failed(
        subject,
        "It does not exist, but cluster.network.subnets names subnets in it.",
        "Create it, or correct the IDs in cluster.network.subnets.",
        [`az network vnet show --ids ${id}`],
      ),
    ];
  }
  const connected = [
    { subject, ranges: network.ranges },
    ...network.peers.map((peer) => ({
      subject: `${subject}, peered with ${nameIn(peer.id)}`,
      ranges: peer.ranges,
    })),
  ];
  const silent = connected
    .filter(({ ranges }) => ranges.length === 0)
    .map((one) =>
      say.unchecked(one.subject, {
        reason: "Azure does not say which addresses it has.",
        fix: "Compare them with cluster.network.podCidr and serviceCidr yourself.",
      }),
    );
  const clashes = connected.flatMap((one) => clashesOf(wanted, one.subject, one.ranges));
  return [
    ...subnetsOf(wanted, network),
    ...(clashes.length + silent.length > 0
      ? [...clashes, ...silent]
      : [
          say.passed(subject, `Pods and Services have other addresses than it${peersOf(network)}.`),
        ]),
  ];
}

function peersOf({ peers }: VirtualNetwork): string {
  if (peers.length === 0) return ", which has no peers";
  return peers.length === 1 ? " and its peer" : ` and its ${peers.length} peers`;
}

function clashesOf(
  { network: { podCidr, serviceCidr } }: Wanted,
  subject: string,
  ranges: readonly string[],
): readonly Observation[] {
  return Object.entries({ podCidr, serviceCidr }).flatMap(([setting, wanted]) => {
    const taken = ranges.filter((range) => rangesOverlap(range, wanted));
    if (taken.length === 0) return [];
    return [
      say.failed(
        subject,
        `cluster.network.${setting} is ${wanted}, which overlaps ${taken.join(" and ")}.`,
        `Choose a range for ${setting} that no connected network uses. A cluster cannot change it later.`,
      ),
    ];
  });
}

/** Azure keeps these addresses of every subnet. @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const RESERVED = 5;

/** The subnets must exist, and have an address for every node. */
function subnetsOf(
  { network: { subnets }, pools }: Wanted,
  network: VirtualNetwork,
): readonly Observation[] {
  if (subnets === undefined) return [];
  const nodes = pools.reduce((sum, { maxCount }) => sum + maxCount, 0);
  return Object.entries(subnets).flatMap(([setting, id]) => {
    if (id === undefined) return [];
    const name = nameIn(id);
    const subject = `subnet ${name}`;
    const found = network.subnets.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const names = network.subnets.map((each) => each.name).join(", ") || "none";
      return [
        say.failed(
          subject,
          `The virtual network ${nameIn(network.id)} has no such subnet; it has: ${names}.`,
          `Create it, or correct cluster.network.subnets.${setting}.`,
        ),
      ];
    }
    if (setting !== "nodes") return [say.passed(subject, "It exists.")];
    const addresses =
      found.ranges.reduce((sum, range) => sum + sizeOf(prefixLength(range)), 0) - RESERVED;
    return [
      nodes > addresses
        ? say.failed(
            subject,
            `It has ${addresses} addresses for nodes, but the pools have ${nodes} nodes at their maximum.`,
            "Choose a larger subnet, or lower maxCount.",
          )
        : say.passed(subject, `It has ${addresses} addresses for ${nodes} nodes at most.`),
    ];
  });
}

function nameIn(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
