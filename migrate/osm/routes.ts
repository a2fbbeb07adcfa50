import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { specOf } from "./apis.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { textsOf } from "./workloads.ts";
import type { Labels } from "./workloads.ts";

/** One of the matches of an HTTPRouteGroup. All conditions must be met. */
export interface RouteMatch {
  readonly group: Manifest;
  readonly name: string;
  /** Where the group has it. */
  readonly steps: readonly (string | number)[];
  /** Regular expressions that match the whole value; undefined for any path. */
  readonly path: string | undefined;
  /** Empty for any method. */
  readonly methods: readonly string[];
  /** By lowercase name. */
  readonly headers: Labels;
}

/** The matches of an HTTPRouteGroup of any version. */
export function matchesIn(group: Manifest): readonly RouteMatch[] {
  const spec = specOf(group);
  const below = spec === group.object ? [] : ["spec"];
  return listAt(spec, "matches").map((match, index) => {
    const methods = listAt(match, "methods");
    const path = textAt(match, "pathRegex") ?? "";
    return {
      group,
      name: textAt(match, "name") ?? `[${index}]`,
      steps: [...below, "matches", index],
      path: path === "" ? undefined : path,
      methods: methods.includes("*") ? [] : (methods as readonly string[]),
      headers: headersOf(valueAt(match, "headers")),
    };
  });
}

/** A map, or as OSM's definition has it, a list of maps. */
function headersOf(value: unknown): Labels {
  const maps = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return Object.fromEntries(
    maps.flatMap((map) =>
      Object.entries(textsOf(map)).map(([name, expression]) => [name.toLowerCase(), expression]),
    ),
  );
}

/** An HTTPRouteGroup or a TCPRoute by its name; undefined if the manifests lack it. */
export function routeAt(
  mesh: OsmMesh,
  kind: "HTTPRouteGroup" | "TCPRoute",
  namespace: string,
  name: string,
): Manifest | undefined {
  return mesh.routes.get(`${kind} ${namespace}/${name}`);
}

/** The ports of a TCPRoute; none for any port, as all versions before v1alpha4 have it. */
export function portsIn({ object }: Manifest): readonly number[] {
  return listAt(object, "spec", "matches", "ports").filter((port) => typeof port === "number");
}
