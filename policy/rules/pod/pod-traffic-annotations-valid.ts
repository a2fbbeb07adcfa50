import { Unknown } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const ANNOTATIONS = ["excludeInboundPorts", "excludeOutboundPorts", "excludeOutboundIPRanges"];

export const podTrafficAnnotationsValid = defineRule({
  name: "pod-traffic-annotations-valid",
  displayName: "Traffic annotations of pods contain no wildcard",
  description:
    "No pod with a sidecar excludes traffic with the wildcard *: istiod rejects it, and the pod is refused.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Name the ports or ranges that have to pass by.",
  url: "https://istio.io/latest/docs/reference/config/annotations/",
  tags: ["pod"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    yield* ifTrue(meshMembershipOf(workload, stack).injected, () => judged(workload));
  },
});

function* judged({ template }: Workload): Iterable<Finding> {
  for (const name of ANNOTATIONS) {
    const place = template("metadata", "annotations", `traffic.sidecar.istio.io/${name}`);
    const value = place.text();
    if (value instanceof Unknown) yield value;
    else if (value?.trim() === "*") {
      yield `${place.path} is ${JSON.stringify(value)}, so that istiod, which takes no wildcard there, refuses the pod. Name only the ports or ranges that have to pass by.`;
    }
  }
}
