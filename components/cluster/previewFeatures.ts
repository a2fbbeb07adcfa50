import * as features from "@pulumi/azure-native/features";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Registers preview features on the subscription. Names are as in `az feature list`, such as
 * `Microsoft.Compute/EncryptionAtHost`. Registration takes minutes, or needs an approval, and the deployment does not
 * wait for it; until then, Azure rejects resources that use the feature.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/preview-features
 */
export function registerPreviewFeatures(
  name: string,
  names: readonly string[],
  opts: pulumi.CustomResourceOptions,
): readonly features.SubscriptionFeatureRegistration[] {
  return names.map((feature) => {
    const [providerNamespace = "", featureName = ""] = feature.split("/");
    return new features.SubscriptionFeatureRegistration(
      `${name}-${feature}`,
      { providerNamespace, featureName },
      // It applies to the whole subscription, so others may need it.
      { ...opts, retainOnDelete: true },
    );
  });
}
