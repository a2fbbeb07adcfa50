import { authorizeAt } from "./arrival.ts";
import type { ClientMode } from "./clientRule.ts";
import { followRoute } from "./followRoute.ts";
import { gatewayLabel, serversOf, serves } from "./gatewayServer.ts";
import type { GatewayServer } from "./gatewayServer.ts";
import { mostSpecific } from "./hosts.ts";
import { httpRoutes } from "./httpRoutes.ts";
import { isExportedTo, namespaceOf, oldestFirst } from "./objects.ts";
import { principalOf } from "./parties.ts";
import { ended, open, passed } from "./request.ts";
import type { Call, Party, RequestStep, Sent } from "./request.ts";
import type { Route } from "./route.ts";
import { gatewaysOf, hostsOf, virtualServiceRoutes } from "./virtualServiceRoutes.ts";
import type { World } from "./world.ts";

/** A request that reaches a gateway. */
export interface AtGateway {
  readonly sender: Party;
  readonly call: Call;
  readonly hops: number;
  /** The TLS mode of the sender's proxy, if a DestinationRule sets it. */
  readonly clientMode?: ClientMode | undefined;
  /** The steps from the gateway to a service. */
  readonly send: (sent: Sent) => readonly RequestStep[];
}

const STEP = "gateway";

/** The steps from a gateway on: its server, its certificate, its policies, and its routes. */
export function throughGateway(
  gateway: Party,
  { sender, call, hops, clientMode, send }: AtGateway,
  world: World,
): readonly RequestStep[] {
  if (hops < 0) {
    return [
      open(STEP, "The request passes too many gateways.", "Look for routes that form a loop."),
    ];
  }
  const servers = serversOf(gateway, world).filter(({ port }) => port === call.port);
  if (servers.length === 0) {
    const message = `No Gateway opens the port ${call.port} of ${gateway.label}.`;
    return [
      ended(STEP, "fails: connection refused", {
        message,
        fix: "Add a server to a Gateway, or call another port.",
      }),
    ];
  }
  const [server] = mostSpecific(servers, call.host, ({ hosts }) => hosts);
  if (server === undefined || !serves(server, call.host)) {
    const isTls = servers.some(({ tls }) => tls !== "none");
    return [
      ended(STEP, isTls ? "fails: connection reset" : "fails: 404", {
        message: `No server of ${gateway.label} on port ${call.port} has the host ${call.host}.`,
        fix: "Add the host to a Gateway, or call a host that it has.",
        by: servers.map(({ place }) => place).join(", "),
      }),
    ];
  }
  const found = passed(
    STEP,
    `${gateway.label} serves ${call.host} on port ${call.port}.`,
    server.place,
  );
  if (server.redirectsToHttps) {
    const message = "The server redirects HTTP to HTTPS, with 301.";
    return [
      found,
      ended(STEP, "redirected: 301", {
        message,
        fix: "Call https:// and its port.",
        by: server.place,
      }),
    ];
  }
  const tls = certificateStep(server, world);
  if (tls !== undefined && tls.answer !== "yes") return [found, tls];
  const isMutual = server.mode === "ISTIO_MUTUAL" && clientMode?.mode === "ISTIO_MUTUAL";
  const inside: Call = { ...call, protocol: server.inner };
  const policies = authorizeAt(
    gateway,
    {
      sender,
      call: inside,
      port: undefined,
      principal: isMutual ? principalOf(sender) : undefined,
    },
    world,
  );
  const before = [found, ...(tls === undefined ? [] : [tls]), ...policies];
  if (policies.some(({ answer }) => answer === "no")) return before;
  if (server.inner !== "HTTP" && !isIstios(server)) {
    const message = `The listener forwards ${server.inner} by TLSRoutes and TCPRoutes, which are not read.`;
    return [...before, open("route", message, "Look at these routes.", server.place)];
  }
  return [
    ...before,
    ...followRoute(routesOf(server, inside, gateway, world), gatewayLabel(server), (sent, target) =>
      send({ sender: gateway, proxied: "yes", isKnown: true, hops, call: sent, target }),
    ),
  ];
}

/** Whether the certificates of a server exist, and what it asks of clients; undefined if it ends no TLS. */
function certificateStep(server: GatewayServer, world: World): RequestStep | undefined {
  const { tls, mode, secrets, place } = server;
  if (tls !== "terminated") return undefined;
  for (const { name, namespace } of secrets) {
    const exists = world.hasSecret(name, namespace);
    if (exists === undefined) {
      const message = `Whether the Secret ${namespace}/${name} with the certificate exists is not known.`;
      return open(
        "certificate",
        message,
        "Read Secrets, too: only their names matter.",
        `${place}.tls`,
      );
    }
    if (!exists) {
      return ended("certificate", "fails: connection reset", {
        message: `The Secret ${namespace}/${name} with the certificate does not exist.`,
        fix: "Create it in that namespace, which is that of the gateway's pods, or correct the name.",
        by: `${place}.tls`,
      });
    }
  }
  if (mode === "MUTUAL") {
    const message = "The server requires a certificate of the client, which is not known.";
    return open(
      "certificate",
      message,
      "Send a certificate of its authority.",
      `${place}.tls.mode`,
    );
  }
  return passed("certificate", "The gateway ends TLS with its certificate.", `${place}.tls`);
}

function isIstios({ gateway }: GatewayServer): boolean {
  return gateway.apiVersion.startsWith("networking.istio.io/");
}

/** The routes of a server for a request: VirtualServices of the gateway, oldest first, or HTTPRoutes. */
export function routesOf(
  server: GatewayServer,
  call: Call,
  gateway: Party,
  world: World,
): readonly Route[] {
  const { metadata } = server.gateway;
  const namespace = namespaceOf(server.gateway);
  if (!isIstios(server)) {
    const parent = {
      kind: "Gateway",
      namespace,
      name: metadata.name,
      allows: server.allows,
      port: server.port,
      hosts: server.hosts,
      ...(server.section === undefined ? {} : { section: server.section }),
    } as const;
    return httpRoutes(world.all("gateway.networking.k8s.io/HTTPRoute"), parent, call);
  }
  const name = `${namespace}/${metadata.name}`;
  const attached = oldestFirst(world.all("networking.istio.io/VirtualService")).filter(
    (one) =>
      gatewaysOf(one).includes(name) &&
      server.allows(namespaceOf(one)) &&
      isExportedTo(one, gateway.namespace ?? ""),
  );
  return mostSpecific(attached, call.host, hostsOf).flatMap((one) =>
    virtualServiceRoutes(one, call, { gateway: name, client: gateway }),
  );
}
