import { labelOf, listAt, textAt } from "../../cluster/clusterObject.ts";
import { departure } from "./arrival.ts";
import { followRoute } from "./followRoute.ts";
import { forward, serviceFor } from "./forward.ts";
import { hostMatches, mostSpecific } from "./hosts.ts";
import { httpRoutes } from "./httpRoutes.ts";
import { isExportedTo, namespaceOf, oldestFirst } from "./objects.ts";
import { outboundPolicyOf } from "./outboundPolicy.ts";
import { ended, open, passed } from "./request.ts";
import type { Call, Party, RequestStep, Target } from "./request.ts";
import type { Route } from "./route.ts";
import { scopeOf } from "./sidecarScope.ts";
import type { Scope } from "./sidecarScope.ts";
import type { MeshService } from "./service.ts";
import { MESH, gatewaysOf, hostsOf, virtualServiceRoutes } from "./virtualServiceRoutes.ts";
import type { World } from "./world.ts";

/** The steps of a request of pods in the cluster, from the client on. */
export function fromSidecar(
  client: Party,
  call: Call,
  hops: number,
  world: World,
): readonly RequestStep[] {
  const { proxied, step } = departure(client, call.port);
  if (proxied === "unknown") return [step];
  const target: Target = { host: call.host, port: call.port, subset: undefined, weight: 1 };
  const direct = (isKnown: boolean) =>
    forward({ sender: client, call, target, proxied, isKnown, hops }, world);
  const anywhere = serviceFor(world.services, call.host);
  if (proxied === "no") {
    const isService = anywhere?.object.kind === "Service";
    return [step, ...(isService ? direct(false) : [outside(call)])];
  }
  const scope = scopeOf(world.all("networking.istio.io/Sidecar"), client, call.port);
  const { namespace = "" } = client;
  const known = world.services
    .filter(({ hosts }) => hosts.some((host) => hostMatches(host, call.host)))
    .filter(({ object }) => isExportedTo(object, namespace))
    .map((service) => ({
      ...service,
      hosts: service.hosts.filter((host) => scope.includes(host, namespaceOf(service.object))),
    }));
  const service = serviceFor(known, call.host);
  if (service === undefined) {
    const unknown = unknownHost(client, call, scope, anywhere, world);
    const isThere = unknown.answer === "yes" && anywhere?.object.kind === "Service";
    return [step, unknown, ...(isThere ? direct(false) : [])];
  }
  const port = service.ports.find(({ number }) => number === call.port);
  const typed: Call = { ...call, protocol: port?.protocol ?? call.protocol };
  const { routes, place } = sidecarRoutes(client, typed, service, scope, world);
  if (routes === undefined) return [step, ...direct(true)];
  return [
    step,
    ...followRoute(routes, place, (sent, to) =>
      forward({ sender: client, call: sent, target: to, proxied, isKnown: true, hops }, world),
    ),
  ];
}

function outside({ host }: Call): RequestStep {
  return host.endsWith(".svc.cluster.local")
    ? ended("service", "fails: host not found", {
        message: `No Service has the name ${host}.`,
        fix: "Correct the host, or create the Service.",
      })
    : passed("service", `The request leaves the cluster to ${host}.`);
}

/** What the proxy of a client does with a host that it does not know. */
function unknownHost(
  client: Party,
  call: Call,
  scope: Scope,
  anywhere: MeshService | undefined,
  world: World,
): RequestStep {
  const { object } = anywhere ?? {};
  const why =
    object === undefined
      ? `The client's proxy knows no Service and no ServiceEntry with the host ${call.host}`
      : `The client's proxy does not know ${labelOf(object)}, ${isExportedTo(object, client.namespace ?? "") ? "which its Sidecar leaves out" : "which is not exported to its namespace"}`;
  const { mode, place } =
    scope.outboundMode === undefined
      ? outboundPolicyOf(world.state, client.revision)
      : { mode: scope.outboundMode, place: scope.place };
  const by = [object === undefined ? undefined : scope.place, place]
    .filter((one) => one !== undefined)
    .join(", ");
  if (mode === undefined) {
    const fix = "Read ConfigMaps, too: they say what proxies do with hosts that they do not know.";
    return open("service", `${why}, and whether the mesh lets it pass is not known.`, fix);
  }
  if (mode !== "REGISTRY_ONLY") {
    if (object === undefined && call.host.endsWith(".svc.cluster.local")) return outside(call);
    return passed(
      "service",
      `${why}, and lets its requests pass as they are (${mode}).`,
      by === "" ? undefined : by,
    );
  }
  const outcome = call.protocol === "HTTP" ? "fails: 502" : "fails: connection reset";
  return ended("service", outcome, {
    message: `${why}, and rejects it (${mode}).`,
    fix:
      object === undefined
        ? "Add a ServiceEntry for the host."
        : "Add the namespace to the Sidecar's egress hosts, or the client's namespace to exportTo.",
    ...(by === "" ? {} : { by }),
  });
}

/** The routes of sidecars for a service; undefined if no object has any. */
function sidecarRoutes(
  client: Party,
  call: Call,
  { object, hosts }: MeshService,
  scope: Scope,
  world: World,
): { readonly routes: readonly Route[] | undefined; readonly place: string } {
  const { namespace = "" } = client;
  const usable = oldestFirst(world.all("networking.istio.io/VirtualService"))
    .filter((one) => gatewaysOf(one).includes(MESH) && isExportedTo(one, namespace))
    .filter((one) => hostsOf(one).some((host) => scope.includes(host, namespaceOf(one))));
  // Of two for one host, sidecars apply the oldest.
  const [first] = mostSpecific(usable, call.host, hostsOf);
  const list = { HTTP: "http", TLS: "tls", TCP: "tcp" }[call.protocol];
  if (first !== undefined && listAt(first, "spec", list).length > 0) {
    const applying = { gateway: MESH, client };
    return { routes: virtualServiceRoutes(first, call, applying), place: labelOf(first) };
  }
  const parent = {
    kind: "Service",
    namespace: namespaceOf(object),
    name: textAt(object, "metadata", "name") ?? "",
    allows: () => true,
    port: call.port,
    hosts: [call.host],
  } as const;
  const isHere = hosts.some((host) => hostMatches(host, call.host));
  const standard =
    isHere && object.kind === "Service" && call.protocol === "HTTP"
      ? httpRoutes(world.all("gateway.networking.k8s.io/HTTPRoute"), parent, call)
      : [];
  return { routes: standard.length > 0 ? standard : undefined, place: labelOf(object) };
}
