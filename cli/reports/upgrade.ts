import { catalog } from "../../mesh/catalog.ts";
import { egressSteps } from "../../mesh/egressPhases.ts";
import { outlookOf } from "../../mesh/outlook.ts";
import type { Outlook, RevisionOutlook } from "../../mesh/outlook.ts";
import type { Problem } from "../../mesh/problem.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { Change } from "../../settings/change.ts";
import { meshNamespaces } from "../../settings/namespaces/namespaces.ts";
import type { Settings } from "../../settings/schema.ts";

/** What was compared with; no change where the stack did not exist there. */
export interface Comparison {
  readonly from: string;
  readonly change: Change | undefined;
}

interface Step {
  readonly does: string;
  readonly first: readonly string[];
}

/** Where the upgrade of a mesh stands, and every egress gateway, with the steps on and back. */
export function upgradeText(settings: Settings): string {
  const egress = Object.entries(settings.gateways.egress).flatMap(([name, { phase }]) => [
    "",
    `Egress gateway ${name}: ${phase}`,
    ...steps(egressSteps(phase)),
  ]);
  return `${[...meshLines(settings), ...egress].join("\n")}\n`;
}

function meshLines(settings: Settings): readonly string[] {
  const { revisions } = settings.mesh;
  if (revisions === "external") {
    return ["Mesh: revisions are left to AKS, and namespaces follow the newest that runs."];
  }
  const plan = planMesh({
    settings: revisions,
    namespaces: meshNamespaces(settings.namespaces),
  });
  const { revision, upgrade } = revisions;
  const state = [
    `  AKS runs    ${plan.revisions.join(", ")}`,
    ...Object.entries(plan.labels).map(([name, label]) => `  ${label}    ${name}`),
  ];
  if (upgrade === undefined) {
    return [
      `Mesh: ${revision}, no upgrade under way`,
      ...state,
      ...outlookLines(settings, outlook(settings, revision)),
    ];
  }
  return [`Mesh: ${revision} to ${upgrade.to}, ${plan.phase}`, ...state, ...steps(plan)];
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
      ? `  next: the release calendar of ${catalog.asOf} has nothing newer that can follow. ${ask}`
      : `  next: set upgrade to { to: ${first.revision}, phase: prepared }`,
    ...targets.map((target) => `    ${target.revision}: support ${supportText(target)}`),
    ...blocked.map(
      ({ revision, kubernetes }) =>
        `    ${revision}: needs Kubernetes ${rangeText(kubernetes)}, and the cluster has ${kubernetesVersion}`,
    ),
  ];
}

function supportText({ support }: RevisionOutlook): string {
  if (support === undefined) return "ends nobody knows when";
  return `ends with ${support.until}${support.expected ? `, as expected on ${catalog.asOf}` : ""}`;
}

function rangeText(range: RevisionOutlook["kubernetes"]): string {
  return range === undefined ? "under another support plan" : `${range.oldest} to ${range.newest}`;
}

/** What is wrong with a change, a line each. */
export function changeLines(project: string, problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ severity, path, message }) => `${severity}: ${fullKey(project, path)}: ${message}`,
  );
}

function fullKey(project: string, path: string): string {
  return path.includes(":") ? path : `${project}:${path}`;
}

/** What a legal change does, and what of it nothing here has looked at. */
export function changeText(stack: string, { from, change }: Comparison): string {
  if (change === undefined) {
    return `${from} has no file of the stack ${stack}: a new stack, with nothing to compare.\n`;
  }
  const { judged, notJudged } = change;
  if (judged.length + notJudged.length === 0) return `From ${from}, no setting changes.\n`;
  const step = `From ${from} this is a legal step: ${judged.join(", ")}.`;
  const rest = `Changed, and not judged here: ${notJudged.join(", ")}. Pulumi shows what that does.`;
  return [...(judged.length > 0 ? [step] : []), ...(notJudged.length > 0 ? [rest] : [])]
    .map((line) => `${line}\n`)
    .join("");
}

/** The same for programs. */
export function upgradeStatus(settings: Settings, comparison: Comparison | undefined) {
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
        : pinnedStatus(settings, revisions, namespaces),
    egress,
    ...(comparison === undefined ? {} : { before: comparisonStatus(comparison) }),
  };
}

function pinnedStatus(
  settings: Settings,
  revisions: Exclude<Settings["mesh"]["revisions"], "external">,
  namespaces: Settings["namespaces"],
) {
  const plan = planMesh({ settings: revisions, namespaces: meshNamespaces(namespaces) });
  const { revision, upgrade } = revisions;
  return {
    management: "pinned",
    revision,
    ...(upgrade === undefined ? {} : { upgrade }),
    phase: plan.phase,
    revisions: plan.revisions,
    labels: plan.labels,
    ...withoutStates(plan),
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
