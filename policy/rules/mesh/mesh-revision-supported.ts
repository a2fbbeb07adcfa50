import { findRevision } from "../../../mesh/catalog.ts";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import { supportOn } from "../../../mesh/support.ts";
import type { Day } from "../../../mesh/support.ts";
import { clusters } from "../../lib/cluster.ts";
import type { AksCluster } from "../../lib/cluster.ts";
import { Unknown } from "../../lib/cursor.ts";
import { Advice, defineRule } from "../../lib/rule.ts";

const DAY_IN_MS = 86_400_000;

export const meshRevisionSupported = defineRule({
  name: "mesh-revision-supported",
  displayName: "The mesh's revision is supported",
  description:
    "The newest revision of the Istio add-on is one that Microsoft supports on the day of the preview: others get no patches, and AKS installs them on no new cluster.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "For a new cluster name a revision that the region offers: az aks mesh get-revisions --location <region>. Upgrade a mesh that runs already: az aks mesh get-upgrades shows to what.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar",
  tags: ["mesh"],
  about: clusters,
  unknown: "advice",
  // Whether the cluster is a new one only what there is shows.
  wholeStack: true,
  config: {
    graceDays: {
      type: "integer",
      minimum: 0,
      maximum: 365,
      default: 0,
      description:
        "Days after the end of support in which a revision is only advised against also where the preview does not show that it runs already. The day is that of mesh-scope.",
    },
  },
  *check(cluster, { config, stack }) {
    if (!stack.complete || cluster.addon === false) return;
    const newest = newestRevision(cluster);
    if (newest instanceof Unknown) {
      yield newest;
      return;
    }
    const entry = newest === undefined ? undefined : findRevision(newest);
    if (newest === undefined || entry === undefined) return;
    const { today } = stack.scope;
    const end = entry.endOfLife;
    const standing = supportOn(newest, today);
    const where = cluster.at("revisions").path;
    if (standing === "perhaps-ended") {
      yield new Advice(
        `${where} has ${newest}, whose support was expected to end with ${end}, and it is ${today}. Ask Azure what it offers now, upgrade, and update the catalog.`,
      );
    } else if (standing === "ended") {
      const said = `${where} has ${newest}, whose support ended with ${end}.`;
      if (cluster.exists || daysSince(end, today) <= config.graceDays) {
        yield new Advice(`${said} It gets no patches any more. Upgrade.`);
      } else if (cluster.addon instanceof Unknown) yield cluster.addon;
      else yield `${said} AKS installs it on no new cluster. Name one that is supported.`;
    }
  },
});

/** The revision that workloads run on, or are on the way to: an older one beside it is about to go. */
function newestRevision(cluster: AksCluster): string | Unknown | undefined {
  const items = cluster.at("revisions").items();
  if (items === undefined || items instanceof Unknown) return items;
  const revisions = items.map((item) => item.text());
  return (
    revisions.find((revision) => revision instanceof Unknown) ??
    revisions
      .filter((revision) => typeof revision === "string")
      .filter(isMeshRevision)
      .sort(compareRevisions)
      .at(-1)
  );
}

/** Full days since the last one of a month. */
function daysSince(month: string, day: Day): number {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const last = Date.UTC(year, number, 0);
  return Math.round((Date.parse(day) - last) / DAY_IN_MS);
}
