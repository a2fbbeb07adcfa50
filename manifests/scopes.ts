import { metadataText, withMetadata } from "./objects.ts";
import { isJsonObject } from "../yaml/json.ts";
import type { JsonObject } from "../yaml/json.ts";

/**
 * Kinds of Kubernetes, and of definitions in wide use, whose objects are in no namespace. Kinds whose names begin with
 * `Cluster` are in none either, by convention.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const IN_NO_NAMESPACE: ReadonlySet<string> = new Set([
  ...["APIService", "CertificateSigningRequest", "CSIDriver", "CSINode"],
  ...["CustomResourceDefinition", "DeviceClass", "FlowSchema", "GatewayClass", "IngressClass"],
  ...["IPAddress", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
  ...["MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume"],
  ...["PriorityClass", "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass"],
  ...["ServiceCIDR", "StorageClass", "ValidatingAdmissionPolicy"],
  ...["ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment"],
  "VolumeAttributesClass",
]);

/**
 * Whether objects of a kind are in a namespace. A definition among the given objects decides; otherwise a kind that is
 * not known to be cluster-scoped is assumed to be in a namespace, as almost all kinds are.
 */
function isNamespaced(
  apiVersion: string,
  kind: string,
  definitions: ReadonlyMap<string, string>,
): boolean {
  const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
  const scope = definitions.get(`${group}/${kind}`);
  if (scope !== undefined) return scope !== "Cluster";
  return !IN_NO_NAMESPACE.has(kind) && !kind.startsWith("Cluster");
}

/** The objects with a namespace for those that name none and whose kind has one. */
export function inNamespace(
  objects: readonly JsonObject[],
  namespace: string,
): readonly JsonObject[] {
  const definitions = definedScopes(objects);
  return objects.map((object) => {
    const { apiVersion, kind } = object;
    const named = metadataText(object, "namespace") !== undefined;
    return !named &&
      typeof apiVersion === "string" &&
      typeof kind === "string" &&
      isNamespaced(apiVersion, kind, definitions)
      ? withMetadata(object, "namespace", namespace)
      : object;
  });
}

/** The scopes of the kinds that the objects define, by `<group>/<kind>`. */
export function definedScopes(objects: readonly JsonObject[]): ReadonlyMap<string, string> {
  const scopes = new Map<string, string>();
  for (const { kind, spec } of objects) {
    if (kind !== "CustomResourceDefinition" || !isJsonObject(spec)) continue;
    const { group, names, scope } = spec;
    const defined = isJsonObject(names) ? names["kind"] : undefined;
    if (typeof group !== "string" || typeof defined !== "string") continue;
    if (typeof scope === "string") scopes.set(`${group}/${defined}`, scope);
  }
  return scopes;
}
