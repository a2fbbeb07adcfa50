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
  displayName: "Traffic annotations do not contain wildcards",
  description:
    "No pod with a sidecar excludes traffic with the wildcard *: istiod does not accept it, and rejects the pod.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "List the ports or ranges that must bypass the sidecar.",
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
      yield `${place.path} is ${JSON.stringify(value)}, but istiod does not accept a wildcard there, and rejects the pod. List the ports or ranges that must bypass the sidecar.`;
    }
  }
}
