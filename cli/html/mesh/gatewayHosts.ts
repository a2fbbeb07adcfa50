import { labelOf } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { allOf } from "../../../operate/explain/explanation.ts";
import { HOPS } from "../../../operate/explain/request/explainRequest.ts";
import { forward, serviceFor } from "../../../operate/explain/request/forward.ts";
import { serversOf, serves } from "../../../operate/explain/request/gatewayServer.ts";
import type { GatewayServer } from "../../../operate/explain/request/gatewayServer.ts";
import { textsAt } from "../../../operate/explain/request/objects.ts";
import { authorityOf } from "../../../operate/explain/request/request.ts";
import type { Call, Party } from "../../../operate/explain/request/request.ts";
import type { Route } from "../../../operate/explain/request/route.ts";
import { routesOf } from "../../../operate/explain/request/throughGateway.ts";
import { hostsOf } from "../../../operate/explain/request/virtualServiceRoutes.ts";
import type { World } from "../../../operate/explain/request/world.ts";
import type { GatewayHost, GatewayRoute } from "./mesh.ts";

/** The resource that an object of the plan is, by its label. */
export type UrnOf = (label: string) => string | undefined;

/** The hosts that a gateway serves, and where it sends their requests. */
export function gatewayHosts(gateway: Party, world: World, urnOf: UrnOf): readonly GatewayHost[] {
  return serversOf(gateway, world).flatMap((server) =>
    hostsAt(server, world).map((host) => hostOf(host, server, gateway, world, urnOf)),
  );
}

/** The hosts of a server: for a wildcard, those that routes name and it matches. */
function hostsAt(server: GatewayServer, world: World): readonly string[] {
  const named = [
    ...world.all("networking.istio.io/VirtualService").flatMap(hostsOf),
    ...world
      .all("gateway.networking.k8s.io/HTTPRoute")
      .flatMap((route) => textsAt(route, "spec", "hostnames")),
  ].filter((host) => serves(server, host) && !host.endsWith(".svc.cluster.local"));
  const served = server.hosts.filter((host) => host !== "*" || named.length === 0);
  return [...new Set([...served, ...named])];
}

function hostOf(
  host: string,
  server: GatewayServer,
  gateway: Party,
  world: World,
  urnOf: UrnOf,
): GatewayHost {
  const { port, tls, inner } = server;
  const openedBy = labelOf(server.gateway);
  const shared = { host, port, tls, openedBy, urn: urnOf(openedBy) };
  if (server.redirectsToHttps) {
    const what = "redirects to HTTPS";
    const route: GatewayRoute = {
      ...{ place: server.place, urn: urnOf(openedBy), service: undefined },
      ...{ what, answer: "yes", because: "" },
    };
    return { ...shared, routes: [route] };
  }
  const open = { protocol: inner, host, port, method: undefined, path: undefined };
  const call: Call = { ...open, authority: authorityOf(open) };
  const routes = routesOf(server, call, gateway, world).flatMap((route) =>
    targetsOf(route, gateway, world, urnOf),
  );
  return { ...shared, routes };
}

function targetsOf(
  { place, action }: Route,
  gateway: Party,
  world: World,
  urnOf: UrnOf,
): readonly GatewayRoute[] {
  const urn = urnOf(place.split(" ").slice(0, 2).join(" "));
  const shared = { place, urn, service: undefined };
  switch (action.kind) {
    case "open":
      return [{ ...shared, what: "is not evaluated", answer: "unknown", because: action.why }];
    case "answer":
      return [
        { ...shared, what: `${action.why}, with ${action.status}`, answer: "yes", because: "" },
      ];
    case "forward":
      return action.targets.map((target): GatewayRoute => {
        const steps = forward(
          { sender: gateway, proxied: "yes", isKnown: true, hops: HOPS, call: action.call, target },
          world,
        );
        const answer = allOf(steps.map((step) => step.answer));
        const deciding = steps.filter((step) => step.answer === answer);
        const service = serviceFor(world.services, target.host)?.object;
        return {
          place,
          urn,
          service: service === undefined ? undefined : labelOf(service),
          what: `${target.host}${target.port === undefined ? "" : `:${target.port}`}`,
          answer,
          because: answer === "yes" ? "" : deciding.map(({ message }) => message).join(" "),
        };
      });
  }
}

/** The objects that open ports of no gateway of the plan. */
export function unusedGateways(
  gateways: readonly ClusterObject[],
  used: readonly GatewayHost[],
): readonly string[] {
  const opening = new Set(used.map(({ openedBy }) => openedBy));
  return gateways.map(labelOf).filter((label) => !opening.has(label));
}
