/** A Kubernetes object as the API server returns it. Only the metadata is typed; the rest depends on its kind. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ClusterMetadata;
  readonly [field: string]: unknown;
}

interface ClusterMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly generation?: number;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Texts of the metadata that may be absent. */
const OPTIONAL_TEXTS = ["namespace", "uid", "creationTimestamp", "deletionTimestamp"] as const;

/**
 * Why a JSON value is no object of a cluster, as words that follow it; undefined if it is one, once `withoutNulls` has
 * removed what is null.
 */
export function whyNoObject(value: unknown): string | undefined {
  const required = [["apiVersion"], ["kind"], ["metadata", "name"]];
  const missing = required.find((path) => (textAt(value, ...path) ?? "") === "");
  if (missing !== undefined) return `has no ${missing.join(".")}`;
  const metadata = (field: string) => valueAt(value, "metadata", field);
  const wrong = [
    ...OPTIONAL_TEXTS.filter((field) => !["undefined", "string"].includes(typeof metadata(field))),
    ...["labels", "annotations"].filter((field) => !isTexts(metadata(field) ?? {})),
    ...(isOwners(metadata("ownerReferences") ?? []) ? [] : ["ownerReferences"]),
  ];
  return wrong.length === 0 ? undefined : `has no valid metadata.${wrong.join(" and metadata.")}`;
}

/** An object whose metadata has no null: to Kubernetes, null is the same as nothing. */
export function withoutNulls<T extends { readonly metadata: object }>(object: T): T {
  const fields = Object.entries(object.metadata).filter(([, value]) => value !== null);
  return { ...object, metadata: Object.fromEntries(fields) };
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value ?? {}).every((one) => typeof one === "string")
  );
}

function isOwners(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((one) => ["kind", "name"].every((field) => textAt(one, field) !== undefined))
  );
}

/** An object as users name it: `Deployment orders/web`. */
export function labelOf({ kind, metadata }: ClusterObject): string {
  const { name, namespace } = metadata;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** The value at a path of fields and indices; undefined if it, or something on the way, does not exist or is null. */
export function valueAt(object: unknown, ...path: readonly (string | number)[]): unknown {
  const found = path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    object,
  );
  return found ?? undefined;
}

export function textAt(object: unknown, ...path: readonly (string | number)[]): string | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : undefined;
}

export function numberAt(
  object: unknown,
  ...path: readonly (string | number)[]
): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list at a path; empty if there is none. */
export function listAt(object: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
