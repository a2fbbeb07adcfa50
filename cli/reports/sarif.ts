import { createHash } from "node:crypto";
import { isAbsolute, posix } from "node:path";
import type {
  Plan,
  PolicyPackSummary,
  PolicySeverity,
  PolicySummary,
} from "../../offline/plan/plan.ts";
import { nameOf } from "../../offline/plan/urn.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Place } from "../output/problems.ts";
import { explanationOf } from "./explanation.ts";
import type { Failure } from "./failure.ts";
import { inlineCode, toSafeJson, escapeMarkdown, webAddress } from "./markup.ts";
import type { Places } from "./places.ts";
import type { Judgement, Unjudged } from "./summary.ts";

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** The base of relative paths: the repository, wherever it is checked out. */
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

/** A version according to Semantic Versioning 2.0.0. */
const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;

/** The command's own rules, for results that belong to no pack. */
const OWN = {
  notJudged: {
    id: "not-judged",
    text: "Everything in the stack can be judged.",
    level: "warning",
  },
  failed: {
    id: "preview-failed",
    text: "The program, its settings and its policies can be read, and run to completion.",
    level: "error",
  },
} as const;
type OwnRule = (typeof OWN)[keyof typeof OWN];

/**
 * Policy findings as SARIF 2.1.0, for code scanning and editors. The first pack is the tool, and any other an extension
 * of it. Every policy is listed, so readers see what was checked. A finding points at the setting it comes from if this
 * project's own program read it, and otherwise at the line that created its resource. An item that was not judged is a
 * result of kind `open`, which GitHub shows as a normal alert. An excepted finding is a warning that says so, because
 * the policy protocol has no field to mark it.
 *
 * @param projectFile path of Pulumi.yaml in the repository, used for findings without a known line
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  projectFile: string,
): string {
  const found = [...judgement.stopping, ...judgement.advising].flatMap((policy) =>
    policy.violations.map((violation) => ({ ...policy, ...violation })),
  );
  const fingerprintOf = fingerprints();
  const result = (of: Finding, kind: object) => ({
    ...(of.policy === undefined || of.pack === undefined
      ? ownRule(OWN.notJudged, plan.packs.length)
      : ruleOf(of.policy, of.pack, plan.packs)),
    ...kind,
    message: { text: plain(of.what === undefined ? of.message : `${of.what}: ${of.message}`) },
    ...locationsOf(of, places, projectFile),
    partialFingerprints: { "finding/v2": fingerprintOf(of) },
  });
  const ownRules = judgement.notJudged.some(({ policy }) => policy === undefined)
    ? [OWN.notJudged]
    : [];
  return written(plan, toolOf(plan.packs, ownRules), {
    invocations: [{ executionSuccessful: true, exitCode: judgement.stops ? 1 : 0 }],
    results: [
      ...found.map((of) =>
        result(of, { level: of.enforcementLevel === "mandatory" ? "error" : "warning" }),
      ),
      ...judgement.notJudged.map((item) =>
        result(
          { ...item, message: item.reason },
          item.stops ? { level: "error" } : { kind: "open", level: "none" },
        ),
      ),
    ],
  });
}

/** A failed run: its problems are results, because GitHub shows nothing else. */
export function failureToSarif(failure: Failure, projectFile: string): string {
  const results = failure.problems.map(({ message, place }) => ({
    ...ownRule(OWN.failed, 0),
    level: "error",
    message: { text: plain(message) },
    locations: [{ physicalLocation: physical(place, projectFile) }],
    partialFingerprints: { "finding/v2": hash([OWN.failed.id, aboutOf(message)]) },
  }));
  return written(failure, toolOf([], [OWN.failed]), {
    invocations: [
      {
        executionSuccessful: false,
        exitCode: 2,
        toolExecutionNotifications: results.map(({ level, message, locations }) => ({
          level,
          message,
          locations,
        })),
      },
    ],
    results,
  });
}

/** The subject of a result, found or not judged. */
interface Finding extends Omit<Unjudged, "reason" | "fix" | "stops"> {
  readonly message: string;
}

function written(
  { project, stack }: { readonly project: string; readonly stack: string },
  tool: object,
  run: object,
): string {
  const runs = [
    {
      tool,
      // Keeps the findings of other stacks and projects in the repository.
      automationDetails: { id: `${project}/${stack}/` },
      originalUriBaseIds: {
        [ROOT]: { description: { text: "The root of the repository that contains the program." } },
      },
      columnKind: "utf16CodeUnits",
      ...run,
    },
  ];
  return toSafeJson({ $schema: SCHEMA, version: "2.1.0", runs }, 2);
}

function toolOf(packs: readonly PolicyPackSummary[], rules: readonly OwnRule[]) {
  const own = {
    name: "aks-istio",
    rules: rules.map(({ id, text, level }) => ({
      id,
      shortDescription: { text },
      fullDescription: { text },
      help: { text },
      defaultConfiguration: { level },
    })),
  };
  const [driver = own, ...extensions] = packs.map(component);
  const others = [...extensions, ...(packs.length > 0 && rules.length > 0 ? [own] : [])];
  return { driver, ...(others.length === 0 ? {} : { extensions: others }) };
}

/** The command's own rules belong to the tool if no pack ran, and otherwise to the last extension. */
function ownRule({ id }: OwnRule, packs: number) {
  if (packs === 0) return { ruleId: id, ruleIndex: 0 };
  return { ruleId: id, rule: { id, index: 0, toolComponent: { index: packs - 1 } } };
}

function component({ name, version, repository, policies }: PolicyPackSummary) {
  return {
    name,
    ...(version === "" ? {} : { version }),
    ...(SEMANTIC_VERSION.test(version) ? { semanticVersion: version } : {}),
    ...uri("informationUri", repository),
    rules: policies.map((policy) => descriptor(policy, name)),
  };
}

function descriptor(policy: PolicySummary, pack: string) {
  const { name, displayName, description, level, severity, tags } = policy;
  return {
    id: name,
    shortDescription: { text: displayName ?? description },
    fullDescription: { text: description },
    help: help(policy, pack),
    ...uri("helpUri", policy.url),
    defaultConfiguration:
      level === "disabled"
        ? { enabled: false }
        : { level: level === "advisory" ? "warning" : "error" },
    properties: {
      // GitHub ignores the score without this tag.
      tags: [...new Set([...tags, ...(severity === undefined ? [] : ["security"])])],
      ...(severity === undefined ? {} : { severity, "security-severity": SCORES[severity] }),
    },
  };
}

function help({ name, description, remediationSteps, url }: PolicySummary, pack: string) {
  const remedy = remediationSteps === undefined ? [] : [remediationSteps];
  const link = url === undefined ? [] : [url];
  const address = webAddress(url);
  const explanation = explanationOf(name, pack);
  const more = explanation === undefined ? [] : [explanation];
  return {
    text: plain([description, ...remedy, ...link, ...more].join("\n")),
    markdown: [
      escapeMarkdown(description),
      ...remedy.map((steps) => `**Fix:** ${escapeMarkdown(steps)}`),
      ...link.map((text) => (address === undefined ? escapeMarkdown(text) : `<${address}>`)),
      ...more.map((command) => `**More:** ${inlineCode(command)}`),
    ].join("\n\n"),
  };
}

/** Omits the field unless the text is a URL: a pack may write anything. */
function uri(key: string, text: string | undefined): object {
  const address = webAddress(text);
  return address === undefined ? {} : { [key]: address };
}

/** Plain text without links: SARIF also reads `[text](address)` in plain text. */
function plain(text: string): string {
  return text.replaceAll("](", "\\](");
}

/** The rule of a result, by its index in the tool or in an extension. */
function ruleOf(policy: string, pack: string, packs: readonly PolicyPackSummary[]) {
  const at = packs.findIndex(({ name }) => name === pack);
  const index = packs[at]?.policies.findIndex(({ name }) => name === policy) ?? -1;
  if (at <= 0) return { ruleId: policy, ruleIndex: index };
  return { ruleId: policy, rule: { id: policy, index, toolComponent: { index: at - 1 } } };
}

function locationsOf({ urn, message, place }: Finding, places: Places, projectFile: string) {
  const setting = place ?? places.settingOf(urn, message);
  const line = places.lineOf(urn);
  const isInRepository = setting !== undefined && pathOf(setting.file, projectFile) !== undefined;
  return {
    locations: [
      {
        physicalLocation: physical(isInRepository ? setting : line, projectFile),
        ...(urn === undefined ? {} : { logicalLocations: [logical(urn)] }),
      },
    ],
    ...(isInRepository && line !== undefined
      ? {
          relatedLocations: [
            {
              id: 1,
              physicalLocation: physical(line, projectFile),
              message: { text: "Created here." },
            },
          ],
        }
      : {}),
  };
}

/** A position in the repository; if unknown, the project file. */
function physical(place: Place | undefined, projectFile: string) {
  const path = place && pathOf(place.file, projectFile);
  if (place === undefined || path === undefined) {
    return { artifactLocation: artifact(projectFile), region: { startLine: 1 } };
  }
  const { line: startLine, column: startColumn } = place;
  return { artifactLocation: artifact(path), region: { startLine, startColumn } };
}

/** The path within the repository; undefined for a file outside it. */
function pathOf(file: string, projectFile: string): string | undefined {
  const path = posix.join(posix.dirname(projectFile), file);
  return isAbsolute(file) || path.startsWith("../") ? undefined : path;
}

function artifact(path: string) {
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}

function logical(urn: Urn) {
  return { name: nameOf(urn), fullyQualifiedName: urn, kind: "resource" };
}

/**
 * An identifier for each finding that stays the same when lines move or the value in the message changes: the rule, the
 * resource and the first property in the message. Findings that share all of them are numbered.
 */
function fingerprints(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ pack = "", policy = "", what = "", urn = "", message }) => {
    const parts = [pack, policy, what, urn, aboutOf(message)];
    const key = JSON.stringify(parts);
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    return hash([...parts, ...(number === 1 ? [] : [String(number)])]);
  };
}

/**
 * `spec.servers[0].hosts[0]` of `Gateway "public": spec.servers[0].hosts[0] is "*"`. The name of the resource does not
 * count.
 */
function aboutOf(message: string): string {
  const said = message.replace(/^\w+ "[^"]*": /, "");
  const [path = ""] = /[\w-]+(?::[\w-]+)?(?:\.[\w-]+|\[(?:\d+|"[^"]*")\])+/.exec(said) ?? [];
  return path;
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
