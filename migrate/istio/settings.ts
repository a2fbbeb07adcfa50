import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { chartOf } from "./charts.ts";
import { blocker } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { yamlValue } from "./yamlValue.ts";

/** What an object that installs the own Istio sets. */
export interface Settings {
  /** Its MeshConfigs, with those that the charts make of values. */
  readonly configs: readonly Config[];
  /** Values of the charts. */
  readonly values: readonly Written[];
  /** Where something is that is not a map, or not valid YAML. */
  readonly unreadable: readonly KeyPath[];
}

interface Config {
  readonly config: Readonly<Record<string, unknown>>;
  readonly at: KeyPath;
}

interface Written {
  readonly value: unknown;
  readonly at: KeyPath;
}

export function settingsOf(manifest: Manifest): Settings {
  const { object } = manifest;
  const { configs, values } = writtenIn(manifest);
  const meshConfigs = [...configs, ...values.map((one) => below(one, "meshConfig"))];
  const maps = [
    { value: object["spec"], at: ["spec"] },
    ...[...values, ...meshConfigs],
    ...meshConfigs.map((one) => below(one, "defaultConfig")),
  ];
  return {
    configs: [...meshConfigs, ...values.flatMap(setByCharts)].flatMap(({ value, at }) =>
      isRecord(value) ? [{ config: value, at }] : [],
    ),
    values,
    unreadable: maps.filter(({ value }) => !isEmpty(value) && !isRecord(value)).map(({ at }) => at),
  };
}

export function unreadableBlocker(at: KeyPath): Finding {
  return blocker(
    at,
    "It is not a map in valid YAML, so its MeshConfig could not be judged.",
    "Correct it, and run the command again.",
  );
}

/** The MeshConfigs and the values in an object. A text that is not valid YAML stays a text. */
function writtenIn(manifest: Manifest): {
  readonly configs: readonly Written[];
  readonly values: readonly Written[];
} {
  const { kind, object, name = "" } = manifest;
  const written = (...at: string[]) => ({ value: valueAt(object, ...at), at });
  if (kind === "IstioOperator") {
    return { configs: [written("spec", "meshConfig")], values: [written("spec", "values")] };
  }
  if (["Istio", "IstioRevision", "IstioCNI", "ZTunnel"].includes(kind)) {
    return { configs: [], values: [written("spec", "values")] };
  }
  if (kind === "ConfigMap" && /^istio(?:-|$)/.test(name)) {
    const { value, at } = written("data", "mesh");
    const isText = typeof value === "string";
    const config = { value: isText ? readText(value) : value, at };
    return { configs: [config, written("binaryData", "mesh")], values: [] };
  }
  return { configs: [], values: chartOf(manifest).map(({ values: value, at }) => ({ value, at })) };
}

function readText(text: string): unknown {
  const value = yamlValue(text);
  return value === undefined ? text : value;
}

function below({ value, at }: Written, field: string): Written {
  return { value: valueAt(value, field), at: [...at, field] };
}

/** The MeshConfig that charts make of other values. */
function setByCharts({ value, at }: Written): readonly Written[] {
  const path = ["global", "proxy", "holdApplicationUntilProxyStarts"];
  const holds = valueAt(value, ...path);
  if (typeof holds !== "boolean") return [];
  const config = { defaultConfig: { holdApplicationUntilProxyStarts: holds } };
  return [{ value: config, at: [...at, ...path] }];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
