import { clusterExtensions } from "../../lib/clusterExtensions.ts";
import { clusters } from "../../lib/cluster.ts";
import { Unknown } from "../../lib/cursor.ts";
import type { Cursor } from "../../lib/cursor.ts";
import { anyOf } from "../../lib/resource.ts";
import type { Subject, Thing } from "../../lib/resource.ts";
import { Advice, defineRule } from "../../lib/rule.ts";

/** Something that may have Open Service Mesh installed. */
interface OsmHost extends Thing {
  /** Where it is installed, if it is; unknown where nobody can say. */
  readonly installed: readonly Cursor[] | Unknown;
}

const byAddon: Subject<OsmHost> = {
  ...clusters,
  in: (resource) =>
    clusters.in(resource).map(({ label, addon, osmSwitches }) => ({
      resource,
      label,
      // Beside the Istio add-on it is worse than retired, which mesh-osm-conflict says.
      installed: addon === true ? [] : on(osmSwitches),
    })),
};

const byExtension: Subject<OsmHost> = {
  ...clusterExtensions,
  in: (resource) =>
    clusterExtensions.in(resource).map(({ label, extensionType }) => {
      const type = extensionType.text();
      const is = typeof type === "string" && type.toLowerCase() === "microsoft.openservicemesh";
      return { resource, label, installed: is ? [extensionType] : [] };
    }),
};

export const osmAddonRetired = defineRule({
  name: "osm-addon-retired",
  displayName: "Open Service Mesh is left before its support ends",
  description:
    "No cluster has Open Service Mesh: upstream it is retired, and AKS supports its add-on until 30 September 2027.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Move to the Istio add-on while both are supported: save the traffic policies, switch Open Service Mesh off, switch the Istio add-on on, and apply the policies as Istio's.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: anyOf(byAddon, byExtension),
  unknown: "advice",
  config: {
    refuseFrom: {
      type: "string",
      pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
      default: "2027-09-30",
      description:
        "The first day on which Open Service Mesh is a violation; before, it is advised against. The day is that of mesh-scope.",
    },
  },
  *check({ installed }, { config: { refuseFrom }, stack }) {
    if (installed instanceof Unknown) {
      yield installed;
      return;
    }
    for (const place of installed) {
      const value = place.text();
      if (value instanceof Unknown) yield value;
      else if (value !== undefined) {
        const is = `${place.path} is ${value}`;
        yield stack.scope.today >= refuseFrom
          ? `${is}, and since ${refuseFrom} Open Service Mesh is not to be used any more. Move to the Istio add-on.`
          : new Advice(
              `${is}, and from ${refuseFrom} on that will be a violation. Plan the move to the Istio add-on.`,
            );
      }
    }
  },
});

/** The switches that are on, or may be. */
function on(switches: readonly Cursor[] | Unknown): readonly Cursor[] | Unknown {
  if (switches instanceof Unknown) return switches;
  return switches.filter((place) => {
    const flag = place.flag();
    return flag === true || flag instanceof Unknown;
  });
}
