import { listIn, objectIn, valueIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";

/**
 * The MeshConfig of a revision: what the user's shared ConfigMap says, with what the add-on's own says over it. A field
 * counts as a whole, except that the defaults of proxies are merged, and providers by their names.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/mesh/mesh.go
 */
export function mergedMeshConfig(shared: JsonObject, own: JsonObject): JsonObject {
  const [sharedProxy, ownProxy] = [
    objectIn(shared, "defaultConfig"),
    objectIn(own, "defaultConfig"),
  ];
  const metadata = {
    ...objectIn(sharedProxy, "proxyMetadata"),
    ...objectIn(ownProxy, "proxyMetadata"),
  };
  const merged = {
    defaultConfig: withoutEmpty({ ...sharedProxy, ...ownProxy, proxyMetadata: metadata }),
    defaultProviders: {
      ...objectIn(shared, "defaultProviders"),
      ...objectIn(own, "defaultProviders"),
    },
    extensionProviders: byName([
      ...listIn(shared, "extensionProviders"),
      ...listIn(own, "extensionProviders"),
    ]),
    trustDomainAliases: [
      ...new Set([...listIn(shared, "trustDomainAliases"), ...listIn(own, "trustDomainAliases")]),
    ],
  };
  return { ...shared, ...own, ...withoutEmpty(merged) };
}

function byName(items: readonly Json[]): readonly Json[] {
  return [...new Map(items.map((item) => [valueIn(item, "name"), item])).values()];
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) => typeof value !== "object" || Object.keys(value ?? {}).length > 0,
    ),
  );
}
