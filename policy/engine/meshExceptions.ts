import type { Metadata } from "./metadata.ts";

/** The policy that runs after all others and reports exceptions that are no longer needed. */
export const meshExceptions: Metadata = {
  name: "mesh-exceptions",
  displayName: "Every exception is needed",
  description: "An exception from a rule exists only as long as a resource violates the rule.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Remove the exception from the configuration of mesh-scope.",
  url: "https://www.pulumi.com/docs/insights/policy/configuration/",
  tags: ["mesh"],
};
