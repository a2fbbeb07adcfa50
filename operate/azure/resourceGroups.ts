import { askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { resourceManager } from "./resourceManager.ts";

/**
 * The region of a resource group; undefined if it does not exist.
 *
 * @see https://learn.microsoft.com/rest/api/resources/resource-groups/get
 */
export function readResourceGroup(
  azure: Azure,
  name: string,
): Promise<Answer<{ readonly location: string } | undefined>> {
  return askFor(`the resource group ${name}`, async () => {
    const { location } = await (await resourceManager(azure)).resourceGroups.get(name);
    return { location };
  });
}
