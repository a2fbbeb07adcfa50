import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { redactSecrets } from "../../offline/plan/values.ts";
import type { Styles } from "../output/styles.ts";
import { changeSection, changeTotals } from "./changeTerminal.ts";
import type { Comparison } from "./comparison.ts";
import { explanationOf } from "./explanation.ts";
import { escapeForLog, escapeForTerminal, escapeForTerminalLine } from "./foreignText.ts";
import type { Places } from "./places.ts";
import { shownValue } from "./shownValue.ts";
import { pluralize, countEnabledPolicies, countOperations, stackOutputs } from "./summary.ts";
import type { Judgement, Unjudged, ViolatedPolicy } from "./summary.ts";

const MARK = { create: "+", import: "=", read: ">" } as const;

/** How an object appears that is not a resource of the stack. */
const CONTENT = { mark: "·", op: "content" } as const;

/** Maximum column width; longer names exceed it. */
const MAX_COLUMN = 80;

/** How the plan is shown. */
export interface Appearance {
  readonly styles: Styles;
  /** Line width in characters; advice is truncated to it. */
  readonly width: number;
  /** Whether advisory findings are shown in full. */
  readonly details: boolean;
  readonly seconds: number;
}

/**
 * The plan for a terminal. The parts that need action come last, next to the prompt: the tree and outputs, or what
 * changes compared with an earlier plan; messages, advice with one line per policy, what was not judged, what stops the
 * deployment, and the totals.
 */
export function toTerminal(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  appearance: Appearance & { readonly comparison?: Comparison | undefined },
): string {
  const { styles, comparison } = appearance;
  const told = { places, ...appearance };
  const sections = [
    styles.bold(
      `Preview of ${escapeForTerminalLine(plan.project)}, stack ${escapeForTerminalLine(plan.stack)}`,
    ) + styles.dim("  (offline, first deployment)"),
    ...(comparison === undefined
      ? [tree(plan, styles), outputs(plan, styles)]
      : [changeSection(comparison, told)]),
    messages(plan, told),
    remediations(plan, told),
    advice(judgement, told),
    notJudged(judgement, told),
    stopping(judgement, told),
    summary(plan, judgement, appearance),
  ];
  return escapeForLog(sections.filter((section) => section !== "").join("\n\n") + "\n");
}

/** Messages and what was not judged, for a command that does not show the plan; empty if there are none. */
export function toTerminalNotes(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  appearance: Omit<Appearance, "seconds">,
): string {
  const told = { places, seconds: 0, ...appearance };
  const sections = [messages(plan, told), notJudged(judgement, told)].filter(
    (section) => section !== "",
  );
  return sections.length === 0 ? "" : escapeForLog(`${sections.join("\n\n")}\n`);
}

/** The findings about manifests, in the same order; there is no deployment that they could stop. */
export function toTerminalCheck(
  plan: Plan,
  judgement: Judgement,
  places: Places,
  appearance: Appearance & { readonly passedOver: number },
): string {
  const { passedOver } = appearance;
  const told = { places, stopped: "the check", ...appearance };
  const objects = pluralize(plan.resources.length, "object");
  const others = passedOver === 0 ? "" : `, ${pluralize(passedOver, "file")} without objects`;
  const sections = [
    advice(judgement, told),
    notJudged(judgement, told),
    stopping(judgement, told, "Must be fixed"),
    [
      `${appearance.styles.bold("Checked")}   ${objects}${others}`,
      verdictLine(plan, judgement, appearance),
      timeLine(appearance),
    ].join("\n"),
  ];
  return escapeForLog(sections.filter((section) => section !== "").join("\n\n") + "\n");
}

interface Told extends Appearance {
  readonly places: Places;
  /** What a mandatory finding stops; by default, the deployment. */
  readonly stopped?: string;
}

interface Row {
  readonly resource: PlannedResource;
  readonly branch: string;
}

function tree(plan: Plan, styles: Styles): string {
  const children = new Map<string, PlannedResource[]>();
  const contents = new Set(plan.contents);
  for (const resource of [...plan.resources, ...contents]) {
    const siblings = children.get(resource.parent);
    if (siblings === undefined) children.set(resource.parent, [resource]);
    else siblings.push(resource);
  }
  const rows: Row[] = [];
  const grow = (parent: string, indent: string) => {
    const siblings = children.get(parent) ?? [];
    siblings.forEach((resource, i) => {
      const last = i === siblings.length - 1;
      const isRoot = parent === "";
      rows.push({ resource, branch: isRoot ? "" : `${indent}${last ? "└─ " : "├─ "}` });
      grow(resource.urn, isRoot ? "" : `${indent}${last ? "   " : "│  "}`);
    });
  };
  grow("", "");

  const shown = rows.map(({ resource, branch }) => ({
    ...(contents.has(resource) ? CONTENT : { mark: MARK[resource.op], op: resource.op }),
    type: branch + escapeForTerminalLine(resource.type),
    name: escapeForTerminalLine(resource.name),
  }));
  const types = columnWidth(shown.map(({ type }) => type));
  const names = columnWidth(shown.map(({ name }) => name));
  const line = (mark: string, type: string, name: string, op: string) =>
    ` ${mark}  ${type.padEnd(types)}  ${name.padEnd(names)}  ${op}`;
  return [
    styles.bold(line(" ", "Type", "Name", "Plan")),
    ...shown.map(({ mark, op, type, name }) =>
      line(styles.green(mark), type, name, styles.green(op)),
    ),
  ].join("\n");
}

/** The width of the longest text, up to the maximum. */
function columnWidth(texts: readonly string[]): number {
  return Math.min(
    MAX_COLUMN,
    texts.reduce((width, { length }) => Math.max(width, length), 4),
  );
}

function outputs(plan: Plan, styles: Styles): string {
  const lines = Object.entries(redactSecrets(stackOutputs(plan))).map(
    ([name, value]) =>
      `    ${escapeForTerminalLine(name)}: ${escapeForTerminalLine(shownValue(value))}`,
  );
  return lines.length === 0 ? "" : [styles.bold("Outputs"), ...lines].join("\n");
}

function messages({ diagnostics }: Plan, { places, styles }: Told): string {
  const colour = {
    info: styles.dim,
    "info#err": styles.dim,
    warning: styles.yellow,
    error: styles.red,
  };
  const lines = diagnostics.map(({ severity, message }) => {
    const label = severity === "info#err" ? "info" : severity;
    const place = severity === "warning" ? places.mentionedIn(message) : undefined;
    const at = place === undefined ? "" : `${escapeForTerminalLine(place.file)}:${place.line}: `;
    return `    ${colour[severity](label)}: ${at}${indented(message.trimEnd(), 4)}`;
  });
  return lines.length === 0 ? "" : [styles.bold("Messages"), ...lines].join("\n");
}

function remediations({ remediations: made }: Plan, { places, styles }: Told): string {
  if (made.length === 0) return "";
  const lines = made.map(({ policy, urn, diagnostic }) => {
    const why = diagnostic === undefined ? "" : `: ${diagnostic}`;
    return `    ${escapeForTerminalLine(policy)}  ${escapeForTerminalLine(places.whereIs(urn) + why)}`;
  });
  return [styles.bold("Remediated by policies"), ...lines].join("\n");
}

function advice({ advising, numbers }: Judgement, told: Told): string {
  if (advising.length === 0) return "";
  const { styles, details } = told;
  const what = `${pluralize(numbers.advisory, "finding")} of ${pluralize(advising.length, "rule")}`;
  const head = styles.bold("Advice") + `  ${what}`;
  if (details) return [head, ...advising.map((policy) => inFull(policy, told))].join("\n");

  const names = columnWidth(advising.map(({ policy }) => escapeForTerminalLine(policy)));
  const lines = advising.map(({ policy, severity = "", violations }) => {
    const name = escapeForTerminalLine(policy).padEnd(names);
    const number = String(violations.length).padStart(3);
    const start = `    ${name}  ${severity.padEnd(8)}  ${number}  `;
    const where = violations.map(({ urn, message }) =>
      escapeForTerminalLine(told.places.whereIs(urn, message)),
    );
    return start + fitting([...new Set(where)], told.width - start.length);
  });
  return [head + styles.dim("; show all with --details"), ...lines].join("\n");
}

/** Names on one line: as many as fit, and the number of the others. */
function fitting(names: readonly string[], width: number): string {
  for (let shown = Math.min(names.length, width); shown > 1; shown--) {
    const line = names.slice(0, shown).join(", ") + rest(names.length - shown);
    if (line.length <= width) return line;
  }
  const [first = ""] = names;
  const more = rest(names.length - 1);
  const room = Math.max(20, width - more.length);
  return (first.length > room ? `${first.slice(0, room - 1)}…` : first) + more;
}

function rest(number: number): string {
  return number === 0 ? "" : ` and ${number} more`;
}

function notJudged({ notJudged: items }: Judgement, told: Told): string {
  if (items.length === 0) return "";
  const { styles } = told;
  const stops = items.filter(({ stops: stop }) => stop).length;
  const which =
    stops === items.length ? "which stops" : `${stops} of which ${stops === 1 ? "stops" : "stop"}`;
  const head =
    styles.bold("Not judged") +
    `  ${items.length}` +
    (stops === 0 ? "" : styles.red(`, ${which} ${told.stopped ?? "the deployment"}`));
  const groups = grouped(items);
  return [head, ...groups.map((group, i) => unjudged(group, told, groups[i + 1]?.[0]?.fix))].join(
    "\n",
  );
}

/** Groups items by reason and fix. */
function grouped(items: readonly Unjudged[]): readonly (readonly Unjudged[])[] {
  const groups = new Map<string, Unjudged[]>();
  for (const item of items) {
    const key = JSON.stringify([item.reason, item.fix]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** @param next the fix of the next group; consecutive groups with the same fix show it once, after the last */
function unjudged(items: readonly Unjudged[], told: Told, next: string | undefined): string {
  const [{ reason, fix } = { reason: "" }] = items;
  const names = [...new Set(items.map((item) => escapeForTerminalLine(told.places.whatIs(item))))];
  const whole = told.details || items.some(({ stops }) => stops);
  return [
    ...(whole ? names : [fitting(names, told.width - 4)]).map((name) => `    ${name}`),
    `        ${indented(reason, 8)}`,
    ...(fix === undefined || fix === next ? [] : [`        Fix: ${indented(fix, 8)}`]),
  ].join("\n");
}

function stopping(
  { stopping: policies, numbers }: Judgement,
  told: Told,
  title = "Stops the deployment",
): string {
  if (policies.length === 0) return "";
  const what = `${pluralize(numbers.mandatory, "finding")} of ${pluralize(policies.length, "rule")}`;
  const head = told.styles.bold(title) + `  ${what}`;
  return [head, ...policies.map((policy) => inFull(policy, told))].join("\n");
}

function inFull(policy: ViolatedPolicy, { places, styles }: Told): string {
  const links = [policy.url, explanationOf(policy.policy, policy.pack)];
  const colour = policy.enforcementLevel === "mandatory" ? styles.red : styles.yellow;
  const severity = policy.severity === undefined ? "" : styles.dim(` (${policy.severity})`);
  return [
    `    ${colour(policy.enforcementLevel)}  ${styles.bold(escapeForTerminalLine(policy.policy))}${severity}`,
    `        ${styles.dim(indented(policy.description, 8))}`,
    ...policy.violations.map(
      ({ urn, message }) =>
        `        - ${escapeForTerminalLine(places.whereIs(urn, message))}\n          ${indented(message, 10)}`,
    ),
    ...(policy.remediationSteps === undefined
      ? []
      : [`        Fix: ${indented(policy.remediationSteps, 8)}`]),
    ...links
      .filter((link) => link !== undefined)
      .map((link) => styles.dim(`        ${escapeForTerminalLine(link)}`)),
  ].join("\n");
}

/** Text with all lines but the first indented. */
function indented(text: string, blanks: number): string {
  return escapeForTerminal(text).replaceAll("\n", `\n${" ".repeat(blanks)}`);
}

function summary(
  plan: Plan,
  judgement: Judgement,
  appearance: Appearance & { readonly comparison?: Comparison | undefined },
): string {
  const { comparison, styles } = appearance;
  const made = countOperations(plan).map(([op, count]) => `${count} to ${op}`);
  const { length } = plan.contents;
  if (length > 0) made.push(`and ${pluralize(length, "object")} as contents`);
  return [
    `${styles.bold("Resources")}  ${made.join(", ")}`,
    ...(comparison === undefined
      ? []
      : [`${styles.bold("Change")}     ${changeTotals(comparison)}`]),
    ...(plan.packs.length === 0 && judgement.numbers.notJudged === 0
      ? []
      : [verdictLine(plan, judgement, appearance)]),
    timeLine(appearance),
  ].join("\n");
}

function verdictLine(
  { packs: all }: Plan,
  { numbers, stops }: Judgement,
  { styles }: Appearance,
): string {
  const packs = all
    .map((pack) => `${pack.name} ${pack.version} (${countEnabledPolicies(pack)} policies)`)
    .join(", ");
  const unjudged = numbers.notJudged === 0 ? "" : `, ${numbers.notJudged} not judged`;
  const verdict = `${numbers.mandatory} mandatory and ${numbers.advisory} advisory violations${unjudged}`;
  return `${styles.bold("Policies")}   ${packs === "" ? "none" : escapeForTerminalLine(packs)}: ${stops ? styles.red(verdict) : verdict}`;
}

function timeLine({ seconds, styles }: Appearance): string {
  return `${styles.bold("Time")}       ${seconds.toFixed(1)} s`;
}
