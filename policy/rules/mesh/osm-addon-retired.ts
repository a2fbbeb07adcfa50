import { Unknown } from "../../engine/cursor.ts";
import { installations, osmHosts, refuseFrom } from "../../model/azure/osmHosts.ts";
import type { OsmHost } from "../../model/azure/osmHosts.ts";
import { defineRule } from "../../engine/rule.ts";

export const osmAddonRetired = defineRule<OsmHost, { readonly refuseFrom: string }>({
  name: "osm-addon-retired",
  displayName: "Open Service Mesh is not used after its support ends",
  description:
    "No cluster has the Open Service Mesh add-on after its support ends on 30 September 2027.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Move to the Istio add-on: save the traffic policies, disable Open Service Mesh, enable the Istio add-on, and apply the policies as Istio resources.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: osmHosts,
  unknown: "unjudged",
  config: refuseFrom,
  *check(host, { config, stack }) {
    if (stack.scope.today < config.refuseFrom) return;
    for (const installed of installations(host)) {
      yield installed instanceof Unknown
        ? installed
        : `${installed}, but Open Service Mesh must not be used from ${config.refuseFrom} on. Move to the Istio add-on.`;
    }
  },
});
