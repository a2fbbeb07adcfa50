import type { AuthorizationContext } from "../../../operate/explain/request/authorizationContext.ts";
import { authorize } from "../../../operate/explain/request/authorize.ts";
import { selectedPolicies } from "../../../operate/explain/request/selectedPolicies.ts";
import { matchesText } from "../../../operate/explain/request/valueMatch.ts";
import { listAt, textAt } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { NAMESPACE } from "./meshes.ts";
import type { Server, SmallMesh, SmallRequest } from "./meshes.ts";

/**
 * The ports that OSM opens on the pods of a server: those of every Service that selects them. A port that one Service
 * calls HTTP and another TCP has both protocols.
 */
export function openPorts(mesh: SmallMesh, server: Server) {
  return mesh.servers
    .filter(({ labels }) =>
      Object.entries(labels).every(([key, value]) => server.labels[key] === value),
    )
    .flatMap(({ ports }) => ports);
}

/**
 * What Open Service Mesh 1.2 does with a request, after its code: the network filter compares the sender and the port with
 * all TrafficTargets of the destination; on HTTP ports, a route must match and allow the sender, too.
 *
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/envoy/lds/rbac.go
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/envoy/rds/route/route_config.go
 */
export function osmAllows(
  mesh: SmallMesh,
  { from, to, port, ...request }: SmallRequest,
  protocol: "http" | "tcp",
): boolean {
  const server = mesh.servers[to];
  if (server === undefined) return false;
  if (!openPorts(mesh, server).some((one) => one.number === port && one.protocol === protocol)) {
    return false;
  }
  if (mesh.isPermissive) return true;
  const targets = mesh.targets
    .map((target) => ({
      ...target,
      tcpRoutes: target.tcpRoutes.filter((one) => one < mesh.tcpRoutes.length),
    }))
    .filter(({ matches, tcpRoutes }) => matches.length + tcpRoutes.length > 0)
    .filter((target) => target.to === server.account && target.from.includes(from));
  const connects = targets.some(({ tcpRoutes }) => {
    const ports = tcpRoutes.flatMap((one) => mesh.tcpRoutes[one] ?? []);
    return ports.length === 0 || ports.includes(port);
  });
  if (protocol === "tcp" || !connects) return connects;
  return targets.some(({ matches }) =>
    matches.some((index) => {
      const match = mesh.matches[index];
      if (match === undefined) return false;
      const is = (expression: string, text: string | undefined) =>
        text !== undefined && new RegExp(`^(?:${expression})$`).test(text);
      return (
        (match.path === undefined || is(match.path, request.path)) &&
        (match.methods.length === 0 ||
          match.methods.includes("*") ||
          match.methods.includes(request.method)) &&
        Object.entries(match.headers).every(([name, expression]) =>
          is(expression, request.headers[name]),
        )
      );
    }),
  );
}

/** What policies of Istio do with the same request. */
export function istioAllows(
  objects: readonly ClusterObject[],
  server: Server,
  { from, port, path, method, headers }: SmallRequest,
  protocol: "http" | "tcp",
): boolean {
  const policies = objects
    .filter(({ kind }) => kind === "AuthorizationPolicy")
    .map((policy) => withHeaders(policy, headers));
  const receiver = {
    ...{ label: "Deployment shop/server", namespace: NAMESPACE, labels: server.labels },
    ...{ annotations: {}, serviceAccount: server.account, proxied: "yes" as const },
    ...{ revision: undefined, address: undefined, pods: [] },
  };
  const call = { host: "server", authority: "server", port, method, path };
  const context: AuthorizationContext = {
    receiver: receiver.label,
    call: { ...call, protocol: protocol === "http" ? "HTTP" : "TCP" },
    principal: `cluster.local/ns/${NAMESPACE}/sa/${from}`,
    ...{ sourceAddress: "10.0.0.1", remoteAddress: "10.0.0.1", port, mayHaveToken: "no" },
  };
  const steps = authorize(selectedPolicies(policies, receiver), context);
  if (steps.some(({ answer }) => answer === "unknown")) {
    throw new Error("The verdict is not known.");
  }
  return steps.every(({ answer }) => answer === "yes");
}

/** The policy without the rules whose conditions about headers a request does not meet, and without the conditions. */
function withHeaders(
  policy: ClusterObject,
  headers: Readonly<Record<string, string>>,
): ClusterObject {
  const rules = listAt(policy, "spec", "rules");
  if (rules.length === 0) return policy;
  const kept = rules.filter((rule) =>
    listAt(rule, "when").every((condition) => {
      const [, name = ""] = /^request\.headers\[(.+)\]$/.exec(textAt(condition, "key") ?? "") ?? [];
      const value = headers[name];
      return (
        value !== undefined &&
        listAt(condition, "values").some((one) => matchesText(String(one), value))
      );
    }),
  );
  const plain = kept.map((rule) => ({ ...(rule as object), when: undefined }));
  return { ...policy, spec: { ...(policy["spec"] as object), rules: plain } };
}
