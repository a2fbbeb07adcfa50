/**
 * The rule that a name breaks as the host of a gateway, in words that complete "the host …"; undefined where it is
 * one. Wildcards are refused although Istio takes them: a gateway that answers for names that nobody listed is how
 * one team gets another's traffic.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/security/#avoid-overly-broad-hosts-configurations
 */
export function hostProblem(host: string): string | undefined {
  if (host.includes("*")) return "must be one whole name, without *";
  if (host.length > 253) return `must be at most 253 characters long, and has ${host.length}`;
  const labels = host.split(".");
  if (labels.length < 2) return "must be a fully qualified name, such as shop.example.com";
  if (/^[\d.]+$/.test(host)) return "must be a name, not an address";
  const legal = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return legal
    ? undefined
    : "must be labels of lower case letters, digits and hyphens between dots, such as shop.example.com";
}

/**
 * The rule that a host breaks as the end of a name, since routes and secrets are called `<gateway>-<host>`, in words
 * that complete "the host …"; undefined where Kubernetes accepts the name.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function routeNameProblem(gateway: string, host: string): string | undefined {
  const most = 253 - gateway.length - 1;
  return host.length > most
    ? `must be at most ${most} characters long, and has ${host.length}: its route is called ${gateway}-<host>, and Kubernetes allows 253 characters`
    : undefined;
}
