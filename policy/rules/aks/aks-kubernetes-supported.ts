import {
  CALENDAR_READ,
  oldestSupportedKubernetes,
  passedEnd,
} from "../../../mesh/kubernetesCalendar.ts";
import type { KubernetesEnd } from "../../../mesh/kubernetesCalendar.ts";
import type { SupportPlan } from "../../../mesh/catalog.ts";
import type { Day } from "../../../mesh/support.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import type { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { leavesAlone } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";

const OFFICIAL = "KubernetesOfficial";
const LTS = "AKSLongTermSupport";

export const aksKubernetesSupported = defineRule({
  name: "aks-kubernetes-supported",
  displayName: "The cluster's Kubernetes version is supported",
  description:
    "On the day of the preview, AKS supports the cluster's Kubernetes version under its support plan. An unsupported version receives no security patches, has no SLA, and AKS does not create clusters with it.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Upgrade the cluster, one minor version at a time, or set supportPlan to AKSLongTermSupport and sku.tier to Premium. If the calendar only expects the end of support, ask Azure first: az aks get-versions --location <region>.",
  url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#aks-kubernetes-release-calendar-and-upcoming-versions",
  tags: ["aks", "PSRule:Azure.AKS.Version"],
  about: clusters,
  unknown: "unjudged",
  // Only the outputs show the version of a cluster whose program omits or ignores it.
  wholeStack: true,
  *check(cluster, { stack }) {
    if (!stack.complete && leavesAlone(cluster.resource, "kubernetesVersion")) return;
    const { place, version } = versionOf(cluster);
    const plan = enumerated(cluster.at("supportPlan"), [LTS]);
    if (version instanceof Unknown) yield version;
    else if (plan instanceof Unknown) yield plan;
    else if (version !== undefined) {
      const { today } = stack.scope;
      const under = plan === LTS ? LTS : OFFICIAL;
      const end = passedEnd(version, under, today);
      if (end === undefined) return;
      yield `${place.path} is ${version}, whose ${describe(end, under, today)} ${wayOut(version, under, today)}`;
    }
  },
});

/** The version in the program or, if the program omits it or ignores its changes, that of the existing cluster. */
function versionOf(cluster: AksCluster): {
  readonly place: Cursor;
  readonly version: Read<string>;
} {
  const { outputs } = cluster.resource;
  const declared = cluster.at("kubernetesVersion");
  const actual = outputs?.at("currentKubernetesVersion");
  const found = actual?.text();
  const follows =
    declared.read() !== undefined && !leavesAlone(cluster.resource, "kubernetesVersion");
  return actual === undefined || typeof found !== "string" || follows
    ? { place: declared, version: declared.text() }
    : { place: actual, version: found };
}

function describe({ month, certain }: KubernetesEnd, plan: SupportPlan, today: Day): string {
  const support = plan === LTS ? "long-term support" : "standard support";
  if (month === undefined) return `${support} on AKS has ended.`;
  return certain
    ? `${support} on AKS ended after ${month}.`
    : `${support} on AKS was expected on ${CALENDAR_READ} to end after ${month}, and today is ${today}.`;
}

function wayOut(version: string, plan: SupportPlan, today: Day): string {
  const oldest = oldestSupportedKubernetes(plan, today);
  const upgrade = `Upgrade${oldest === undefined ? "" : ` to ${oldest} or later`}, one minor version at a time`;
  return plan === LTS || passedEnd(version, LTS, today) !== undefined
    ? `${upgrade}.`
    : `${upgrade}, or set supportPlan to ${LTS}, which requires the Premium tier.`;
}
