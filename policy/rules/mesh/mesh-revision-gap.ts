import { compareRevisions, isMeshRevision, revisionGap } from "../../../mesh/revision.ts";
import { judgeTarget } from "../../../mesh/upgradeTarget.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";

export const meshRevisionGap = defineRule({
  name: "mesh-revision-gap",
  displayName: "A canary upgrade spans at most two minor revisions",
  description:
    "The two revisions of a canary upgrade are one or two minor revisions apart: AKS allows no larger step, unless support for the revisions between them has ended.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Upgrade in steps, each to a revision that az aks mesh get-upgrades offers. Complete each step before the next.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster, { stack }) {
    if (cluster.addon === false) return;
    const items = cluster.at("revisions").items();
    if (items === undefined) return;
    if (items instanceof Unknown) {
      yield items;
      return;
    }
    // One revision has no gap, and AKS rejects more than two.
    if (items.length !== 2) return;
    const texts = items.map((item) => item.text());
    const unknown = texts.find((text) => text instanceof Unknown);
    if (unknown !== undefined) {
      yield unknown;
      return;
    }
    const [from, to] = texts
      .filter((text) => typeof text === "string")
      .filter(isMeshRevision)
      .sort(compareRevisions);
    if (from === undefined || to === undefined || revisionGap(from, to) <= 2) return;
    const where = cluster.at("revisions").path;
    for (const { severity, message } of judgeTarget(from, to, { day: stack.scope.today })) {
      const said = `${where} is ${from} and ${to}, but AKS upgrades at most two minor revisions at once. ${message}`;
      yield severity === "error" ? said : new NotJudged(said);
    }
  },
});
