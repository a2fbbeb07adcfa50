/**
 * Why a name is not a valid gateway host, as text that completes "the host …"; undefined if it is valid. Wildcards are
 * refused although Istio accepts them, because with an overly broad host one team may receive another's traffic.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/security/#avoid-overly-broad-hosts-configurations
 */
export function hostProblem(host: string): string | undefined {
  if (host.includes("*")) return "must be a full name without *";
  if (host.length > 253) return `must be at most 253 characters long, but has ${host.length}`;
  const labels = host.split(".");
  if (labels.length < 2) return "must be a fully qualified name, such as shop.example.com";
  if (/^[\d.]+$/.test(host)) return "must be a name, not an address";
  const legal = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return legal
    ? undefined
    : "must consist of dot-separated labels of lowercase letters, digits and hyphens, such as shop.example.com";
}

/**
 * Why a host is too long for a name, as text that completes "the host …"; undefined if it is not. Routes and secrets
 * are named `<gateway>-<host>`.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function routeNameProblem(gateway: string, host: string): string | undefined {
  const most = 253 - gateway.length - 1;
  return host.length > most
    ? `must be at most ${most} characters long, but has ${host.length}: its route is named ${gateway}-<host>, and Kubernetes allows 253 characters`
    : undefined;
}
