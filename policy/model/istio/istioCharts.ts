import { isIstiosAnywhere, isNamedLikeIstios, isPublisher } from "../../../mesh/istioCharts.ts";
import type { ChartSource } from "../kubernetes/charts.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

/**
 * The chart, in words, if it installs Istio: a chart that Istio publishes, or a control plane from any source. Other
 * projects also have charts named `base` or `gateway`, so the source decides about those.
 */
export function istioChart({ chart, repository }: ChartSource): Read<string> {
  if (chart === undefined || chart instanceof Unknown) return chart;
  if (!isNamedLikeIstios(chart)) return undefined;
  const certain = isIstiosAnywhere(chart);
  if (repository instanceof Unknown) return certain ? `the chart ${shown(chart)}` : repository;
  if (!certain && !isPublisher(repository ?? "")) return undefined;
  const from = repository === undefined ? "" : ` of ${shown(repository)}`;
  return `the chart ${shown(chart)}${from}`;
}

/** A URL without the credentials that it may contain. */
function shown(address: string): string {
  return address.replace(/:\/\/[^/?#]*@/, "://");
}
