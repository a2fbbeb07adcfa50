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
    "Remove hostNetwork, or move the workload to a namespace outside of the mesh: agents that need the node's network have no use for a sidecar.",
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
    // One that says that it stays out is the concern of another rule.
    if (optOut === undefined) yield* ifTrue(belongs, () => judged(workload));
  },
});

function* judged({ template }: Workload): Iterable<Finding> {
  const place = template("spec", "hostNetwork");
  const uses = place.flag();
  if (uses instanceof Unknown) yield uses;
  else if (uses === true) {
    yield `${place.path} is true, and a pod on the network of its node gets no sidecar, though its namespace is in the mesh. Remove it, or move the workload to a namespace outside of the mesh.`;
  }
}
