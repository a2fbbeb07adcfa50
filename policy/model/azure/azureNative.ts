/**
 * Matches the type tokens of an azure-native resource: with the default API version, with another version of the SDK,
 * and from a local package. For a renamed module, pass both names, as in `monitor|insights`.
 *
 * @see https://www.pulumi.com/registry/packages/azure-native/version-guide/
 */
export function azureNative(module: string, kind: string): RegExp {
  const version = String.raw`v\d{8}(?:preview)?`;
  return new RegExp(
    `^azure-native(?:_(?:${module})_${version})?:(?:${module})(?:/${version})?:${kind}$`,
  );
}
