import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf, merged } from "../report.ts";
import type { Translation } from "../report.ts";
import { namespaceOf } from "./hosts.ts";
import { istioObject, objectName } from "./istioObjects.ts";
import { matchConditions } from "./matchConditions.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { matchesIn, routeAt } from "./routes.ts";

/** OSM's protocols, and how Istio calls them. OSM forwards HTTPS as it is. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  http: "HTTP",
  https: "TLS",
  tcp: "TCP",
  "tcp-server-first": "TCP",
};

/**
 * ServiceEntries for the hosts that Egress policies allow. They hold for a namespace, not for a service account.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/traffic_management/egress/
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/catalog/egress.go
 */
export function egressOf(mesh: OsmMesh): Translation {
  return merged(objectsOf(mesh, "Egress").map((manifest) => translated(mesh, manifest)));
}

function translated(mesh: OsmMesh, manifest: Manifest): Translation {
  const { object, name = "" } = manifest;
  if (valueAt(mesh.config?.object, "spec", "featureFlags", "enableEgressPolicy") === false) {
    const message = "OSM does not read it, because enableEgressPolicy of its MeshConfig is false.";
    return { objects: [], entries: [entryOf(manifest, "unneeded", message)] };
  }
  const namespace = namespaceOf(manifest);
  const untranslated = (message: string, fix: string): Translation => ({
    objects: [],
    entries: [entryOf(manifest, "untranslated", message, { fix })],
  });
  const sources = listAt(object, "spec", "sources").flatMap(
    (source) => textAt(source, "namespace") ?? [],
  );
  if (sources.length === 0) return untranslated("It has no sources.", "Name the service accounts.");
  const exportTo = [...new Set(sources)].map((one) => (one === namespace ? "." : one)).sort();
  const texts = (field: string) => listAt(object, "spec", field).map(String);
  const [hosts, addresses] = [texts("hosts"), texts("ipAddresses")];
  const ports = listAt(object, "spec", "ports").map((port) => ({
    number: numberAt(port, "number") ?? 0,
    protocol: PROTOCOLS[(textAt(port, "protocol") ?? "").toLowerCase()] ?? "",
  }));
  if (ports.some(({ protocol }) => protocol === "")) {
    return untranslated(
      "It has a port whose protocol is not http, https, tcp or tcp-server-first.",
      "Correct the protocol.",
    );
  }
  const named = ports.map((port) => ({
    ...port,
    name: `${port.protocol.toLowerCase()}-${port.number}`,
  }));
  const byHost = named.filter(
    ({ protocol }) => protocol !== "TCP" && (protocol === "HTTP" || hosts.length > 0),
  );
  const byAddress = named.filter((port) => !byHost.includes(port));
  if (byAddress.length > 0 && addresses.length === 0) {
    return untranslated(
      "It allows a port of any address, and a ServiceEntry for that would take the port from all other hosts.",
      "Name the addresses in ipAddresses.",
    );
  }
  if (byHost.length > 0 && hosts.length === 0) {
    return untranslated("It allows HTTP and names no hosts.", "Name the hosts.");
  }
  const routes = routesFor(mesh, manifest, namespace);
  if (typeof routes === "string") return untranslated(routes, "Add the manifest.");

  const hasWildcard = hosts.some((host) => host.startsWith("*"));
  const spec = { exportTo, location: "MESH_EXTERNAL" };
  const objects: ClusterObject[] = [
    ...(byHost.length === 0
      ? []
      : [
          istioObject("ServiceEntry", namespace, objectName(name), {
            hosts,
            ...spec,
            ports: byHost,
            resolution: hasWildcard ? "NONE" : "DNS",
          }),
        ]),
    ...(byAddress.length === 0
      ? []
      : [
          istioObject("ServiceEntry", namespace, objectName(name, "addresses"), {
            // Only a name: the addresses decide.
            hosts: [`${objectName(name)}.${namespace}.egress.internal`],
            addresses,
            ...spec,
            ports: byAddress,
            resolution: "NONE",
          }),
        ]),
    ...(routes.length === 0 || hosts.length === 0
      ? []
      : hosts.map((host) =>
          istioObject("VirtualService", namespace, objectName(name, host.replace("*", "any")), {
            hosts: [host],
            exportTo,
            http: [{ match: routes, route: [{ destination: { host } }] }],
          }),
        )),
  ];
  const message = [
    "All workloads of the sources' namespaces may send there, not only those of the service accounts, and only outboundTrafficPolicy.mode REGISTRY_ONLY refuses other hosts.",
    ...(byHost.length > 0 && addresses.length > 0
      ? ["Its ipAddresses do not limit the hosts."]
      : []),
    "A sidecar is no firewall: to enforce what leaves the cluster, use the add-on's egress gateway and network policies.",
  ];
  return {
    objects,
    entries: [entryOf(manifest, "approximated", message.join(" "), { becomes: objects })],
  };
}

/** The conditions of its HTTP requests, none for all; or what is missing, as a sentence. */
function routesFor(
  mesh: OsmMesh,
  { object }: Manifest,
  namespace: string,
): readonly object[] | string {
  const references = listAt(object, "spec", "matches").filter(
    (one) => textAt(one, "kind") === "HTTPRouteGroup",
  );
  const groups = references.map((one) =>
    routeAt(mesh, "HTTPRouteGroup", namespace, textAt(one, "name") ?? ""),
  );
  if (groups.includes(undefined)) return "The manifests lack an HTTPRouteGroup that it names.";
  return groups.flatMap((group) =>
    group === undefined ? [] : matchesIn(group).map(matchConditions),
  );
}
