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
    "Move to the Istio add-on while both are supported: save the traffic policies, switch Open Service Mesh off, switch the Istio add-on on, and apply the policies as Istio's.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["mesh"],
  about: osmHosts,
  unknown: "unjudged",
  config: refuseFrom,
  *check(host, { config, stack }) {
    if (stack.scope.today < config.refuseFrom) return;
    for (const is of installations(host)) {
      yield is instanceof Unknown
        ? is
        : `${is}, and since ${config.refuseFrom} Open Service Mesh is not to be used any more. Move to the Istio add-on.`;
    }
  },
});
