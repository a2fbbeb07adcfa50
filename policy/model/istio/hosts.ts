/** The DNS domain of Kubernetes services. */
const CLUSTER_DOMAIN = "svc.cluster.local";

/** The name and the namespace of a service of the cluster. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/**
 * A host as Istio interprets it: only a name without a dot is short for a service in the same namespace.
 *
 * @param namespace of the object that names the host; if it is unknown, so is the service of a short name
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination
 */
export function wholeHost(host: string, namespace: string | undefined): string | undefined {
  if (host.includes(".") || host.startsWith("*")) return host;
  return namespace === undefined ? undefined : `${host}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** The service that a full host names; undefined for a host outside the cluster and for a wildcard. */
export function serviceOf(host: string): ServiceName | undefined {
  const [name, namespace, ...domain] = host.split(".");
  if (name === undefined || namespace === undefined || name.includes("*")) return undefined;
  return domain.join(".") === CLUSTER_DOMAIN ? { name, namespace } : undefined;
}

/** Whether two hosts, each with or without a leading wildcard, match a common name. */
export function hostsOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  const [wildA, wildB] = [a.startsWith("*"), b.startsWith("*")];
  if (wildA && b.replace(/^\*/, "").endsWith(a.slice(1))) return true;
  return wildB && a.replace(/^\*/, "").endsWith(b.slice(1));
}

/**
 * A host of a Gateway, which may state the namespace of its routes: `shop/shop.example.com`, `./…` for the namespace of
 * the Gateway, `*` for any.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server
 */
export function gatewayHost(
  written: string,
  namespace: string | undefined,
): { readonly host: string; readonly from: string | undefined } {
  const slash = written.indexOf("/");
  if (slash === -1) return { host: written, from: "*" };
  const from = written.slice(0, slash);
  return { host: written.slice(slash + 1), from: from === "." ? namespace : from };
}
