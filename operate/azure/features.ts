import { askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";

/**
 * The state of a preview feature, such as `Registered`, `Registering`, `Pending` and `NotRegistered`; undefined if there
 * is no such feature, which is also so for one whose preview ended long ago.
 *
 * @param feature as `az feature list` prints it, such as `Microsoft.Compute/EncryptionAtHost`
 * @see https://learn.microsoft.com/rest/api/resources/features/features/get
 */
export function readFeature(azure: Azure, feature: string): Promise<Answer<string | undefined>> {
  const [namespace = "", name = ""] = feature.split("/");
  return askFor(`the feature ${feature}`, async () => {
    const { properties } = await (await featureClient(azure)).features.get(namespace, name);
    return properties?.state ?? "NotRegistered";
  });
}

/**
 * Starts the registration of a preview feature, which takes up to an hour, and for some an approval. Afterwards, its
 * resource provider must be registered again.
 *
 * @see https://learn.microsoft.com/rest/api/resources/features/features/register
 */
export function registerFeature(azure: Azure, feature: string): Promise<Answer<unknown>> {
  const [namespace = "", name = ""] = feature.split("/");
  return askFor(`the registration of ${feature}`, async () =>
    (await featureClient(azure)).features.register(namespace, name),
  );
}

async function featureClient({ credential, subscriptionId, options }: Azure) {
  const { FeatureClient } = await import("@azure/arm-features");
  return new FeatureClient(credential, subscriptionId, options);
}
