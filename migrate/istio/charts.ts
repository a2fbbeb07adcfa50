import type { Manifest } from "../../manifests/manifest.ts";
import {
  chartName,
  isIstiosAnywhere,
  isNamedLikeIstios,
  isPublisher,
} from "../../mesh/istioCharts.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { yamlValue } from "./yamlValue.ts";
import type { KeyPath } from "../../yaml/place.ts";

/** A chart of Istio that an object installs. */
export interface InstalledChart {
  /** Its name: `istiod`. */
  readonly chart: string;
  readonly version: string | undefined;
  /** The name of its release. */
  readonly release: string;
  readonly targetNamespace: string | undefined;
  readonly values: unknown;
  /** Where the values are in the object. */
  readonly at: KeyPath;
  /** Whether there are values elsewhere: in a ConfigMap, in a text, or in files. */
  readonly hasOthers: boolean;
}

/** The charts of Istio that an object of Flux or Argo CD installs. */
export function chartOf(manifest: Manifest): readonly InstalledChart[] {
  const { apiVersion, kind } = manifest;
  if (kind === "HelmRelease" && apiVersion.startsWith("helm.toolkit.fluxcd.io/")) {
    return ofFlux(manifest);
  }
  return kind === "Application" && apiVersion.startsWith("argoproj.io/") ? ofArgo(manifest) : [];
}

/** The names of Flux's sources say where a chart comes from, or the chart does: `istio-base` is in no other repository. */
function ofFlux({ object, name = "" }: Manifest): readonly InstalledChart[] {
  const chart = textAt(object, "spec", "chart", "spec", "chart");
  const source = textAt(object, "spec", "chart", "spec", "sourceRef", "name") ?? "";
  const reference = textAt(object, "spec", "chartRef", "name") ?? "";
  const named = chart ?? reference;
  const isIstios =
    chart === undefined
      ? reference.startsWith("istio") || reference === "istiod"
      : isIstiosAnywhere(chart) || (isNamedLikeIstios(chart) && source.includes("istio"));
  if (!isIstios) return [];
  return [
    {
      chart: chartName(named).replace(/^istio-/, ""),
      version: textAt(object, "spec", "chart", "spec", "version"),
      release: textAt(object, "spec", "releaseName") ?? name,
      targetNamespace: textAt(object, "spec", "targetNamespace"),
      values: valueAt(object, "spec", "values") ?? {},
      at: ["spec", "values"],
      hasOthers: listAt(object, "spec", "valuesFrom").length > 0,
    },
  ];
}

/** @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ */
function ofArgo({ object, name = "" }: Manifest): readonly InstalledChart[] {
  const several = listAt(object, "spec", "sources");
  const sources = [
    ...(valueAt(object, "spec", "source") === undefined ? [] : [["spec", "source"] as const]),
    ...several.map((_, index) => ["spec", "sources", index] as const),
  ];
  return sources.flatMap((path) => {
    const source = valueAt(object, ...path);
    const chart = textAt(source, "chart");
    if (chart === undefined || !isNamedLikeIstios(chart)) return [];
    if (!isIstiosAnywhere(chart) && !isPublisher(textAt(source, "repoURL") ?? "")) return [];
    const structured = valueAt(source, "helm", "valuesObject");
    const text = textAt(source, "helm", "values");
    const others = ["valueFiles", "parameters", "fileParameters"].some(
      (field) => valueAt(source, "helm", field) !== undefined,
    );
    return [
      {
        chart: chartName(chart),
        version: textAt(source, "targetRevision"),
        release: textAt(source, "helm", "releaseName") ?? name,
        targetNamespace: textAt(object, "spec", "destination", "namespace"),
        // A text that is not valid YAML stays a text.
        values: structured ?? (text === undefined ? {} : (yamlValue(text) ?? text)),
        at: [...path, "helm", structured === undefined ? "values" : "valuesObject"],
        hasOthers: others,
      },
    ];
  });
}
