import { lastOf } from "../identifiers.ts";
import { Refused } from "../refused.ts";
import type { Asked } from "../asked.ts";

/**
 * What a resource is in has to be there. What was never made here may have been there before.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found
 */
export function missingParent({ id, cloud }: Asked): Refused | undefined {
  const [, group] = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+)\//i.exec(id) ?? [];
  const isGone = (place: string) => cloud.wasMade(place) && cloud.find(place) === undefined;
  if (group !== undefined && isGone(group)) {
    return new Refused(
      404,
      "ResourceGroupNotFound",
      `Resource group '${lastOf(group)}' could not be found.`,
    );
  }
  const parent = id.split("/").slice(0, -2).join("/");
  if (isGone(parent)) {
    return new Refused(
      404,
      "ParentResourceNotFound",
      `Failed to perform 'write' on resource(s) of type '${id.split("/").at(-2) ?? ""}', because the parent resource '${parent}' could not be found.`,
    );
  }
  return undefined;
}
