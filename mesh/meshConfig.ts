import { meshConfigFields, proxyConfigFields } from "./meshConfigFields.ts";
import type { SupportLevel } from "./meshConfigFields.ts";
import type { Problem } from "./problem.ts";
import { closest } from "../text/suggest.ts";

type Fields = Readonly<Record<string, SupportLevel>>;

/** The names of the accepted fields in a table. */
type Accepted<Table extends Fields> = {
  [Name in keyof Table]: Table[Name] extends "blocked" ? never : Name;
}[keyof Table];

/** Fields that are often set have types; the others are unknown. */
type Settings<Table extends Fields, Typed extends object> = Typed &
  Partial<Readonly<Record<Exclude<Accepted<Table>, keyof Typed>, unknown>>>;

/**
 * The proxy settings of the whole mesh that the add-on accepts. Durations are in Go syntax: `45s`, `1m30s`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#proxyconfig-meshconfigdefaultconfig
 */
export type ProxyConfig = Settings<
  typeof proxyConfigFields,
  {
    /** Number of worker threads of a sidecar, at least 1. Default: derived from its CPU limit or request. */
    readonly concurrency?: number;
    /** How long old connections may continue after listeners change. Default 45s. */
    readonly drainDuration?: string;
    /** How long a proxy that shuts down waits for connections to end. Default 5s. */
    readonly terminationDrainDuration?: string;
    /** Whether the containers of a pod start only once its proxy is ready. Default false. */
    readonly holdApplicationUntilProxyStarts?: boolean;
    readonly proxyMetadata?: Readonly<Record<string, string>>;
  }
>;

/** A namespace selector; all labels and expressions must match. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

/**
 * The settings of the whole mesh that the add-on accepts in a shared ConfigMap.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#meshconfig
 */
export type MeshConfig = Settings<
  typeof meshConfigFields,
  {
    /** File for the access logs of proxies, such as `/dev/stdout`. Default: no access log. */
    readonly accessLogFile?: string;
    readonly accessLogFormat?: string;
    /** Default TEXT. */
    readonly accessLogEncoding?: "TEXT" | "JSON";
    readonly enableEnvoyAccessLogService?: boolean;
    readonly disableEnvoyListenerLog?: boolean;
    /** Whether workloads may call hosts outside the mesh's registry. Default ALLOW_ANY. */
    readonly outboundTrafficPolicy?: { readonly mode: "ALLOW_ANY" | "REGISTRY_ONLY" };
    /** Selectors for the namespaces that istiod watches; one match is enough. Default: all. */
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

const text: ValueRule = { kept: (value) => typeof value === "string", rule: "must be a string" };
const flag: ValueRule = {
  kept: (value) => typeof value === "boolean",
  rule: "must be true or false",
};
const mapping: ValueRule = { kept: isMapping, rule: "must be an object" };
const duration: ValueRule = {
  kept: (value) => typeof value === "string" && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value),
  rule: "must be a duration such as 45s or 1m30s",
};
const oneOf = (...choices: readonly string[]): ValueRule => ({
  kept: (value) => typeof value === "string" && choices.includes(value),
  rule: `must be ${choices.join(" or ")}`,
});

/** The rules for values of the supported fields, by path. The values of other fields are left to Istio. */
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
    rule: "must be an integer of at least 1: with 0, a sidecar uses every core of its node; omit it to follow the sidecar's CPU limit",
  },
  "defaultConfig.drainDuration": duration,
  "defaultConfig.terminationDrainDuration": duration,
  "defaultConfig.holdApplicationUntilProxyStarts": flag,
};

/**
 * The problems of a MeshConfig, given as an object: fields that the add-on blocks or that Istio does not have, and
 * invalid values of supported fields. A field without a value counts as absent.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#allowed-supported-and-blocked-meshconfig-values
 */
export function meshConfigProblems(config: unknown): readonly Problem[] {
  if (config === undefined || config === null) return [];
  if (!isMapping(config)) return [error("", "A MeshConfig must be an object.")];
  return [
    ...fieldProblems(config, "", "MeshConfig", meshConfigFields),
    ...fieldProblems(config["defaultConfig"], "defaultConfig.", "ProxyConfig", proxyConfigFields),
    ...valueProblems(config),
  ];
}

/**
 * The lines of a MeshConfig's YAML text that are indented with tabs, which YAML does not allow. Their paths are `line
 * <n>`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#common-errors-and-troubleshooting-tips
 */
export function indentationProblems(yaml: string): readonly Problem[] {
  return yaml
    .split(/\r?\n/)
    .flatMap((line, index) =>
      /^ *\t/.test(line)
        ? [error(`line ${index + 1}`, "A MeshConfig must be indented with spaces, not tabs.")]
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
        `${name === "" ? '""' : name} is not a field of ${message} that the add-on accepts. ${fix}`,
      ),
    ];
  });
}

/** Fields that Istio's reference and Microsoft's table spell differently. */
const doubtful: Readonly<Record<string, string>> = {
  "defaultConfig.statsUdpAddress":
    "Microsoft's table of allowed fields lists this name, but Istio's field is statsdUdpAddress, and Istio ignores unknown names.",
  "defaultConfig.statsdUdpAddress":
    "Microsoft's table of allowed fields spells this field statsUdpAddress. It is not documented whether the add-on accepts Istio's name.",
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
  return isMapping(value) ? "an object" : JSON.stringify(value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function error(path: string, message: string): Problem {
  return { severity: "error", path, message };
}
