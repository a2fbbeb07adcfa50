import { askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { resourceManager } from "./resourceManager.ts";

/** A resource provider, as the subscription sees it. */
export interface ResourceProvider {
  readonly namespace: string;
  /** `Registered`, `Registering`, `NotRegistered`, `Unregistered` or `Unregistering`. */
  readonly state: string;
  /** The regions of each resource type, such as `West Europe`; none for one that is in no region. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
}

/**
 * A resource provider; undefined if there is none of that name.
 *
 * @see https://learn.microsoft.com/rest/api/resources/providers/get
 */
export function readResourceProvider(
  azure: Azure,
  namespace: string,
): Promise<Answer<ResourceProvider | undefined>> {
  return askFor(`the resource provider ${namespace}`, async () => {
    const { registrationState, resourceTypes = [] } = await (
      await resourceManager(azure)
    ).providers.get(namespace);
    return {
      namespace,
      state: registrationState ?? "NotRegistered",
      regions: new Map(
        resourceTypes.map(({ resourceType = "", locations = [] }) => [
          resourceType.toLowerCase(),
          locations,
        ]),
      ),
    };
  });
}

/**
 * Starts the registration of a resource provider, which takes minutes.
 *
 * @see https://learn.microsoft.com/rest/api/resources/providers/register
 */
export function registerResourceProvider(
  azure: Azure,
  namespace: string,
): Promise<Answer<unknown>> {
  return askFor(`the registration of ${namespace}`, async () =>
    (await resourceManager(azure)).providers.register(namespace),
  );
}
