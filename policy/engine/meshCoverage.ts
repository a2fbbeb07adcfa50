import type { Metadata } from "./metadata.ts";

/** The policy that comes after all rules and reports what they could not see or decide. */
export const meshCoverage: Metadata = {
  name: "mesh-coverage",
  displayName: "Everything was judged",
  description:
    "The rules see every Kubernetes object of the stack, know the cluster that it goes to, and know the values that they need.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Each finding says what makes it judged. Where nothing does, and that is accepted, except the resource from this policy.",
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/#stack-policies",
  tags: ["mesh", "not-judged"],
};
