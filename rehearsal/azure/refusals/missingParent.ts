import { lastOf } from "../identifiers.ts";
import { Refused } from "../refused.ts";
import type { Asked } from "../asked.ts";

/**
 * The parent of a resource must exist. A parent that was never created here may already exist in the subscription.
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
