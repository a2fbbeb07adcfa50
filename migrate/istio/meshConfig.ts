import { stringify } from "yaml";
import { isRecord } from "../../manifests/manifest.ts";
import { meshConfigFields, proxyConfigFields } from "../../mesh/meshConfigFields.ts";
import type { SupportLevel } from "../../mesh/meshConfigFields.ts";
import { meshConfigProblems } from "../../mesh/meshConfig.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, note } from "./finding.ts";
import type { Finding, Replacement } from "./finding.ts";
import type { GatewayChoice } from "./gateways.ts";
import { configMarkFindings } from "./injectionMarks.ts";
import { insteadOf } from "./meshConfigAdvice.ts";

type Config = Readonly<Record<string, unknown>>;

/** The MeshConfig of an own Istio as the add-on accepts it, and what is said of the rest. */
export interface TranslatedConfig {
  readonly config: Config;
  readonly findings: readonly Finding[];
}

/**
 * What the add-on accepts of a MeshConfig.
 *
 * @param at where it is in the object
 */
export function translatedMeshConfig(
  given: Config,
  at: KeyPath,
  gateways: GatewayChoice,
  manifest: Manifest,
): TranslatedConfig {
  const outer = accepted(given, [], meshConfigFields);
  const inner = isRecord(given["defaultConfig"])
    ? accepted(given["defaultConfig"], ["defaultConfig"], proxyConfigFields)
    : { kept: {}, dropped: [] };
  const { defaultConfig, ...others } = outer.kept;
  const holdsInner = defaultConfig !== undefined && Object.keys(inner.kept).length > 0;
  const kept: Config = holdsInner ? { ...others, defaultConfig: inner.kept } : others;
  const config = withAddonsGateway(kept, gateways, manifest);
  const wrong = meshConfigProblems(config).map(({ path, message }) =>
    blocker([...at, ...path.split(".")], message, "Correct it in the shared ConfigMap."),
  );
  const dropped = [...outer.dropped, ...inner.dropped].flatMap(({ path, value }) =>
    droppedField(at, path, value),
  );
  const marks = configMarkFindings(config, at);
  return { config, findings: [...dropped, ...wrong, ...marks, ...unsupported(config, at)] };
}

interface Accepted {
  readonly kept: Config;
  readonly dropped: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

function accepted(
  given: Config,
  prefix: readonly string[],
  fields: Readonly<Record<string, SupportLevel>>,
): Accepted {
  const isAccepted = (name: string) =>
    Object.hasOwn(fields, name) && fields[name] !== "blocked" && !isEmpty(given[name]);
  const entries = Object.entries(given);
  return {
    kept: Object.fromEntries(entries.filter(([name]) => isAccepted(name))),
    dropped: entries
      .filter(([name, value]) => !isAccepted(name) && !isEmpty(value))
      .map(([name, value]) => ({ path: [...prefix, name], value })),
  };
}

function droppedField(at: KeyPath, path: readonly string[], value: unknown): readonly Finding[] {
  const name = path.join(".");
  const advice = insteadOf(name, value);
  if (advice === "given") return [];
  const message = `The add-on blocks the field ${name} of MeshConfig.`;
  return "fix" in advice
    ? [blocker([...at, ...path], `${message} ${advice.why}`.trim(), advice.fix)]
    : [note([...at, ...path], `${message} ${advice.why}`)];
}

/** `ingressSelector` and `ingressService` name a gateway of the own Istio. */
function withAddonsGateway(config: Config, gateways: GatewayChoice, manifest: Manifest): Config {
  const named = ["ingressSelector", "ingressService"].flatMap((field) => {
    const value = config[field];
    if (typeof value !== "string" || value.startsWith("aks-istio-")) return [];
    return [[field, gateways.nameFor(value, manifest)] as const];
  });
  return { ...config, ...Object.fromEntries(named) };
}

function unsupported(config: Config, at: KeyPath): readonly Finding[] {
  const inner = isRecord(config["defaultConfig"]) ? Object.keys(config["defaultConfig"]) : [];
  const fields: Readonly<Record<string, SupportLevel>> = meshConfigFields;
  const ofProxy: Readonly<Record<string, SupportLevel>> = proxyConfigFields;
  const names = [
    ...Object.keys(config).filter((name) => fields[name] === "allowed"),
    ...inner.filter((name) => ofProxy[name] === "allowed").map((name) => `defaultConfig.${name}`),
  ];
  if (names.length === 0) return [];
  return [
    note(
      at,
      `The add-on allows ${names.join(", ")}, but Microsoft does not support problems that ${names.length === 1 ? "it causes" : "they cause"}.`,
    ),
  ];
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The ConfigMap from which a revision reads a MeshConfig. */
export function sharedConfigMap(config: Config, revision: string): Replacement {
  const name = `istio-shared-configmap-${revision}`;
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: CONTROL_PLANE_NAMESPACE },
    data: { mesh: stringify(config, { lineWidth: 0 }).trimEnd() },
  };
  return {
    label: `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${name}`,
    yaml: stringify(object, { lineWidth: 0 }),
  };
}
