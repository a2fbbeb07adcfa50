import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { subjectOf } from "../report.ts";
import { specOf } from "./apis.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { matchesIn, portsIn, routeAt } from "./routes.ts";
import type { RouteMatch } from "./routes.ts";

/** A service account as its namespace and its name. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What a TrafficTarget allows: requests of its sources to the pods of an account. */
export interface TrafficTarget {
  readonly manifest: Manifest;
  readonly destination: Account;
  readonly sources: readonly Account[];
  /** The HTTP requests; none if it has no rule about HTTP. */
  readonly matches: readonly RouteMatch[];
  /** The ports; undefined for all. */
  readonly ports: readonly number[] | undefined;
  /** What it names and has no effect, as sentences. */
  readonly remarks: readonly string[];
  /** What it names and the manifests lack: `TCPRoute shop/db`. */
  readonly missing: readonly string[];
}

export type ReadTarget = TrafficTarget | Ignored;

/** A TrafficTarget that OSM ignores, with the reason as a sentence. */
interface Ignored {
  readonly manifest: Manifest;
  readonly ignored: string;
}

/**
 * The TrafficTargets, as OSM 1.2 reads them. Fields of old versions of SMI are read, too.
 *
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/smi/client.go
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/catalog/traffictarget.go
 */
export function trafficTargetsOf(mesh: OsmMesh): readonly ReadTarget[] {
  return objectsOf(mesh, "TrafficTarget").map((manifest) => read(mesh, manifest));
}

function read(mesh: OsmMesh, manifest: Manifest): ReadTarget {
  const { namespace = "default" } = manifest;
  const ignored = (why: string): Ignored => ({ manifest, ignored: why });
  const spec = specOf(manifest);
  // v1alpha1 calls them `specs`.
  const rules = [...listAt(spec, "rules"), ...listAt(spec, "specs")];
  const destination = accountAt(spec, "destination");
  if (destination === undefined) {
    return ignored("Its destination is not a ServiceAccount with a namespace.");
  }
  if (destination.namespace !== namespace) {
    return ignored(
      `Its destination is in ${destination.namespace}, and OSM reads only those in its own namespace.`,
    );
  }
  if (rules.length === 0) return ignored("It has no rules.");
  const kinds = rules.map((rule) => textAt(rule, "kind") ?? "");
  const other = kinds.find((kind) => kind !== "HTTPRouteGroup" && kind !== "TCPRoute");
  if (other !== undefined) {
    return ignored(
      `It has a rule of the kind ${JSON.stringify(other)}, for which OSM ignores all of it.`,
    );
  }

  const remarks: string[] = [];
  const missing: string[] = [];
  const matches: RouteMatch[] = [];
  const ports: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const kind = kinds[index] === "TCPRoute" ? "TCPRoute" : "HTTPRouteGroup";
    const name = textAt(rule, "name") ?? "";
    const route = routeAt(mesh, kind, namespace, name);
    if (route === undefined) missing.push(`${kind} ${namespace}/${name}`);
    else if (kind === "TCPRoute") ports.push(...portsIn(route));
    else {
      const [found, remark] = matchesOf(route, listAt(rule, "matches"));
      matches.push(...found);
      remarks.push(...remark);
    }
  }
  const sources = listAt(spec, "sources").map((_, i) => accountAt(spec, "sources", i));
  if (sources.includes(undefined)) {
    remarks.push("A source that is not a ServiceAccount with a namespace has no effect.");
  }
  const port = numberAt(spec, "destination", "port");
  // The ports of a route that is missing may be few.
  const isAny = ports.length === 0 && !missing.some((one) => one.startsWith("TCPRoute "));
  return {
    ...{ manifest, destination, matches, remarks, missing },
    sources: sources.filter((source) => source !== undefined),
    ports: port !== undefined ? [port] : isAny ? undefined : ports,
  };
}

function accountAt(spec: unknown, ...path: readonly (string | number)[]): Account | undefined {
  const [kind, name, namespace] = ["kind", "name", "namespace"].map((field) =>
    textAt(spec, ...path, field),
  );
  if (kind !== "ServiceAccount" || name === undefined || namespace === undefined) return undefined;
  return { namespace, name };
}

/** The matches that a rule names. OSM allows none for a rule that names none, although SMI means all. */
function matchesOf(
  group: Manifest,
  named: readonly unknown[],
): readonly [found: readonly RouteMatch[], remarks: readonly string[]] {
  const label = subjectOf(group);
  if (named.length === 0) {
    return [[], [`Its rule about the ${label} names no matches, so OSM allows nothing for it.`]];
  }
  const found = matchesIn(group);
  const absent = named.filter((one) => !found.some((match) => match.name === one));
  return [
    found.filter((match) => named.includes(match.name)),
    absent.map((one) => `The ${label} has no match ${JSON.stringify(one)}, so it allows nothing.`),
  ];
}
