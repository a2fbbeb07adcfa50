import type { Metadata } from "./metadata.ts";

/** The policy that runs after all rules and reports what they could not see or decide. */
export const meshCoverage: Metadata = {
  name: "mesh-coverage",
  displayName: "Every resource is judged",
  description:
    "The rules see every Kubernetes object of the stack, know its cluster, and can read the values that they need.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Follow the fix in each finding. If you accept that a resource is not judged, exempt it from mesh-coverage in the exceptions of mesh-scope.",
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/#stack-policies",
  tags: ["mesh", "not-judged"],
};
