import {
  LEGACY_INJECTION_LABEL,
  REVISION_LABEL,
  SIDECAR_INJECT_LABEL,
} from "../../../mesh/names.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { isPatch, rollingWorkloads, workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshLabelsOf, meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { soleRevision } from "../../model/istio/revisionLabel.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

export const podInjectLabelIneffective = defineRule({
  name: "pod-inject-label-ineffective",
  displayName: "Pods that request a sidecar name a revision",
  description:
    "A pod with sidecar.istio.io/inject, or its namespace, also names the revision: the add-on has no default revision, so otherwise it injects no sidecar.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set istio.io/rev to a revision of the cluster, on the namespace or on the pod, and remove sidecar.istio.io/inject, which is then redundant.",
  url: "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-minor-revision-upgrade",
  tags: ["pod"],
  about: workloads,
  unknown: "unjudged",
  // A patch of the namespace may be registered after the workload.
  wholeStack: true,
  *check(workload, { stack }) {
    if (stack.complete) yield* onAddonClusters(workload, stack, () => judged(workload, stack));
  },
  // Only if the clusters run a single revision, and a changed template does not run a job again.
  remediate(workload, { stack }) {
    const { resource, template } = workload;
    const on = stack.clustersOf(resource);
    const revision = soleRevision(on);
    const place = template("metadata", "labels", REVISION_LABEL);
    if (!rollingWorkloads.matches(resource.type) || isPatch(workload)) return false;
    if (revision === undefined || allUseAddon(on) !== true || !place.free) return false;
    if (isIneffective(workload, stack) !== true || requestIn(workload) === undefined) return false;
    place.write(revision);
    return true;
  },
});

function* judged(workload: Workload, stack: Stack): Iterable<Finding> {
  const asking = requestIn(workload);
  if (asking === undefined || isPatch(workload)) return;
  const ineffective = isIneffective(workload, stack);
  if (ineffective instanceof Unknown) yield ineffective;
  else if (ineffective) {
    const revision =
      soleRevision(stack.clustersOf(workload.resource)) ?? "the revision that should inject it";
    yield `${asking.path} is "true", but neither the namespace nor the pod names a revision, so no sidecar is injected. Set ${workload.template("metadata", "labels", REVISION_LABEL).path}, or the same label of the namespace, to ${revision}.`;
  }
}

/** The label or annotation with which a pod requests a sidecar. */
function requestIn({ template }: Workload): Cursor | undefined {
  return ["labels", "annotations"]
    .map((marks) => template("metadata", marks, SIDECAR_INJECT_LABEL))
    .find((place) => place.text() === "true");
}

/** Whether a request for a sidecar has no effect, because no label names a revision. Other rules report wrong labels. */
function isIneffective(workload: Workload, stack: Stack): boolean | Unknown {
  const labels = meshLabelsOf(workload, stack);
  // The labels of a namespace that another stack declares are not known.
  if (labels === undefined) return false;
  const ofPod = workload.template("metadata", "labels", REVISION_LABEL).read();
  const named = [labels.known[REVISION_LABEL], labels.known[LEGACY_INJECTION_LABEL], ofPod];
  if (named.some((one) => one !== undefined)) return false;
  return labels.unknown ?? meshMembershipOf(workload, stack).belongs === false;
}
