import { catalog } from "../../mesh/catalog.ts";
import { egressSteps } from "../../mesh/egressPhases.ts";
import { outlookOf } from "../../mesh/outlook.ts";
import type { Outlook, RevisionOutlook } from "../../mesh/outlook.ts";
import type { Problem } from "../../mesh/problem.ts";
import { staleUpgrade } from "../../mesh/staleUpgrade.ts";
import type { Day } from "../../mesh/support.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { Change } from "../../settings/change.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import type { Settings } from "../../settings/schema.ts";

/** The state compared with; no change if the stack did not exist there. */
export interface Comparison {
  readonly from: string;
  readonly change: Change | undefined;
}

interface Step {
  readonly does: string;
  readonly first: readonly string[];
}

/** The state of the mesh upgrade and of each egress gateway, with the next step and the way back. */
export function upgradeText(settings: Settings, day: Day): string {
  const egress = Object.entries(settings.gateways.egress).flatMap(([name, { phase }]) => [
    "",
    `Egress gateway ${name}: ${phase}`,
    ...steps(egressSteps(phase)),
  ]);
  return `${[...meshLines(settings, day), ...egress].join("\n")}\n`;
}

function meshLines(settings: Settings, day: Day): readonly string[] {
  const { revisions } = settings.mesh;
  if (revisions === "external") {
    return ["Mesh: AKS manages the revisions, and namespaces follow the newest one that runs."];
  }
  const plan = planMesh({
    settings: revisions,
    namespaces: meshNamespaces(settings.namespaces),
  });
  const { revision, upgrade } = revisions;
  const state = [
    `  AKS runs    ${plan.revisions.join(", ")}`,
    ...Object.entries(plan.labels).map(([name, label]) => `  namespace   ${name}: ${label}`),
  ];
  if (upgrade === undefined) {
    return [
      `Mesh: ${revision}, no upgrade in progress`,
      ...state,
      ...outlookLines(settings, outlook(settings, revision)),
    ];
  }
  return [
    `Mesh: ${revision} to ${upgrade.to}, ${plan.phase}`,
    ...state,
    ...steps(plan),
    ...staleLines(settings, day),
  ];
}

function staleLines({ cluster, mesh: { revisions } }: Settings, day: Day): readonly string[] {
  if (revisions === "external") return [];
  const { kubernetesVersion, supportPlan: plan } = cluster;
  const stale = staleUpgrade(revisions, day, { kubernetesVersion, plan });
  return stale === undefined
    ? []
    : [`  stale: ${stale.why}`, ...stale.ways.map((way) => `    ${way}`)];
}

function outlook({ cluster }: Settings, revision: Outlook["current"]["revision"]): Outlook {
  const { kubernetesVersion, supportPlan: plan } = cluster;
  return outlookOf(revision, catalog.asOf, { kubernetesVersion, plan });
}

function outlookLines(
  { cluster: { kubernetesVersion } }: Settings,
  { current, targets, blocked }: Outlook,
): readonly string[] {
  const [first] = targets;
  const ask = "Ask Azure: az aks mesh get-upgrades --resource-group GROUP --name CLUSTER";
  return [
    `  support     ${supportText(current)}`,
    first === undefined
      ? `  next: the release calendar of ${catalog.asOf} lists no newer revision that can follow. ${ask}`
      : `  next: set upgrade to { to: ${first.revision}, phase: prepared }`,
    ...targets.map((target) => `    ${target.revision}: support ${supportText(target)}`),
    ...blocked.map(
      ({ revision, kubernetes }) =>
        `    ${revision}: requires Kubernetes ${rangeText(kubernetes)}, but the cluster has ${kubernetesVersion}`,
    ),
  ];
}

function supportText({ support }: RevisionOutlook): string {
  if (support === undefined) return "end date unknown";
  return `until ${support.until}${support.expected ? ` (expected, as of ${catalog.asOf})` : ""}`;
}

function rangeText(range: RevisionOutlook["kubernetes"]): string {
  return range === undefined ? "with another support plan" : `${range.oldest} to ${range.newest}`;
}

/** The problems of a change, a line each. */
export function changeLines(project: string, problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ severity, path, message }) => `${severity}: ${fullKey(project, path)}: ${message}`,
  );
}

function fullKey(project: string, path: string): string {
  return path.includes(":") ? path : `${project}:${path}`;
}

/** What a legal change does, and which changed settings were not checked. */
export function changeText(stack: string, { from, change }: Comparison): string {
  if (change === undefined) {
    return `${from} has no file for stack ${stack}. The stack is new, so there is nothing to compare.\n`;
  }
  const { judged, notJudged } = change;
  if (judged.length + notJudged.length === 0) {
    return `Compared with ${from}, no setting has changed.\n`;
  }
  const step = `Compared with ${from}, this is a legal step: ${judged.join(", ")}.`;
  const rest = `Changed, but not checked here: ${notJudged.join(", ")}. Run pulumi preview to see the effect.`;
  return [...(judged.length > 0 ? [step] : []), ...(notJudged.length > 0 ? [rest] : [])]
    .map((line) => `${line}\n`)
    .join("");
}

/** The same as JSON data. */
export function upgradeStatus(settings: Settings, day: Day, comparison: Comparison | undefined) {
  const { mesh, namespaces, gateways } = settings;
  const { revisions } = mesh;
  const egress = Object.fromEntries(
    Object.entries(gateways.egress).map(([name, { phase }]) => [
      name,
      { phase, ...withoutStates(egressSteps(phase)) },
    ]),
  );
  return {
    mesh:
      revisions === "external"
        ? { management: "external" }
        : pinnedStatus(settings, revisions, namespaces, day),
    egress,
    ...(comparison === undefined ? {} : { before: comparisonStatus(comparison) }),
  };
}

function pinnedStatus(
  settings: Settings,
  revisions: Exclude<Settings["mesh"]["revisions"], "external">,
  namespaces: Settings["namespaces"],
  day: Day,
) {
  const plan = planMesh({ settings: revisions, namespaces: meshNamespaces(namespaces) });
  const { revision, upgrade } = revisions;
  const { kubernetesVersion, supportPlan } = settings.cluster;
  const stale = staleUpgrade(revisions, day, { kubernetesVersion, plan: supportPlan });
  return {
    management: "pinned",
    revision,
    ...(upgrade === undefined ? {} : { upgrade }),
    phase: plan.phase,
    revisions: plan.revisions,
    labels: plan.labels,
    ...withoutStates(plan),
    ...(stale === undefined ? {} : { stale }),
    ...(upgrade === undefined
      ? { calendar: catalog.asOf, outlook: outlook(settings, revision) }
      : {}),
  };
}

function comparisonStatus({ from, change }: Comparison) {
  if (change === undefined) return { from, newStack: true };
  const legal = change.problems.every(({ severity }) => severity !== "error");
  return { from, newStack: false, legal, ...change };
}

function withoutStates({
  next,
  back,
}: {
  readonly next?: Step | undefined;
  readonly back?: Step | undefined;
}) {
  const plain = ({ does, first }: Step) => ({ does, first });
  return {
    ...(next === undefined ? {} : { next: plain(next) }),
    ...(back === undefined ? {} : { back: plain(back) }),
  };
}

function steps({
  next,
  back,
}: {
  readonly next: Step | undefined;
  readonly back: Step | undefined;
}): readonly string[] {
  return [...step("next", next), ...step("back", back)];
}

function step(name: string, of: Step | undefined): readonly string[] {
  if (of === undefined) return [];
  return [`  ${name}: ${of.does}`, ...of.first.map((first) => `    first: ${first}`)];
}
