/** The DNS domain of Kubernetes Services. */
const CLUSTER_DOMAIN = "svc.cluster.local";

/** The full host of a Service. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.${CLUSTER_DOMAIN}`;
}

/**
 * A host as Istio's objects write it: only a name without a dot is short for a Service in the namespace of the object.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination
 */
export function wholeHost(host: string, namespace: string): string {
  return host.includes(".") || host.startsWith("*") ? host : serviceHost(host, namespace);
}

/**
 * The host that a client calls, as its DNS search path completes it: `web`, `web.shop`, `web.shop.svc` and the full name
 * are Services; any other name stays as it is.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services
 * @param isService whether a Service has this full host
 */
export function calledHost(
  host: string,
  namespace: string,
  isService: (host: string) => boolean,
): string {
  const parts = host.split(".");
  const [name = "", second = namespace] = parts;
  const isShort =
    parts.length <= 2 ||
    (parts.length === 3 && parts[2] === "svc") ||
    host.endsWith(".svc.cluster");
  const whole = serviceHost(name, second);
  // A host with a single dot is often outside the cluster.
  return isShort && (parts.length !== 2 || isService(whole)) ? whole : host;
}

/** Whether a host, which may begin with `*`, matches a full name. */
export function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith("*")
    ? host.length > pattern.length - 1 && host.endsWith(pattern.slice(1))
    : pattern === host;
}

/** Whether every name that `inner` matches is one of `outer`. */
export function hostCovers(outer: string, inner: string): boolean {
  if (!outer.startsWith("*")) return outer === inner;
  return inner.replace(/^\*/, "").endsWith(outer.slice(1));
}

/** The pattern that matches a host most specifically: the host itself, or the longest wildcard. */
export function mostSpecific<T>(
  candidates: readonly T[],
  host: string,
  patternsOf: (candidate: T) => readonly string[],
): readonly T[] {
  const ranked = candidates.flatMap((candidate) => {
    const ranks = patternsOf(candidate)
      .filter((pattern) => hostMatches(pattern, host))
      .map((pattern) => (pattern === host ? Infinity : pattern.length));
    return ranks.length === 0 ? [] : [{ candidate, rank: Math.max(...ranks) }];
  });
  const best = Math.max(...ranked.map(({ rank }) => rank));
  return ranked.filter(({ rank }) => rank === best).map(({ candidate }) => candidate);
}
