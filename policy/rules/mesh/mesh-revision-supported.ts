import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { endOfSupport } from "../../model/istio/endOfSupport.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionSupported = defineRule({
  name: "mesh-revision-supported",
  displayName: "A new mesh starts on a supported revision",
  description:
    "On a new cluster, Microsoft supports the newest revision of the Istio add-on on the day of the preview: AKS does not install an unsupported one.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Name a revision that the region offers: az aks mesh get-revisions --location <region>. Where the cluster runs already and the preview does not show it, set graceDays of this rule.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  // Whether the cluster is a new one only what there is shows.
  wholeStack: true,
  config: {
    graceDays: {
      type: "integer",
      minimum: 0,
      maximum: 365,
      default: 0,
      description:
        "Days after the end of support in which the rule accepts a revision also where the preview does not show that the cluster exists. The day is that of mesh-scope.",
    },
  },
  *check(cluster, { config, stack }) {
    if (!stack.complete || cluster.addon === false) return;
    const { today } = stack.scope;
    const support = endOfSupport(cluster, today);
    if (support instanceof Unknown) yield support;
    if (support === undefined || support instanceof Unknown || !support.certain) return;
    if (cluster.exists || support.daysSince <= config.graceDays) return;
    const { revision, end } = support;
    yield cluster.addon instanceof Unknown
      ? cluster.addon
      : `${cluster.at("revisions").path} has ${revision}, whose support ended with ${end}. AKS installs it on no new cluster. Name one that is supported.`;
  },
});
