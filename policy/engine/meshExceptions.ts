import type { Metadata } from "./metadata.ts";

/** The policy that comes after all others and finds exceptions that nothing needs any more. */
export const meshExceptions: Metadata = {
  name: "mesh-exceptions",
  displayName: "Every exception is needed",
  description: "An exception from a rule is there only as long as something breaks the rule.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Remove the exception from the configuration of mesh-scope.",
  url: "https://www.pulumi.com/docs/insights/policy/configuration/",
  tags: ["mesh"],
};
