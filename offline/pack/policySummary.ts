import type { AnalyzerInfo, PolicyInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import type { PolicyPackSummary, PolicySeverity, PolicySummary } from "../plan/plan.ts";
import type { PolicySettings } from "./policySettings.ts";
import { levelOf } from "./protocolPolicies.ts";

const SEVERITIES = [undefined, "low", "medium", "high", "critical"] as const;

/** The severity for a protocol number; undefined if the pack states none. */
export function severityOf(code: number): PolicySeverity | undefined {
  return SEVERITIES[code];
}

/** The pack and its policies as the pack describes them, with the configured levels. */
export function summaryOf(info: AnalyzerInfo, settings: PolicySettings): PolicyPackSummary {
  const repository = info.getRepository();
  return {
    name: info.getName(),
    version: info.getVersion(),
    ...(repository === "" ? {} : { repository }),
    policies: info.getPoliciesList().map((policy) => policySummary(policy, settings)),
  };
}

function policySummary(policy: PolicyInfo, settings: PolicySettings): PolicySummary {
  const name = policy.getName();
  const displayName = policy.getDisplayname();
  const severity = severityOf(policy.getSeverity());
  const remediationSteps = policy.getRemediationSteps();
  const url = policy.getUrl();
  return {
    name,
    ...(displayName === "" ? {} : { displayName }),
    description: policy.getDescription(),
    level: settings.get(name)?.level ?? levelOf(policy.getEnforcementlevel()),
    ...(severity === undefined ? {} : { severity }),
    ...(remediationSteps === "" ? {} : { remediationSteps }),
    ...(url === "" ? {} : { url }),
    tags: policy.getTagsList(),
  };
}
