import type { Plan, PlannedResource } from "../../local/plan.ts";
import { redact, isUnknown } from "../../local/values.ts";
import type { Value } from "../../local/values.ts";
import type { Styles } from "../styles.ts";
import { counts, numberThatRan, stackOutputs, violationsByPolicy, whereIs } from "./summary.ts";
import type { ViolatedPolicy } from "./summary.ts";

const MARK = { create: "+", import: "=", read: ">" } as const;

/** The plan for a person at a terminal: tree, outputs, messages, policies, counts. */
export function toTerminal(plan: Plan, seconds: number, styles: Styles): string {
  const sections = [
    styles.bold(`Preview of ${plan.project}, stack ${plan.stack}`) +
      styles.dim("  (offline, from empty)"),
    tree(plan, styles),
    outputs(plan, styles),
    messages(plan, styles),
    policies(plan, styles),
    summary(plan, seconds, styles),
  ];
  return sections.filter((section) => section !== "").join("\n\n") + "\n";
}

interface Row {
  readonly resource: PlannedResource;
  readonly branch: string;
}

function tree(plan: Plan, styles: Styles): string {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of plan.resources) {
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

  const width = Math.max(
    4,
    ...rows.map(({ resource, branch }) => branch.length + resource.type.length),
  );
  const names = Math.max(4, ...rows.map(({ resource }) => resource.name.length));
  const line = (mark: string, type: string, name: string, op: string) =>
    ` ${mark}  ${type.padEnd(width)}  ${name.padEnd(names)}  ${op}`;
  return [
    styles.bold(line(" ", "Type", "Name", "Plan")),
    ...rows.map(({ resource: { op, type, name }, branch }) =>
      line(styles.green(MARK[op]), branch + type, name, styles.green(op)),
    ),
  ].join("\n");
}

function outputs(plan: Plan, styles: Styles): string {
  const lines = Object.entries(redact(stackOutputs(plan))).map(
    ([name, value]) => `    ${name}: ${shown(value)}`,
  );
  return lines.length === 0 ? "" : [styles.bold("Outputs"), ...lines].join("\n");
}

function shown(value: Value): string {
  return isUnknown(value)
    ? "[unknown]"
    : JSON.stringify(value, (_, part: Value) => (isUnknown(part) ? "[unknown]" : part));
}

function messages(plan: Plan, styles: Styles): string {
  const colour = {
    info: styles.dim,
    "info#err": styles.dim,
    warning: styles.yellow,
    error: styles.red,
  };
  const lines = plan.diagnostics.map(({ severity, message }) => {
    const label = severity === "info#err" ? "info" : severity;
    return `    ${colour[severity](label)}: ${message.trimEnd().replaceAll("\n", "\n    ")}`;
  });
  return lines.length === 0 ? "" : [styles.bold("Messages"), ...lines].join("\n");
}

function policies(plan: Plan, styles: Styles): string {
  const remediated = plan.remediations.map(
    ({ policy, urn, diagnostic }) =>
      `    ${styles.cyan("remediated")}  ${policy}  ${whereIs(plan, urn)}${diagnostic === undefined ? "" : `: ${diagnostic}`}`,
  );
  const violated = violationsByPolicy(plan).map((policy) => violations(plan, policy, styles));
  if (remediated.length + violated.length === 0) return "";
  return [styles.bold("Policies"), ...remediated, ...violated].join("\n");
}

function violations(plan: Plan, policy: ViolatedPolicy, styles: Styles): string {
  const colour = policy.enforcementLevel === "mandatory" ? styles.red : styles.yellow;
  const severity = policy.severity === undefined ? "" : styles.dim(` (${policy.severity})`);
  return [
    `    ${colour(policy.enforcementLevel)}  ${styles.bold(policy.policy)}${severity}`,
    `        ${styles.dim(policy.description)}`,
    ...policy.violations.map(
      ({ urn, message }) =>
        `        - ${whereIs(plan, urn)}\n          ${message.replaceAll("\n", "\n          ")}`,
    ),
    ...(policy.remediationSteps === undefined ? [] : [`        Fix: ${policy.remediationSteps}`]),
    ...(policy.url === undefined ? [] : [styles.dim(`        ${policy.url}`)]),
  ].join("\n");
}

function summary(plan: Plan, seconds: number, styles: Styles): string {
  const { operations, mandatory, advisory } = counts(plan);
  const resources = operations.map(([op, count]) => `${count} to ${op}`).join(", ");
  const packs = plan.packs
    .map((pack) => `${pack.name} ${pack.version} (${numberThatRan(pack)} policies)`)
    .join(", ");
  const verdict = `${mandatory} mandatory and ${advisory} advisory violations`;
  return [
    `${styles.bold("Resources")}  ${resources}`,
    ...(packs === ""
      ? []
      : [
          `${styles.bold("Policies")}   ${packs}: ${mandatory > 0 ? styles.red(verdict) : verdict}`,
        ]),
    `${styles.bold("Time")}       ${seconds.toFixed(1)} s`,
  ].join("\n");
}
