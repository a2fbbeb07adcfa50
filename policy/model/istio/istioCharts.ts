import type { ChartSource } from "../kubernetes/charts.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

/**
 * The charts that Istio publishes, by name.
 *
 * @see https://istio.io/latest/docs/setup/install/helm/
 */
const CHART = /^(?:base|istiod|gateway|cni|ztunnel|istio-.+)$/;

/**
 * The locations where Istio publishes its charts, and the name that its guide gives the repository.
 *
 * @see https://istio.io/latest/docs/setup/install/helm/#prerequisites
 */
const PUBLISHERS = [
  "istio-release.storage.googleapis.com",
  "gcr.io/istio-release",
  "registry.istio.io",
  "docker.io/istio",
  "istio",
];

/**
 * The chart, in words, if it installs Istio: a chart that Istio publishes, or a control plane from any source. Other
 * projects also have charts named `base` or `gateway`, so the source decides about those.
 */
export function istioChart({ chart, repository }: ChartSource): Read<string> {
  if (chart === undefined || chart instanceof Unknown) return chart;
  const name = nameOf(chart);
  if (!CHART.test(name)) return undefined;
  const certain = name === "istiod" || isPublisher(chart);
  if (repository instanceof Unknown) return certain ? `the chart ${shown(chart)}` : repository;
  if (!certain && !isPublisher(repository ?? "")) return undefined;
  const from = repository === undefined ? "" : ` of ${shown(repository)}`;
  return `the chart ${shown(chart)}${from}`;
}

/** A URL without the credentials that it may contain. */
function shown(address: string): string {
  return address.replace(/:\/\/[^/?#]*@/, "://");
}

/** `istiod` of `istio/istiod`, `oci://gcr.io/istio-release/charts/istiod:1.30.0` or `./charts/istiod-1.30.0.tgz`. */
function nameOf(chart: string): string {
  const last = chart.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last.replace(/[:@].*$/, "").replace(/(?:-v?\d+\.\d+.*)?\.tgz$/, "");
}

function isPublisher(address: string): boolean {
  const place = address.replace(/^[a-z]+:\/\//, "");
  return PUBLISHERS.some((publisher) => place === publisher || place.startsWith(`${publisher}/`));
}
