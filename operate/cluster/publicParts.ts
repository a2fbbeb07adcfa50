import type { ClusterObject } from "./clusterObject.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An object without what only its readers may know: of the data of a Secret, only certificates remain, and of all else
 * the keys. `kubectl apply` writes a copy of the data into an annotation.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration
 */
export function publicParts(object: ClusterObject): ClusterObject {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
  const { metadata, data } = object;
  const annotations = Object.entries(metadata.annotations ?? {});
  return {
    ...object,
    stringData: undefined,
    metadata: {
      ...metadata,
      annotations: Object.fromEntries(annotations.filter(([name]) => name !== LAST_APPLIED)),
    },
    data: Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [key, publicValue(value)]),
    ),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g;

/** The certificates in a value; empty if it has none. Both are in base64. */
function publicValue(base64: unknown): string {
  if (typeof base64 !== "string") return "";
  const text = Buffer.from(base64, "base64").toString("latin1");
  return Buffer.from((text.match(CERTIFICATE) ?? []).join("")).toString("base64");
}
