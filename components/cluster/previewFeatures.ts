import * as features from "@pulumi/azure-native/features";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Registers preview features with the subscription, by the names that `az feature list` prints, such as
 * `Microsoft.Compute/EncryptionAtHost`. Azure takes minutes for it, or somebody's approval, and does not make anybody
 * wait; until it is done, what needs the feature is refused.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/preview-features
 */
export function previewFeatures(
  name: string,
  names: readonly string[],
  opts: pulumi.CustomResourceOptions,
): readonly features.SubscriptionFeatureRegistration[] {
  return names.map((feature) => {
    const [providerNamespace = "", featureName = ""] = feature.split("/");
    return new features.SubscriptionFeatureRegistration(
      `${name}-${feature}`,
      { providerNamespace, featureName },
      // It belongs to the whole subscription, where others may have come to need it.
      { ...opts, retainOnDelete: true },
    );
  });
}
