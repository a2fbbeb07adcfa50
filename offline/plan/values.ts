/**
 * Property values as a program, an engine and a policy pack exchange them: JSON, with a few marked objects for values
 * that JSON cannot express.
 *
 * Source of the signatures and sentinels: the Pulumi SDK's `sdk/go/common/resource/sig` and
 * `sdk/go/common/resource/plugin/rpc.go`.
 */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** The named properties of a resource. */
export type Properties = Readonly<Record<string, Value>>;

/** The key that marks an object as one of the special shapes below. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The wire format of an unknown string; readers treat it as an unknown of any type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const UNKNOWNS: ReadonlySet<Value> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: Value): boolean {
  return typeof value === "string" && UNKNOWNS.has(value);
}

export function isSecret(value: Value): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Marks a value as secret, unless it already is. */
export function markSecret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Restores the secret marks of values that were copied without them. */
export function keepSecrets(before: Properties, after: Properties): Properties {
  const keep = (old: Value | undefined, value: Value): Value => {
    if (old !== undefined && isSecret(old)) return markSecret(value);
    if (Array.isArray(old) && Array.isArray(value)) {
      return (value as readonly Value[]).map((item, i) => keep((old as readonly Value[])[i], item));
    }
    return isObject(old) && isObject(value) ? keepSecrets(old, value) : value;
  };
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, keep(before[key], value)]),
  );
}

/** Rebuilds a value bottom up; unchanged parts are shared, not copied. */
function transform(value: Value, change: (part: Value) => Value): Value {
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const next = items.map((item) => transform(item, change));
    return change(next.some((item, i) => item !== items[i]) ? next : items);
  }
  if (isObject(value)) {
    const next = mapProperties(value, (item) => transform(item, change));
    return change(Object.keys(value).some((key) => next[key] !== value[key]) ? next : value);
  }
  return change(value);
}

function mapProperties(properties: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]));
}

/**
 * Replaces output values, which include their dependencies, with what the engine keeps: the plain value, a secret, or
 * an unknown.
 */
export function lowerOutputs(properties: Properties): Properties {
  return mapProperties(properties, (value) =>
    transform(value, (part) => {
      if (!isObject(part) || part[SIGNATURE] !== OUTPUT) return part;
      const plain = part["value"] ?? UNKNOWN;
      return part["secret"] === true ? markSecret(plain) : plain;
    }),
  );
}

/** Replaces resource references with the resource's ID, or its URN if it cannot have an ID. */
export function lowerResources(properties: Properties): Properties {
  return mapProperties(properties, (value) =>
    transform(value, (part) =>
      isObject(part) && part[SIGNATURE] === RESOURCE ? (part["id"] ?? part["urn"] ?? null) : part,
    ),
  );
}

/** A reference to a resource of the stack, which an SDK turns back into a resource. */
export function resourceReference(urn: string): Value {
  return { [SIGNATURE]: RESOURCE, urn, id: UNKNOWN, packageVersion: "" };
}

/** Marks some texts in the properties as secret. A key cannot be marked, so an object with such a key is secret itself. */
export function markTexts(
  properties: Properties,
  isSecretText: (text: string) => boolean,
): Properties {
  const marked = (value: Value): Value => {
    if (typeof value === "string") return isSecretText(value) ? markSecret(value) : value;
    if (Array.isArray(value)) return (value as readonly Value[]).map(marked);
    if (!isObject(value) || isSecret(value)) return value;
    return Object.keys(value).some(isSecretText) ? markSecret(value) : mapProperties(value, marked);
  };
  return mapProperties(properties, marked);
}

/** The properties for display and files, with every secret replaced by `[secret]`. */
export function redactSecrets(properties: Properties): Properties {
  return mapProperties(properties, (value) => redactValue(value));
}

export function redactValue(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return (value as readonly Value[]).map(redactValue);
  return isObject(value) ? mapProperties(value, redactValue) : value;
}

/** The properties with secret values unwrapped, for readers that do not know the marks. */
export function openSecrets(properties: Properties): Properties {
  return mapProperties(properties, (value) =>
    transform(value, (part) => (isSecret(part) ? (part["value"] ?? null) : part)),
  );
}

/** Changes every text in the properties that is not marked as secret. Keys do not change. */
export function mapTexts(properties: Properties, change: (text: string) => string): Properties {
  const changed = (value: Value): Value => {
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return (value as readonly Value[]).map(changed);
    return isObject(value) && !isSecret(value) ? mapTexts(value, change) : value;
  };
  return mapProperties(properties, changed);
}

/** Every text in a value that is marked as secret, directly or by an enclosing value. */
export function secretTexts(value: Value, within = false): readonly string[] {
  if (typeof value === "string") return within ? [value] : [];
  if (Array.isArray(value)) {
    return (value as readonly Value[]).flatMap((item) => secretTexts(item, within));
  }
  if (!isObject(value)) return [];
  const parts = Object.values(value);
  return isSecret(value)
    ? secretTexts(value["value"] ?? null, true)
    : parts.flatMap((part) => secretTexts(part, within));
}

export function containsUnknown(value: Value): boolean {
  if (Array.isArray(value)) return (value as readonly Value[]).some(containsUnknown);
  return isObject(value) ? Object.values(value).some(containsUnknown) : isUnknown(value);
}
