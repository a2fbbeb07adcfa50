/**
 * Matches the type tokens of a resource of azure-native: of the default API version, of another one of the SDK, and of
 * one from a local package. A module that was renamed is given with both names, as `monitor|insights`.
 *
 * @see https://www.pulumi.com/registry/packages/azure-native/version-guide/
 */
export function azureNative(module: string, kind: string): RegExp {
  const version = String.raw`v\d{8}(?:preview)?`;
  return new RegExp(
    `^azure-native(?:_(?:${module})_${version})?:(?:${module})(?:/${version})?:${kind}$`,
  );
}
