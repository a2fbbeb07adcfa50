import { rangesOverlap } from "../../../mesh/ranges.ts";
import { at, listOf, textAt } from "../access.ts";
import { isOfKind } from "../kinds.ts";
import { Refused } from "../refused.ts";
import type { Asked } from "../asked.ts";

/** A service range that overlaps a subnet. @see https://github.com/Azure/azure-cli/issues/20810 */
export function overlappingRanges({ type, inputs, cloud }: Asked): Refused | undefined {
  if (!isOfKind(type, "containerservice:ManagedCluster")) return undefined;
  const services = at(inputs, "networkProfile", "serviceCidr");
  if (typeof services !== "string") return undefined;
  for (const pool of listOf(at(inputs, "agentPoolProfiles"))) {
    const subnet = cloud.find(textAt(pool, "vnetSubnetID"));
    const range = at(subnet?.inputs, "addressPrefix");
    if (typeof range === "string" && rangesOverlap(services, range)) {
      return new Refused(
        400,
        "ServiceCidrOverlapExistingSubnetsCidr",
        `The specified service CIDR ${services} is conflicted with an existing subnet CIDR ${range}`,
      );
    }
  }
  return undefined;
}
