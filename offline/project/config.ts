import { UsageError, messageOf } from "../errors.ts";
import { goJson } from "./goJson.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import type { ConfigDeclaration, ConfigItems, Project } from "./project.ts";
import type { Decrypt } from "./secretsProvider.ts";
import type { StackFile } from "./stackFile.ts";
import { UNKNOWN } from "../plan/values.ts";

/** One configuration value as a program receives it. */
export interface ConfigValue {
  /**
   * Text, or JSON of an object or array. A secret that could not be decrypted is, or contains, the unknown sentinel.
   */
  readonly value: string;
  readonly secret: boolean;
  /** The decrypted secrets in it, as far as possible. Default: the value itself. */
  readonly plaintexts?: readonly string[];
}

/** Full keys, `aks-istio:cluster`, in order. */
export type Config = ReadonlyMap<string, ConfigValue>;

/** A configuration whose only problems are values of another type than the project declares. */
export class MistypedConfig extends UsageError {
  readonly config: Config;
  /** The problem of each key. */
  readonly mistyped: ReadonlyMap<string, string>;

  constructor(message: string, config: Config, mistyped: ReadonlyMap<string, string>) {
    super(message);
    this.config = config;
    this.mistyped = mistyped;
  }
}

type Mapping = Readonly<Record<string, Yaml>>;

/** A value before it becomes text, because the type check depends on its structure. */
interface Opened {
  readonly value: Yaml;
  readonly secret: boolean;
  readonly plaintexts: readonly string[];
}

/**
 * The configuration of a stack with the project's defaults, checked against the declared types. `environment` holds the
 * values of the stack's ESC environments, which the stack's own values override. All problems are reported at once, and
 * none reveals a value.
 *
 * @throws UsageError, MistypedConfig if there is no other problem
 */
export function resolveConfig(
  project: Project,
  stack: StackFile,
  decrypt: Decrypt,
  environment?: Mapping,
): Config {
  const problems: string[] = [];
  const mistyped = new Map<string, string>();
  const config = openAll(project, stack.config, ofProvider(decrypt), problems);
  if (stack.environments !== undefined) {
    if (environment === undefined) problems.push(closedEnvironments(stack.environments));
    for (const [key, below] of openAll(project, environment ?? {}, ofEnvironment, problems)) {
      config.set(key, laidOver(below, config.get(key)));
    }
  }

  for (const [name, declaration] of Object.entries(project.config)) {
    const key = name.includes(":") ? (canonicalKey(name) ?? name) : `${project.name}:${name}`;
    const present = config.get(key);
    const fallback = declaration.value ?? declaration.default;
    if (present !== undefined) {
      if (declaration.secret === true && !present.secret) {
        problems.push(
          `${key}: must be a secret; set it with \`pulumi config set --secret ${key}\`.`,
        );
        continue;
      }
      const wrong = typeProblem(key, present, declaration);
      if (wrong === undefined) continue;
      problems.push(wrong);
      mistyped.set(key, wrong);
    } else if (fallback !== undefined) {
      config.set(key, { value: fallback, secret: false, plaintexts: [] });
    } else if (key.startsWith(`${project.name}:`)) {
      problems.push(`${key}: is required; ${project.file} declares it without a default.`);
    }
  }

  const resolved = new Map(
    [...config]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { value, secret, plaintexts }]) => [
        key,
        { value: textOf(value), secret, ...(secret ? { plaintexts } : {}) },
      ]),
  );
  if (problems.length === 0) return resolved;
  const where = stack.file ?? `stack ${stack.stack}`;
  const told = problems.map((problem) => `${where}: ${problem}`);
  const message = [...told, ...(stack.hints ?? [])].join("\n");
  throw problems.length > mistyped.size
    ? new UsageError(message)
    : new MistypedConfig(message, resolved, mistyped);
}

function closedEnvironments(names: readonly string[]): string {
  return (
    `environment: the ESC environments ${names.join(", ")} cannot be opened offline. ` +
    "Provide their configuration with --assume FILE, under environment."
  );
}

function openAll(
  project: Project,
  raw: Mapping,
  open: Open,
  problems: string[],
): Map<string, Opened> {
  const config = new Map<string, Opened>();
  const spellings = new Map<string, string>();
  for (const [written, value] of Object.entries(raw)) {
    // A key without a namespace belongs to the project.
    const key = canonicalKey(written.includes(":") ? written : `${project.name}:${written}`);
    if (key === undefined) {
      problems.push(`${written}: is not a valid configuration key; use <namespace>:<name>.`);
      continue;
    }
    const other = spellings.get(key);
    if (other !== undefined) {
      problems.push(`${written}: is the same setting as ${other}; keep one of them.`);
    }
    spellings.set(key, written);
    try {
      config.set(key, opened(value, open));
    } catch (error) {
      // The passphrase is wrong for all secrets.
      if (error instanceof UsageError) throw error;
      problems.push(
        `${key}: cannot be decrypted: ${messageOf(error)}. Set it again with \`pulumi config set --secret\`.`,
      );
      // Keeps it from being reported as missing.
      config.set(key, { value: UNKNOWN, secret: true, plaintexts: [] });
    }
  }
  return config;
}

/** `ns:config:key`, the spelling of old stack files, is `ns:key`. */
function canonicalKey(key: string): string | undefined {
  const [namespace = "", name = "", last, ...more] = key.split(":");
  if (last === undefined) return key;
  return name === "config" && more.length === 0 ? `${namespace}:${last}` : undefined;
}

/** The value of a mapping that represents a secret; undefined for any other mapping. */
type Open = (mapping: Mapping) => Yaml | undefined;

/** A secret in a stack file: `secure: <ciphertext>`. */
function ofProvider(decrypt: Decrypt): Open {
  return ({ secure, ...others }) =>
    typeof secure === "string" && Object.keys(others).length === 0
      ? (decrypt(secure) ?? UNKNOWN)
      : undefined;
}

/** A secret in an ESC environment: `fn::secret: <text>`. */
function ofEnvironment({ "fn::secret": text, ...others }: Mapping): Yaml | undefined {
  return Object.keys(others).length === 0 ? text : undefined;
}

function opened(raw: Yaml, open: Open): Opened {
  const plaintexts: string[] = [];
  let secret = false;
  const value = withSecrets(raw, (mapping) => {
    const text = open(mapping);
    if (text === undefined) return undefined;
    secret = true;
    if (text !== UNKNOWN) plaintexts.push(textOf(text));
    return text;
  });
  // Pulumi treats a key without a value as an empty string.
  return { value: value ?? "", secret, plaintexts };
}

function withSecrets(value: Yaml, open: Open): Yaml {
  if (Array.isArray(value)) {
    return (value as readonly Yaml[]).map((item) => withSecrets(item, open));
  }
  if (!isMapping(value)) return value;
  const inside = open(value);
  if (inside !== undefined) return inside;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, open)]),
  );
}

/** The stack's own value over an environment's: objects are merged, everything else is replaced. */
function laidOver(below: Opened, own: Opened | undefined): Opened {
  if (own === undefined) return below;
  return {
    value: merged(below.value, own.value),
    secret: below.secret || own.secret,
    plaintexts: [...below.plaintexts, ...own.plaintexts],
  };
}

function merged(below: Yaml, own: Yaml): Yaml {
  if (!isMapping(below) || !isMapping(own)) return own;
  const both = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(own)) {
    const other = both.get(key);
    both.set(key, other === undefined ? value : merged(other, value));
  }
  return Object.fromEntries(both);
}

function isMapping(value: Yaml): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: Yaml): string {
  return typeof value === "string" ? value : goJson(value);
}

function typeProblem(
  key: string,
  { value }: Opened,
  { type, items }: ConfigDeclaration,
): string | undefined {
  const wrong = type === undefined ? undefined : misfit(value, type, items);
  return type === undefined || wrong === undefined
    ? undefined
    : `${key}: must be of type ${typeName(type, items)}, but ${wrong}.`;
}

/** Describes a value of the wrong type: `is a string`, `item 2 is an object`; undefined if the type matches. */
function misfit(value: Yaml, type: string, items: ConfigItems | undefined): string | undefined {
  if (value === UNKNOWN) return undefined;
  const structure = structureOf(value);
  switch (type) {
    case "string":
      return typeof value === "object" ? kindOf(value) : undefined;
    case "integer":
      return Number.isInteger(value) ||
        typeof value === "bigint" ||
        (typeof value === "string" && /^[+-]?\d+$/.test(value))
        ? undefined
        : kindOf(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false"
        ? undefined
        : kindOf(value);
    case "object":
      return isMapping(structure) ? undefined : kindOf(structure);
    default: {
      if (!Array.isArray(structure) || items === undefined) return kindOf(structure);
      const list = structure as readonly Yaml[];
      return list
        .map((item, i) => {
          const wrong = misfit(item, items.type, items.items);
          return wrong === undefined ? undefined : `item ${i + 1} ${wrong}`;
        })
        .find((wrong) => wrong !== undefined);
    }
  }
}

/** Never the value: a misplaced value may be a password. */
function kindOf(value: Yaml): string {
  if (value === null) return "is null";
  if (Array.isArray(value)) return "is an array";
  if (typeof value === "object") return "is an object";
  return `is a ${typeof value === "bigint" ? "number" : typeof value}`;
}

/** A structure that is secret as a whole is stored as JSON. */
function structureOf(value: Yaml): Yaml {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Yaml;
  } catch {
    return value;
  }
}

function typeName(type: string, items: ConfigItems | undefined): string {
  return items === undefined ? type : `${type}<${typeName(items.type, items.items)}>`;
}
