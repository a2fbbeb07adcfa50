import { SIDECAR_INJECT_LABEL } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import type { MeshMembership } from "../../model/istio/meshMembership.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

const config: ConfigSchema<{ readonly allowed: readonly string[] }> = {
  allowed: {
    type: "array",
    items: { type: "string", pattern: "^[^/]+/[^/]+$", maxLength: 317 },
    maxItems: 200,
    uniqueItems: true,
    default: [],
    description:
      "Workloads that may stay out of the mesh, as <namespace>/<name>. <namespace>/* allows all workloads of a namespace.",
  },
};

/** Annotations that exclude traffic from the sidecar, and the values that exclude all of it. */
const BYPASSES: readonly {
  readonly annotation: string;
  readonly applies: (value: string) => boolean;
  readonly effect: string;
}[] = [
  {
    annotation: "traffic.sidecar.istio.io/includeInboundPorts",
    applies: (value) => value.trim() === "",
    effect: "all inbound traffic bypasses the sidecar",
  },
  {
    annotation: "traffic.sidecar.istio.io/includeOutboundIPRanges",
    applies: (value) => value.trim() === "",
    effect: "all outbound traffic bypasses the sidecar",
  },
  {
    annotation: "traffic.sidecar.istio.io/excludeOutboundIPRanges",
    applies: (value) => value.split(",").some((range) => /\/0+$/.test(range.trim())),
    effect: "all outbound traffic bypasses the sidecar",
  },
  {
    annotation: "sidecar.istio.io/interceptionMode",
    applies: (value) => value === "NONE",
    effect: "all traffic bypasses the sidecar",
  },
];

export const podNoInjectionOptout = defineRule({
  name: "pod-no-injection-optout",
  displayName: "Pods in the mesh do not opt out of injection",
  description:
    "No pod in a namespace of the mesh opts out of its sidecar or routes all its traffic around it: that traffic would not be encrypted, authorized or observed.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove sidecar.istio.io/inject and the annotation that excludes the traffic, or move the workload to a namespace outside the mesh. If a workload must stay out of the mesh, list it in allowed of this rule.",
  url: "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy",
  tags: ["pod", "Kyverno:prevent-disabling-injection-pods"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  config,
  *check(workload, { config: { allowed }, stack }) {
    const names = allowingEntries(workload, stack);
    if (names.some((name) => allowed.includes(name))) return;
    const membership = meshMembershipOf(workload, stack);
    yield* ifTrue(membership.belongs, () => checkOptOut(workload, membership, names[0]));
    yield* ifTrue(membership.injected, () => checkBypasses(workload));
  },
});

/** The entries of the configuration that allow a workload to stay out of the mesh, its own name first. */
function allowingEntries(workload: Workload, stack: Stack): readonly string[] {
  const { name: namespace } = namespaceOf(workload, stack);
  if (namespace === undefined) return [];
  return [`${namespace}/${workload.name ?? workload.resource.name}`, `${namespace}/*`];
}

function* checkOptOut(
  { template }: Workload,
  { optOut }: MeshMembership,
  name: string | undefined,
): Iterable<Finding> {
  const places = ["labels", "annotations"].map((marks) =>
    template("metadata", marks, SIDECAR_INJECT_LABEL),
  );
  for (const place of places) {
    const value = place.text();
    if (value instanceof Unknown) yield value;
  }
  if (optOut === undefined) return;
  const place = places.find((one) => one.text() === "false");
  const where = place === undefined ? optOut : `${place.path} is "false"`;
  yield `${where}, so the pod has no sidecar in a namespace of the mesh. Remove it, or move the workload to a namespace outside the mesh.${name === undefined ? "" : ` If it must stay out of the mesh, add ${name} to allowed of this rule.`}`;
}

function* checkBypasses({ template }: Workload): Iterable<Finding> {
  for (const { annotation, applies, effect } of BYPASSES) {
    const place = template("metadata", "annotations", annotation);
    const value = place.text();
    if (value instanceof Unknown) yield value;
    else if (value !== undefined && applies(value)) {
      yield `${place.path} is ${JSON.stringify(value)}, so ${effect}. Remove it. To bypass the sidecar for some ports or ranges, exclude only those.`;
    }
  }
}
