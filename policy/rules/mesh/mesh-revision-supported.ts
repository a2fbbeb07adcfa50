import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { endOfSupport } from "../../model/istio/endOfSupport.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionSupported = defineRule({
  name: "mesh-revision-supported",
  displayName: "A new mesh starts on a supported revision",
  description:
    "On the day of the preview, Microsoft supports the newest revision that a new cluster names: AKS does not install an unsupported one.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set a revision that the region offers: az aks mesh get-revisions --location <region> lists them. If the cluster already exists but the preview does not show it, set graceDays of this rule.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "unjudged",
  // Only the state of the cluster shows whether it is new.
  wholeStack: true,
  config: {
    graceDays: {
      type: "integer",
      minimum: 0,
      maximum: 365,
      default: 0,
      description:
        "Number of days after the end of support during which the rule accepts a revision even if the preview does not show that the cluster exists. To override the current day, set today of mesh-scope.",
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
      : `${cluster.at("revisions").path} has ${revision}, whose support ended after ${end}. AKS does not install it on a new cluster. Set a supported revision.`;
  },
});
