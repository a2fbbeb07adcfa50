import type { Checked } from "../../check/check.ts";
import { COVERAGE, PACK, PACK_VERSION, policies } from "../../check/policies.ts";
import type { Judged } from "../../check/resources.ts";
import type { Unread } from "../../manifests/manifest.ts";
import type { NotJudged, Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { sortForReport } from "../../offline/plan/planOrder.ts";
import type { SecretMask } from "../../offline/plan/secretMask.ts";
import type { CheckSettings } from "./settings.ts";

const NO_OPTIONS: PlannedResource["options"] = {
  protect: false,
  retainOnDelete: false,
  deletedWith: "",
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
};

/** What the rules say if they need the versions of the cluster. */
const ABOUT_VERSIONS = /\b(?:revisions|Kubernetes version) of .* (?:are|is) not known\b/;
const HOW_TO_KNOW =
  "Pass --revision and --kubernetes with the versions of the cluster, --stack, or --plan.";

/**
 * The verdicts in the form of a plan, for the reports of a preview.
 *
 * @param mask hides secrets that objects may contain
 */
export function planOf(
  sources: readonly string[],
  { judged, verdicts }: Checked,
  unread: readonly Unread[],
  { levelOf }: CheckSettings,
  mask: SecretMask,
): Plan {
  const metadata = new Map(policies.map((policy) => [policy.name, policy]));
  const violations = verdicts.flatMap(({ policy, outcome, label, text, resource }) => {
    const found = metadata.get(policy);
    if (found === undefined) return [];
    // Nothing remediates a manifest, so the level of remediation is that of a violation.
    const level =
      levelOf(policy) === "advisory" || outcome === "excepted" ? "advisory" : "mandatory";
    return [
      {
        policy,
        pack: PACK,
        packVersion: PACK_VERSION,
        enforcementLevel: level,
        severity: found.severity,
        description: found.description,
        message: mask.hide(label === "" ? text : `${label}: ${text}`),
        remediationSteps:
          policy === COVERAGE && ABOUT_VERSIONS.test(text) ? HOW_TO_KNOW : found.remediationSteps,
        url: found.url,
        urn: resource.urn,
      } as const,
    ];
  });
  return {
    organization: "",
    project: "check",
    stack: sources.join(" "),
    config: {},
    resources: judged.map(plannedOf),
    contents: [],
    diagnostics: [],
    packs: [
      {
        name: PACK,
        version: PACK_VERSION,
        policies: policies.map((one) => summaryOf(one, levelOf)),
      },
    ],
    violations: sortForReport(violations),
    remediations: [],
    notJudged: unread.map((one) => notJudgedOf(one, mask)),
  };
}

/** Without its values: a Secret is a manifest, too. */
function plannedOf({ manifest: { origin }, node: { type, urn, name } }: Judged): PlannedResource {
  const { file, line, column } = origin.at([]);
  return {
    op: "create",
    urn,
    type,
    name,
    custom: true,
    parent: "",
    provider: "",
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
    origin,
    sourcePosition: `project:///${file}#${line},${column}`,
  };
}

function summaryOf(
  policy: (typeof policies)[number],
  levelOf: CheckSettings["levelOf"],
): Plan["packs"][number]["policies"][number] {
  const { name, displayName, description, severity, remediationSteps, url, tags } = policy;
  const level = levelOf(name);
  return { name, displayName, description, level, severity, remediationSteps, url, tags };
}

function notJudgedOf(
  { file, line, column, reason, fix, broken }: Unread,
  mask: SecretMask,
): NotJudged {
  const place = { file, line: line ?? 1, column: column ?? 1 };
  return { what: file, reason: mask.hide(reason), fix, place, broken };
}
