import { meshConfigFields, proxyConfigFields } from "./meshConfigFields.ts";
import type { SupportLevel } from "./meshConfigFields.ts";
import type { Problem } from "./problem.ts";
import { closest } from "../text/suggest.ts";

type Fields = Readonly<Record<string, SupportLevel>>;

/** The names in a table of fields that the add-on accepts. */
type Accepted<Table extends Fields> = {
  [Name in keyof Table]: Table[Name] extends "blocked" ? never : Name;
}[keyof Table];

/** Fields with their types where people set them often, and without where they seldom do. */
type Settings<Table extends Fields, Typed extends object> = Typed &
  Partial<Readonly<Record<Exclude<Accepted<Table>, keyof Typed>, unknown>>>;

/**
 * The proxy settings of the whole mesh, as the add-on accepts them. Durations are Go's: `45s`, `1m30s`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#proxyconfig-meshconfigdefaultconfig
 */
export type ProxyConfig = Settings<
  typeof proxyConfigFields,
  {
    /** Worker threads of a sidecar, at least 1. Default: as many as its CPU limit or request comes to. */
    readonly concurrency?: number;
    /** How long old connections may go on when listeners change. Default 45s. */
    readonly drainDuration?: string;
    /** How long a proxy that stops lets connections end. Default 5s. */
    readonly terminationDrainDuration?: string;
    /** Starts the containers of a pod only once its proxy is ready. Default false. */
    readonly holdApplicationUntilProxyStarts?: boolean;
    readonly proxyMetadata?: Readonly<Record<string, string>>;
  }
>;

/** A selector of namespaces; its expressions and labels must all match. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

/**
 * The settings of the whole mesh, as the add-on accepts them in a shared ConfigMap.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#meshconfig
 */
export type MeshConfig = Settings<
  typeof meshConfigFields,
  {
    /** Where proxies write their access log, for instance `/dev/stdout`. Default: nowhere. */
    readonly accessLogFile?: string;
    readonly accessLogFormat?: string;
    /** Default TEXT. */
    readonly accessLogEncoding?: "TEXT" | "JSON";
    readonly enableEnvoyAccessLogService?: boolean;
    readonly disableEnvoyListenerLog?: boolean;
    /** Whether a workload may call hosts that the mesh does not know. Default ALLOW_ANY. */
    readonly outboundTrafficPolicy?: { readonly mode: "ALLOW_ANY" | "REGISTRY_ONLY" };
    /** The namespaces that istiod watches: those that any selector matches. Default: all. */
    readonly discoverySelectors?: readonly LabelSelector[];
    readonly defaultConfig?: ProxyConfig;
    readonly trustDomain?: string;
    readonly enableTracing?: boolean;
    readonly enablePrometheusMerge?: boolean;
  }
>;

interface ValueRule {
  readonly kept: (value: unknown) => boolean;
  readonly rule: string;
}

const text: ValueRule = { kept: (value) => typeof value === "string", rule: "must be text" };
const flag: ValueRule = {
  kept: (value) => typeof value === "boolean",
  rule: "must be true or false",
};
const mapping: ValueRule = { kept: isMapping, rule: "must be a mapping of fields" };
const duration: ValueRule = {
  kept: (value) => typeof value === "string" && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value),
  rule: "must be a duration such as 45s or 1m30s",
};
const oneOf = (...choices: readonly string[]): ValueRule => ({
  kept: (value) => typeof value === "string" && choices.includes(value),
  rule: `must be ${choices.join(" or ")}`,
});

/** The values of the supported fields, by path; what the other fields hold is left to Istio. */
const valueRules: Readonly<Record<string, ValueRule>> = {
  accessLogFile: text,
  accessLogFormat: text,
  accessLogEncoding: oneOf("TEXT", "JSON"),
  enableEnvoyAccessLogService: flag,
  disableEnvoyListenerLog: flag,
  discoverySelectors: {
    kept: (value) => Array.isArray(value) && value.every(isMapping),
    rule: "must be a list of label selectors",
  },
  outboundTrafficPolicy: mapping,
  "outboundTrafficPolicy.mode": oneOf("ALLOW_ANY", "REGISTRY_ONLY"),
  defaultConfig: mapping,
  "defaultConfig.concurrency": {
    kept: (value) => typeof value === "number" && Number.isInteger(value) && value > 0,
    rule: "must be a whole number of at least 1: with 0 a sidecar takes every core of its node; leave it out to follow the sidecar's CPU limit",
  },
  "defaultConfig.drainDuration": duration,
  "defaultConfig.terminationDrainDuration": duration,
  "defaultConfig.holdApplicationUntilProxyStarts": flag,
};

/**
 * What is wrong with a MeshConfig, given as the object that its YAML holds: fields that the add-on blocks or Istio does
 * not know, and values that its supported fields do not take. A field without a value counts as absent.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#allowed-supported-and-blocked-meshconfig-values
 */
export function meshConfigProblems(config: unknown): readonly Problem[] {
  if (config === undefined || config === null) return [];
  if (!isMapping(config)) return [error("", "A MeshConfig must be a mapping of fields.")];
  return [
    ...fieldProblems(config, "", "MeshConfig", meshConfigFields),
    ...fieldProblems(config["defaultConfig"], "defaultConfig.", "ProxyConfig", proxyConfigFields),
    ...valueProblems(config),
  ];
}

/**
 * The lines of a MeshConfig's YAML text that are indented with tabs, which YAML does not take for indentation. Their
 * paths are `line <n>`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#common-errors-and-troubleshooting-tips
 */
export function indentationProblems(yaml: string): readonly Problem[] {
  return yaml
    .split(/\r?\n/)
    .flatMap((line, index) =>
      /^ *\t/.test(line)
        ? [error(`line ${index + 1}`, "A MeshConfig must be indented with spaces, not with tabs.")]
        : [],
    );
}

function fieldProblems(config: unknown, base: string, message: string, fields: Fields): Problem[] {
  if (!isMapping(config)) return [];
  const accepted = Object.keys(fields).filter((name) => fields[name] !== "blocked");
  return Object.keys(config).flatMap((name) => {
    const path = base + name;
    const doubt = Object.hasOwn(doubtful, path) ? doubtful[path] : undefined;
    if (doubt !== undefined) return [{ severity: "warning", path, message: doubt }];
    const level = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (level === "blocked") {
      return [error(path, `The add-on blocks the field ${name} of Istio's ${message}. Remove it.`)];
    }
    if (level !== undefined) return [];
    const meant = closest(name, accepted);
    const fix = meant === undefined ? "Remove it." : `Did you mean ${meant}?`;
    return [
      error(
        path,
        `${name === "" ? '""' : name} is no field of ${message} that the add-on accepts. ${fix}`,
      ),
    ];
  });
}

/** Fields of which Istio's reference and Microsoft's table spell the name differently. */
const doubtful: Readonly<Record<string, string>> = {
  "defaultConfig.statsUdpAddress":
    "Microsoft's table of allowed fields has this name, but Istio's field is statsdUdpAddress: Istio ignores a name that it does not know.",
  "defaultConfig.statsdUdpAddress":
    "Microsoft's table of allowed fields spells this field statsUdpAddress: whether the add-on accepts Istio's name is not documented.",
};

function valueProblems(config: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(valueRules).flatMap(([path, { kept, rule }]) => {
    const value = valueAt(config, path);
    if (value === undefined || value === null || kept(value)) return [];
    return [error(path, `${path} ${rule}. It is ${inWords(value)}.`)];
  });
}

function valueAt(config: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((value, name) => (isMapping(value) ? value[name] : undefined), config);
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return isMapping(value) ? "a mapping" : JSON.stringify(value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function error(path: string, message: string): Problem {
  return { severity: "error", path, message };
}
