import { containersOf } from "../../model/kubernetes/containers.ts";
import { Unknown } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/** The ID of the sidecar's user and group, whose traffic is never redirected. */
const RESERVED = "1337";

export const podReservedUid = defineRule({
  name: "pod-reserved-uid",
  displayName: "Containers do not use the sidecar's user ID",
  description:
    "No container of a pod with a sidecar runs as user or group 1337: both belong to the sidecar, and their traffic bypasses it.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set runAsUser and runAsGroup to another ID above 10000, and make it the owner of the image's files.",
  url: "https://istio.io/latest/docs/ops/deployment/application-requirements/#pod-requirements",
  tags: ["pod", "Istio:IST0144"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    yield* ifTrue(meshMembershipOf(workload, stack).injected, () => judged(workload));
  },
});

function* judged(workload: Workload): Iterable<Finding> {
  const containers = containersOf(workload);
  if (containers instanceof Unknown) {
    yield containers;
    return;
  }
  for (const place of [workload.template("spec"), ...containers]) {
    for (const field of ["runAsUser", "runAsGroup"]) {
      const id = place.at("securityContext", field);
      const value = id.text();
      if (value instanceof Unknown) yield value;
      else if (value === RESERVED) {
        yield `${id.path} is ${RESERVED}, the sidecar's ID, so traffic of the container bypasses the sidecar. Set it to another ID, such as 10001.`;
      }
    }
  }
}
