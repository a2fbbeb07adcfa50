import type { Manifest } from "../../manifests/manifest.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Entry, Translation } from "../report.ts";
import { hostOf, serviceNamed } from "./hosts.ts";
import { istioObject, objectName } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { retriesOf } from "./retries.ts";
import type { Retries } from "./retries.ts";
import type { OsmProtocol } from "./services.ts";
import { splitsOf } from "./splits.ts";
import type { Split } from "./splits.ts";

/**
 * A VirtualService for each Service that TrafficSplits and Retries are about. They share one, because Istio does not merge
 * VirtualServices of a host inside the mesh.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
export function routingOf(mesh: OsmMesh): Translation {
  const [splits, retries] = [splitsOf(mesh), retriesOf(mesh)];
  const hosts = new Map(
    [...splits.found, ...retries.found].map((one) => [hostOf(one.namespace, one.service), one]),
  );
  const objects: ClusterObject[] = [];
  const becomes = new Map<Manifest, ClusterObject[]>();
  for (const [host, { namespace, service }] of hosts) {
    const here = ({ namespace: where, service: of }: Split | Retries) => hostOf(where, of) === host;
    const split = splits.found.find(here);
    const own = retries.found.filter(here);
    const object = virtualServiceOf(mesh, { namespace, service }, split, own);
    objects.push(object);
    for (const { manifest } of [...(split === undefined ? [] : [split]), ...own]) {
      becomes.set(manifest, [...(becomes.get(manifest) ?? []), object]);
    }
  }
  const said = [...splits.said, ...retries.said].map(
    ({ manifest, fate, message, ...more }): Entry =>
      entryOf(manifest, fate, message, { ...more, becomes: becomes.get(manifest) ?? [] }),
  );
  return { objects, entries: said };
}

function virtualServiceOf(
  mesh: OsmMesh,
  { namespace, service }: Pick<Split, "namespace" | "service">,
  split: Split | undefined,
  retries: readonly Retries[],
): ClusterObject {
  const ports = serviceNamed(mesh, namespace, service)?.ports ?? [];
  const toRoot = (port: number | undefined) => [destination(namespace, service, port)];
  const toBackends = (port: number | undefined) =>
    (split?.backends ?? [])
      .filter(({ name }) => hasPort(mesh, namespace, name, port))
      .map(({ name, weight }) => ({ ...destination(namespace, name, port), weight }));
  const of = (protocol: OsmProtocol) => ports.filter((port) => port.protocol === protocol);
  // What a Service that is not among the manifests serves is not known.
  const http = ports.length === 0 ? [undefined] : of("HTTP").map(({ number }) => number);
  const onPort = (port: number | undefined) =>
    ports.length > 1 && port !== undefined ? { port } : {};
  const httpRoutes = http.flatMap((port) => {
    const backends = toBackends(port);
    const plain =
      split === undefined
        ? [{ match: [{}], route: toRoot(port) }]
        : [
            { match: split.matches.length === 0 ? [{}] : split.matches, route: backends },
            ...(split.matches.length === 0 ? [] : [{ match: [{}], route: toRoot(port) }]),
          ];
    return plain
      .filter(({ route }) => route.length > 0)
      .flatMap(({ match, route }) => [
        ...retries.map(({ senders, policy }) =>
          routeWhere(combined(match, senders, onPort(port)), { route, retries: policy }),
        ),
        routeWhere(combined(match, [{}], onPort(port)), { route }),
      ]);
  });
  const tcpRoutes = (split === undefined ? [] : of("TCP")).flatMap(({ number }) => {
    const route = toBackends(number);
    return route.length === 0 ? [] : [routeWhere([onPort(number)], { route })];
  });
  return istioObject("VirtualService", namespace, objectName(service), {
    hosts: [hostOf(namespace, service)],
    ...(httpRoutes.length === 0 ? {} : { http: httpRoutes }),
    ...(tcpRoutes.length === 0 ? {} : { tcp: tcpRoutes }),
  });
}

function destination(namespace: string, name: string, port: number | undefined) {
  return {
    destination: {
      host: hostOf(namespace, name),
      ...(port === undefined ? {} : { port: { number: port } }),
    },
  };
}

/** Whether a backend gets requests for a port: it needs the same port. That of an unknown Service cannot be checked. */
function hasPort(
  mesh: OsmMesh,
  namespace: string,
  name: string,
  port: number | undefined,
): boolean {
  const ports = serviceNamed(mesh, namespace, name)?.ports;
  return ports === undefined || port === undefined || ports.some(({ number }) => number === port);
}

/** Every condition together with every sender, and the port. */
function combined(
  matches: readonly object[],
  senders: readonly object[],
  port: object,
): readonly object[] {
  return matches.flatMap((match) => senders.map((sender) => ({ ...match, ...port, ...sender })));
}

/** A route without conditions is for all requests. */
function routeWhere(match: readonly object[], route: object): object {
  return match.some((one) => Object.keys(one).length === 0) ? route : { match, ...route };
}
