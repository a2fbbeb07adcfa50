import { isPrivateRange } from "../../mesh/ranges.ts";
import { ApiServerAccess } from "./schema.ts";
import { IPv4Range } from "../core/scalars.ts";
import { OutboundType } from "./network.ts";
import { valueAt } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/** The path of the ranges that may reach the API server. */
export const AUTHORIZED_RANGES = ["cluster", "apiServer", "authorizedIPRanges"] as const;

/** The rules on these ranges. */
export const AUTHORIZED_RANGE_RULES = [checkAuthorizedRangeCount, checkPublicRanges] as const;

/**
 * AKS allows 200 ranges for a public API server and 2,000 for one in the virtual network. For a public one, the program
 * adds the address of a NAT gateway that it creates.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges#limitations-and-considerations
 */
function checkAuthorizedRangeCount(values: Values): readonly Violation[] {
  const ranges = valueAt(values, AUTHORIZED_RANGES);
  const access = accessOf(values);
  if (!Array.isArray(ranges) || access === undefined || access === "private") return [];
  const outboundType = read(OutboundType, values, ["cluster", "network", "outboundType"]);
  const ownAddress =
    access === "public" &&
    outboundType === "userAssignedNATGateway" &&
    valueAt(values, ["cluster", "network", "subnets"]) === undefined;
  const most = (access === "public" ? 200 : 2000) - (ownAddress ? 1 : 0);
  if (ranges.length <= most) return [];
  const why = ownAddress ? ", which leaves room for the address of the NAT gateway" : "";
  const rule = `must have at most ${most} entries with access: ${access}${why}, but has ${ranges.length}; join adjacent ranges`;
  return [{ steps: AUTHORIZED_RANGES, rule, hideValue: true }];
}

/**
 * The Azure CLI refuses private ranges, too. With VNet integration, clients can also reach the API server privately,
 * and AKS does not document whether ranges then apply: `clusterWarnings` warns about them.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
 * @see https://github.com/Azure/azure-cli-extensions/issues/1764
 */
function checkPublicRanges(values: Values): readonly Violation[] {
  const ranges = valueAt(values, AUTHORIZED_RANGES);
  if (!Array.isArray(ranges) || accessOf(values) !== "public") return [];
  return ranges
    .map((_, index) => [...AUTHORIZED_RANGES, index])
    .filter((steps) => isPrivateRange(read(IPv4Range, values, steps) ?? ""))
    .map((steps) => ({
      steps,
      rule: "is private, but the API server sees only public addresses: requests from a private network come from the public address of its NAT gateway, firewall or load balancer; use that address",
    }));
}

/** How clients reach the API server; undefined if the value is invalid. */
export function accessOf(values: Values) {
  return read(ApiServerAccess, values, ["cluster", "apiServer", "access"]);
}
