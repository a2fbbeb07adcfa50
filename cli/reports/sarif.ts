import { createHash } from "node:crypto";
import { posix } from "node:path";
import type {
  Plan,
  PlannedResource,
  PolicyPackSummary,
  PolicySeverity,
  PolicySummary,
  PolicyViolation,
} from "../../local/plan.ts";
import { nameOf } from "../../local/urn.ts";
import type { Urn } from "../../local/urn.ts";
import { inMarkdown } from "./markup.ts";
import { sourceOf } from "./summary.ts";

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** What paths are relative to: the repository, wherever a reader has it. */
const ROOT = "SRCROOT";

/**
 * The middle of each range in which GitHub shows a severity.
 *
 * @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
 */
const SCORES: Readonly<Record<PolicySeverity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** Semantic Versioning 2.0.0, without which a version is only a name. */
const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;

/**
 * What the policies found as SARIF 2.1.0, for code scanning and editors. The first pack is the tool and any other an
 * extension of it; every policy is listed, so that a reader sees what was checked. An excepted finding is a warning
 * that says so: the protocol of policies has no field in which a pack could tell it from another.
 *
 * @param projectFile the path of Pulumi.yaml in the repository, where a finding stands that no line is known for
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(plan: Plan, projectFile: string): string {
  const [driver = { name: "aks-istio", rules: [] }, ...extensions] = plan.packs.map(component);
  const resources = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const run = {
    tool: { driver, ...(extensions.length === 0 ? {} : { extensions }) },
    // The findings of another stack, or of another project of the repository, stand beside these.
    automationDetails: { id: `${plan.project}/${plan.stack}/` },
    originalUriBaseIds: {
      [ROOT]: { description: { text: "The root of the repository that holds the program." } },
    },
    columnKind: "utf16CodeUnits",
    results: plan.violations.map((violation) => ({
      ...ruleOf(violation, plan.packs),
      level: violation.enforcementLevel === "mandatory" ? "error" : "warning",
      message: { text: violation.message },
      locations: [
        {
          physicalLocation: place(violation.urn, resources, projectFile),
          ...(violation.urn === undefined ? {} : { logicalLocations: [logical(violation.urn)] }),
        },
      ],
      partialFingerprints: { "policyAndResource/v1": fingerprint(violation) },
    })),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function component({ name, version, repository, policies }: PolicyPackSummary) {
  return {
    name,
    ...(version === "" ? {} : { version }),
    ...(SEMANTIC_VERSION.test(version) ? { semanticVersion: version } : {}),
    ...(isAddress(repository) ? { informationUri: repository } : {}),
    rules: policies.map(descriptor),
  };
}

function descriptor(policy: PolicySummary) {
  const { name, displayName, description, level, severity, tags } = policy;
  return {
    id: name,
    shortDescription: { text: displayName ?? description },
    fullDescription: { text: description },
    help: help(policy),
    ...(isAddress(policy.url) ? { helpUri: policy.url } : {}),
    defaultConfiguration:
      level === "disabled"
        ? { enabled: false }
        : { level: level === "advisory" ? "warning" : "error" },
    properties: {
      // Without the tag, GitHub does not look at the score.
      tags: [...new Set([...tags, ...(severity === undefined ? [] : ["security"])])],
      ...(severity === undefined ? {} : { severity, "security-severity": SCORES[severity] }),
    },
  };
}

function help({ description, remediationSteps, url }: PolicySummary) {
  const remedy = remediationSteps === undefined ? [] : [remediationSteps];
  const link = url === undefined ? [] : [url];
  return {
    text: [description, ...remedy, ...link].join("\n"),
    markdown: [
      inMarkdown(description),
      ...remedy.map((steps) => `**Fix:** ${inMarkdown(steps)}`),
      ...link.map((text) => (isAddress(text) ? `<${new URL(text).href}>` : inMarkdown(text))),
    ].join("\n\n"),
  };
}

/** What is no address is left out where the format asks for one: a pack may write anything. */
function isAddress(text: string | undefined): text is string {
  return text !== undefined && URL.canParse(text);
}

/** The rule of a result: in the tool by its index, in an extension by its index there. */
function ruleOf({ policy, pack }: PolicyViolation, packs: readonly PolicyPackSummary[]) {
  const at = packs.findIndex(({ name }) => name === pack);
  const index = packs[at]?.policies.findIndex(({ name }) => name === policy) ?? -1;
  if (at <= 0) return { ruleId: policy, ruleIndex: index };
  return { ruleId: policy, rule: { id: policy, index, toolComponent: { index: at - 1 } } };
}

/** Where the resource was made; where that is not known, where what it is part of was; else the project. */
function place(
  urn: Urn | undefined,
  resources: ReadonlyMap<Urn, PlannedResource>,
  projectFile: string,
) {
  let resource = urn === undefined ? undefined : resources.get(urn);
  while (resource !== undefined) {
    const source = sourceOf(resource);
    if (source !== undefined) {
      const { file, line: startLine, column: startColumn } = source;
      return {
        artifactLocation: artifact(posix.join(posix.dirname(projectFile), file)),
        region: { startLine, startColumn },
      };
    }
    resource = resources.get(resource.parent);
  }
  return { artifactLocation: artifact(projectFile), region: { startLine: 1 } };
}

function artifact(path: string) {
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}

function logical(urn: Urn) {
  return { name: nameOf(urn), fullyQualifiedName: urn, kind: "resource" };
}

/** Stays the same when lines move, and when a message tells of another value. */
function fingerprint({ pack, policy, urn = "" }: PolicyViolation): string {
  return createHash("sha256").update([pack, policy, urn].join("\n")).digest("hex");
}
