import { compareRevisions } from "../../../mesh/revision.ts";
import { Unknown } from "../../engine/cursor.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { revisionsOf } from "../../model/istio/revisionLabel.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { isKnownRevision, sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";
import type { Stack } from "../../engine/stack.ts";

export const meshconfigNoLeftover = defineRule({
  name: "meshconfig-no-leftover",
  displayName: "Removed revisions have no shared ConfigMap",
  description:
    "No shared ConfigMap exists for a revision older than those that the cluster runs: no control plane reads it.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the ConfigMap once the upgrade is complete and you no longer need to roll it back.",
  url: "https://learn.microsoft.com/azure/aks/istio-meshconfig#mesh-configuration-and-upgrades",
  tags: ["meshconfig"],
  about: sharedConfigMaps,
  unknown: "nothing",
  wholeStack: true,
  *check(configMap, { stack }) {
    if (stack.complete) yield* onAddonClusters(configMap, stack, () => judged(configMap, stack));
  },
});

function* judged({ resource, revision }: SharedConfigMap, stack: Stack): Iterable<Finding> {
  if (!isKnownRevision(revision)) return;
  for (const cluster of stack.clustersOf(resource)) {
    const running = revisionsOf(cluster, stack);
    if (running === undefined || running instanceof Unknown) continue;
    if (!running.every(isKnownRevision)) continue;
    if (running.some((one) => compareRevisions(revision, one) >= 0)) continue;
    yield `no control plane of ${cluster.label} reads it: the cluster runs ${running.join(", ")}. Remove it, unless you may still roll back the upgrade.`;
  }
}
