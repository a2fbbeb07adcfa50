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
 * The name of a chart: `istiod` for `istio/istiod`, `oci://gcr.io/istio-release/charts/istiod:1.30.0` and
 * `./charts/istiod-1.30.0.tgz`.
 */
export function chartName(chart: string): string {
  const last = chart.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last.replace(/[:@].*$/, "").replace(/(?:-v?\d+\.\d+.*)?\.tgz$/, "");
}

/** Whether a chart has the name of one of Istio's. Other projects also have charts named `base` or `gateway`. */
export function isNamedLikeIstios(chart: string): boolean {
  return CHART.test(chartName(chart));
}

/** Whether a chart is Istio's from any source: a control plane, or a chart whose address is Istio's. */
export function isIstiosAnywhere(chart: string): boolean {
  return isNamedLikeIstios(chart) && (chartName(chart) === "istiod" || isPublisher(chart));
}

/** Whether Istio publishes its charts at an address. */
export function isPublisher(address: string): boolean {
  const place = address.replace(/^[a-z]+:\/\//, "");
  return PUBLISHERS.some((publisher) => place === publisher || place.startsWith(`${publisher}/`));
}
