import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { textsOf } from "./workloads.ts";
import type { Labels } from "./workloads.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the API server adds to objects, which is not part of a manifest. */
const OF_THE_SERVER = [
  ...["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"],
  "selfLink",
];
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** An object as a manifest: without its status and what the API server added. */
export function cleaned({ object: given, apiVersion, kind, name = "" }: Manifest): ClusterObject {
  const rest = without(given, ["status"]);
  const metadata = without(isRecord(given["metadata"]) ? given["metadata"] : {}, OF_THE_SERVER);
  const annotations = textsOf(metadata["annotations"]);
  const object = {
    ...rest,
    ...{ apiVersion, kind },
    metadata: {
      ...metadata,
      name,
    },
  } as ClusterObject;
  return LAST_APPLIED in annotations
    ? withTexts(object, ["metadata", "annotations"], without(annotations, [LAST_APPLIED]) as Labels)
    : object;
}

export function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The object with another value at a path, whose parents it creates; without the field if the value is undefined. */
export function withValue<T extends object>(
  object: T,
  [field = "", ...below]: readonly (string | number)[],
  value: unknown,
): T {
  const present = valueAt(object, field);
  const parent = isRecord(present) || Array.isArray(present) ? present : {};
  const next = below.length === 0 ? value : withValue(parent, below, value);
  if (Array.isArray(object)) {
    return object.map((one: unknown, index) => (index === field ? next : one)) as T;
  }
  if (next === undefined) return without(object as Fields, [String(field)]) as T;
  return { ...object, [field]: next };
}

/** The object with other labels or annotations at a path. A map that becomes empty is left out. */
export function withTexts<T extends object>(
  object: T,
  path: readonly (string | number)[],
  texts: Labels,
): T {
  return withValue(object, path, Object.keys(texts).length === 0 ? undefined : texts);
}
