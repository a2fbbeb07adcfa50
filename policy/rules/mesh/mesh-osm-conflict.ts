import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshOsmConflict = defineRule({
  name: "mesh-osm-conflict",
  displayName: "Open Service Mesh is disabled",
  description:
    "A cluster with the Istio add-on does not have the Open Service Mesh add-on: AKS rejects the combination.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Move the traffic policies of Open Service Mesh to Istio, set the openServiceMesh add-on's enabled to false, and only then enable the Istio add-on. Disabling either add-on removes its policies, so the rule does not change them for you.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  // An add-on that the program leaves out stays enabled. Only the outputs show that.
  wholeStack: true,
  *check(cluster) {
    const { addon, osmSwitches } = cluster;
    if (addon === false) return;
    if (osmSwitches instanceof Unknown) {
      yield osmSwitches;
      return;
    }
    const declared = osmSwitches.filter((osm) => osm.flag() !== undefined);
    for (const osm of declared.length > 0 ? declared : cluster.osmSwitchesOn) {
      const on = osm.flag();
      if (on instanceof Unknown) yield on;
      else if (on && addon instanceof Unknown) yield addon;
      else if (on) {
        const mode = cluster.at("meshMode").path;
        yield `${mode} is Istio while ${osm.path} is true. Set ${osm.path} to false first. Set ${mode} to Istio once the traffic policies have moved.`;
      }
    }
  },
});
