import { Unknown } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const podNoHostNetwork = defineRule({
  name: "pod-no-host-network",
  displayName: "Pods in the mesh do not use the host network",
  description:
    "No pod in a namespace of the mesh uses the host network: istiod injects no sidecar into it, and no error appears.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove hostNetwork, or move the workload to a namespace outside the mesh: agents that need the node's network do not need a sidecar.",
  url: "https://istio.io/latest/docs/ops/common-problems/injection/",
  tags: [
    "pod",
    "checkov:CKV_K8S_19",
    "Trivy:KSV-0009",
    "AzurePolicy:HostNetworkPorts",
    "PodSecurityStandards:baseline",
  ],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    const { belongs, optOut } = meshMembershipOf(workload, stack);
    // Another rule covers pods that opt out.
    if (optOut === undefined) yield* ifTrue(belongs, () => judged(workload));
  },
});

function* judged({ template }: Workload): Iterable<Finding> {
  const place = template("spec", "hostNetwork");
  const uses = place.flag();
  if (uses instanceof Unknown) yield uses;
  else if (uses === true) {
    yield `${place.path} is true, so the pod gets no sidecar although its namespace is in the mesh. Remove it, or move the workload to a namespace outside the mesh.`;
  }
}
