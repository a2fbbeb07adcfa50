import { UsageError } from "./errors.ts";
import type { ConfigDeclaration, ConfigItems, Project } from "./project.ts";
import type { Decrypt } from "./secretsProvider.ts";
import type { StackFile } from "./stackFile.ts";
import { UNKNOWN } from "./values.ts";

/** One configuration value as a program receives it. */
export interface ConfigValue {
  /** Text, or JSON of an object or array. An unopened secret is, or holds, the unknown's sentinel. */
  readonly value: string;
  readonly secret: boolean;
}

/** Full keys, `aks-istio:cluster`, in order. */
export type Config = ReadonlyMap<string, ConfigValue>;

type Json = StackFile["config"][string];

/** A value before it becomes text: whether it is text or structure decides its type. */
interface Opened {
  readonly value: Json;
  readonly secret: boolean;
}

/**
 * The configuration of a stack with the project's defaults, checked against the types that the
 * project declares. Every problem is reported at once.
 *
 * @throws UsageError
 */
export function resolveConfig(project: Project, stack: StackFile, decrypt: Decrypt): Config {
  const config = new Map<string, Opened>();
  const problems: string[] = [];

  for (const [key, raw] of Object.entries(stack.config)) {
    if (!key.includes(":")) {
      problems.push(`${key}: a key needs a namespace; write ${project.name}:${key}.`);
      continue;
    }
    config.set(canonicalKey(key), opened(raw, decrypt));
  }

  for (const [name, declaration] of Object.entries(project.config)) {
    const key = name.includes(":") ? canonicalKey(name) : `${project.name}:${name}`;
    const present = config.get(key);
    const fallback = declaration.value ?? declaration.default;
    if (present !== undefined) {
      problems.push(...complaints(key, present, declaration));
    } else if (fallback !== undefined) {
      config.set(key, { value: fallback, secret: false });
    } else if (key.startsWith(`${project.name}:`)) {
      problems.push(`${key}: is missing; ${project.file} declares it without a default.`);
    }
  }

  if (problems.length > 0) {
    const where = stack.file ?? `stack ${stack.stack}`;
    throw new UsageError(problems.map((problem) => `${where}: ${problem}`).join("\n"));
  }
  return new Map(
    [...config]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { value, secret }]) => [key, { value: textOf(value), secret }]),
  );
}

/** `ns:config:key`, the spelling of old stack files, is `ns:key`. */
function canonicalKey(key: string): string {
  const parts = key.split(":");
  return parts.length === 3 && parts[1] === "config" ? `${parts[0]}:${parts[2]}` : key;
}

function opened(raw: Json, decrypt: Decrypt): Opened {
  let secret = false;
  const value = openSecure(raw, (ciphertext) => {
    secret = true;
    return decrypt(ciphertext) ?? UNKNOWN;
  });
  return { value, secret };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function openSecure(value: Json, open: (ciphertext: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => openSecure(item, open));
  if (typeof value !== "object" || value === null) return value;
  const { secure, ...rest } = value;
  if (typeof secure === "string" && Object.keys(rest).length === 0) return open(secure);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, openSecure(item, open)]),
  );
}

function complaints(key: string, found: Opened, declaration: ConfigDeclaration): string[] {
  if (declaration.secret === true && !found.secret) {
    return [`${key}: must be a secret; set it with \`pulumi config set --secret ${key}\`.`];
  }
  const { type, items } = declaration;
  if (type === undefined || fits(found.value, type, items)) return [];
  const shown = found.secret ? "(secret)" : textOf(found.value);
  return [`${key}: must be of type ${typeName(type, items)}, but is ${shown}`];
}

function fits(value: Json, type: string, items: ConfigItems | undefined): boolean {
  if (value === UNKNOWN) return true;
  switch (type) {
    case "string":
      return typeof value !== "object";
    case "integer":
      return Number.isInteger(value) || (typeof value === "string" && /^[+-]?\d+$/.test(value));
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object": {
      const object = structureOf(value);
      return typeof object === "object" && object !== null && !Array.isArray(object);
    }
    default: {
      const array = structureOf(value);
      return (
        Array.isArray(array) &&
        items !== undefined &&
        array.every((item) => fits(item, items.type, items.items))
      );
    }
  }
}

/** A structure that is secret as a whole is stored as its JSON. */
function structureOf(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function typeName(type: string, items: ConfigItems | undefined): string {
  return items === undefined ? type : `${type}<${typeName(items.type, items.items)}>`;
}
