import { clusterExtensions } from "./clusterExtensions.ts";
import { clusters } from "./cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";

/** Something that may have Open Service Mesh installed. */
export interface OsmHost extends Target {
  /** The places that install it; unknown if that is not known yet. */
  readonly installed: readonly Cursor[] | Unknown;
}

const byAddon: TargetKind<OsmHost> = {
  ...clusters,
  in: (resource) =>
    clusters.in(resource).map(({ label, addon, osmSwitches }) => ({
      resource,
      label,
      // mesh-osm-conflict covers Open Service Mesh together with the Istio add-on.
      installed: addon === true ? [] : on(osmSwitches),
    })),
};

const byExtension: TargetKind<OsmHost> = {
  ...clusterExtensions,
  in: (resource) =>
    clusterExtensions.in(resource).map(({ label, extensionType }) => {
      const type = extensionType.text();
      const is = typeof type === "string" && type.toLowerCase() === "microsoft.openservicemesh";
      return { resource, label, installed: is ? [extensionType] : [] };
    }),
};

/** Clusters and extensions that have Open Service Mesh, or may have it. */
export const osmHosts: TargetKind<OsmHost> = anyOf(byAddon, byExtension);

/** The setting of both Open Service Mesh rules. */
export const refuseFrom: ConfigSchema<{ readonly refuseFrom: string }> = {
  refuseFrom: {
    type: "string",
    pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    default: "2027-09-30",
    description:
      "The first day on which osm-addon-retired refuses Open Service Mesh. Before that day, osm-addon-migration advises against it. To override the current day, set today of mesh-scope.",
  },
};

/** The places that enable Open Service Mesh, each as the beginning of a sentence, or unknown. */
export function* installations({ installed }: OsmHost): Iterable<string | Unknown> {
  if (installed instanceof Unknown) {
    yield installed;
    return;
  }
  for (const place of installed) {
    const value = place.text();
    if (value instanceof Unknown) yield value;
    else if (value !== undefined) yield `${place.path} is ${value}`;
  }
}

/** The fields that enable it; if none does, an unknown one that may. */
function on(switches: readonly Cursor[] | Unknown): readonly Cursor[] | Unknown {
  if (switches instanceof Unknown) return switches;
  const places = switches.filter((place) => place.flag() === true);
  if (places.length > 0) return places;
  return switches.map((place) => place.flag()).find((flag) => flag instanceof Unknown) ?? [];
}
