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

/**
 * The configuration of a stack with the project's defaults, checked against the types that the
 * project declares. Every problem is reported at once.
 *
 * @throws UsageError
 */
export function resolveConfig(project: Project, stack: StackFile, decrypt: Decrypt): Config {
  const config = new Map<string, ConfigValue>();
  const problems: string[] = [];

  for (const [key, raw] of Object.entries(stack.config)) {
    if (!key.includes(":")) {
      problems.push(`${key}: a key needs a namespace; write ${project.name}:${key}.`);
      continue;
    }
    config.set(canonicalKey(key), configValue(raw, decrypt));
  }

  for (const [name, declaration] of Object.entries(project.config)) {
    const key = name.includes(":") ? canonicalKey(name) : `${project.name}:${name}`;
    const present = config.get(key);
    const fallback = declaration.value ?? declaration.default;
    if (present !== undefined) {
      problems.push(...complaints(key, present, declaration));
    } else if (fallback !== undefined) {
      config.set(
        key,
        configValue(fallback, () => undefined),
      );
    } else if (key.startsWith(`${project.name}:`)) {
      problems.push(`${key}: is missing; ${project.file} declares it without a default.`);
    }
  }

  if (problems.length > 0) {
    const where = stack.file ?? `stack ${stack.stack}`;
    throw new UsageError(problems.map((problem) => `${where}: ${problem}`).join("\n"));
  }
  return new Map([...config].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `ns:config:key`, the spelling of old stack files, is `ns:key`. */
function canonicalKey(key: string): string {
  const parts = key.split(":");
  return parts.length === 3 && parts[1] === "config" ? `${parts[0]}:${parts[2]}` : key;
}

function configValue(raw: Json, decrypt: Decrypt): ConfigValue {
  let secret = false;
  const opened = openSecure(raw, (ciphertext) => {
    secret = true;
    return decrypt(ciphertext) ?? UNKNOWN;
  });
  return { value: typeof opened === "string" ? opened : JSON.stringify(opened), secret };
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

function complaints(key: string, found: ConfigValue, declaration: ConfigDeclaration): string[] {
  if (declaration.secret === true && !found.secret) {
    return [`${key}: must be a secret; set it with \`pulumi config set --secret ${key}\`.`];
  }
  const { type, items } = declaration;
  if (type === undefined || found.value === UNKNOWN || fits(found.value, type, items)) return [];
  const shown = found.secret ? "(secret)" : found.value;
  return [`${key}: must be of type ${typeName(type, items)}, but is ${shown}`];
}

function fits(text: string, type: string, items: ConfigItems | undefined): boolean {
  return type === "string" ? !isStructured(text) : fitsValue(parsed(text), type, items);
}

function isStructured(text: string): boolean {
  const value = parsed(text);
  return typeof value === "object" && value !== null;
}

/** Text that is no JSON stands for itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fitsValue(value: unknown, type: string, items: ConfigItems | undefined): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value) || (typeof value === "string" && /^[+-]?\d+$/.test(value));
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return (
        Array.isArray(value) &&
        items !== undefined &&
        value.every((item) => fitsValue(item, items.type, items.items))
      );
  }
}

function typeName(type: string, items: ConfigItems | undefined): string {
  return items === undefined ? type : `${type}<${typeName(items.type, items.items)}>`;
}
