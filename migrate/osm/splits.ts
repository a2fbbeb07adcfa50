import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { Fate } from "../report.ts";
import { namespaceOf, serviceNamed } from "./hosts.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { matchesIn, routeAt } from "./routes.ts";
import { matchConditions } from "./matchConditions.ts";

/** A TrafficSplit that can be translated. */
export interface Split {
  readonly manifest: Manifest;
  readonly namespace: string;
  /** The name of the Service that clients call. */
  readonly service: string;
  readonly backends: readonly { readonly name: string; readonly weight: number }[];
  /** Conditions of a VirtualService; none if it concerns all requests. */
  readonly matches: readonly object[];
}

/** What is said about an object, before it is known what it becomes. */
export interface Said {
  readonly manifest: Manifest;
  readonly fate: Fate;
  readonly message: string;
  readonly fix?: string;
}

/**
 * The TrafficSplits. Of two about one Service, the first counts.
 *
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/catalog/outbound_traffic_policies.go
 */
export function splitsOf(mesh: OsmMesh): {
  readonly found: readonly Split[];
  readonly said: readonly Said[];
} {
  const found: Split[] = [];
  const said: Said[] = [];
  for (const manifest of objectsOf(mesh, "TrafficSplit")) {
    const result = read(mesh, manifest, found);
    if (typeof result === "string") {
      const fix = "Correct it, or write the VirtualService yourself.";
      said.push({ manifest, fate: "untranslated", message: result, fix });
      continue;
    }
    found.push(result);
    said.push({ manifest, ...judged(mesh, result) });
  }
  return { found, said };
}

function read(mesh: OsmMesh, manifest: Manifest, before: readonly Split[]): Split | string {
  const { object } = manifest;
  const namespace = namespaceOf(manifest);
  // Its first part is the name, and its namespace is that of the TrafficSplit.
  const [service = ""] = (textAt(object, "spec", "service") ?? "").split(".");
  if (service === "") return "It has no spec.service.";
  const same = before.find((one) => one.namespace === namespace && one.service === service);
  if (same !== undefined) {
    return `The TrafficSplit ${same.manifest.name ?? ""} is about the same Service, and OSM reads only one of them.`;
  }
  const backends = listAt(object, "spec", "backends").map((backend) => ({
    name: textAt(backend, "service") ?? "",
    weight: numberAt(backend, "weight") ?? Number(textAt(backend, "weight") ?? NaN),
  }));
  const wrong = backends.find(
    ({ name, weight }) => name === "" || !Number.isInteger(weight) || weight < 0,
  );
  if (backends.length === 0 || wrong !== undefined) {
    return "Its backends need the name of a Service and a weight that is a whole number.";
  }
  if (backends.every(({ weight }) => weight === 0)) {
    return "All weights are 0, so no backend gets requests.";
  }
  const groups = listAt(object, "spec", "matches").map((match) => {
    const name = textAt(match, "name") ?? "";
    return { name, group: routeAt(mesh, "HTTPRouteGroup", namespace, name) };
  });
  const missing = groups.find(({ group }) => group === undefined);
  if (missing !== undefined) {
    return `The manifests lack the HTTPRouteGroup ${namespace}/${missing.name}.`;
  }
  const matches = groups.flatMap(({ group }) => (group === undefined ? [] : matchesIn(group)));
  return { ...{ manifest, namespace, service, backends }, matches: matches.map(matchConditions) };
}

function judged(
  mesh: OsmMesh,
  { namespace, service, backends, matches, manifest }: Split,
): Pick<Said, "fate" | "message"> {
  const names = [service, ...backends.map(({ name }) => name)];
  const absent = names.filter((name) => serviceNamed(mesh, namespace, name) === undefined);
  if (absent.length > 0) {
    return {
      fate: "approximated",
      message: `The manifests lack the Service ${absent.join(" and ")}, so whether the ports are the same and serve HTTP could not be checked. The routes are for HTTP.`,
    };
  }
  const ports = serviceNamed(mesh, namespace, service)?.ports.map(({ number }) => number) ?? [];
  const other = backends.find(({ name }) =>
    ports.some((port) =>
      serviceNamed(mesh, namespace, name)?.ports.every(({ number }) => number !== port),
    ),
  );
  if (other !== undefined) {
    return {
      fate: "translated",
      message: `The Service ${other.name} does not have all ports of ${service}. It gets no requests for the others, as before.`,
    };
  }
  const isSplitByRequest =
    matches.length > 0 && valueAt(manifest.object, "spec", "matches") !== undefined;
  return {
    fate: "translated",
    message: isSplitByRequest
      ? "Requests that match are split with the same weights, and all others reach the Service itself."
      : "Requests are split with the same weights.",
  };
}
