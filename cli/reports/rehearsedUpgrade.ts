import type { EngineStep } from "../../rehearsal/engineEvents.ts";
import { isAsExpected } from "../rehearsal/upgradeScenario.ts";
import type { RehearsedPhase, UpgradeScenario } from "../rehearsal/upgradeScenario.ts";
import { textTable } from "./textTable.ts";

/** A phase with more changes of one operation shows only their number. */
const MANY = 10;

/** What each phase changed, as a table, with a verdict. */
export function rehearsedUpgradeText(
  { stack, from, to, course }: UpgradeScenario,
  phases: readonly RehearsedPhase[],
): string {
  const rows = phases.flatMap((phase) => {
    const lines = rowsOf(phase);
    return lines.map((row, i) => [i === 0 ? phase.name : "", ...row]);
  });
  return [
    `Upgrade of ${stack} from ${from} to ${to}`,
    "",
    ...textTable([["phase", "operation", "resource", "properties"], ...rows]),
    "",
    ...phases.flatMap(problemsOf),
    verdict(phases, course.length),
    "",
  ].join("\n");
}

function rowsOf({ steps, failure }: RehearsedPhase): readonly (readonly string[])[] {
  const failed = failure === undefined ? [] : [["failed", "", ""]];
  if (steps.length === 0) return failed.length > 0 ? failed : [["none", "", ""]];
  const operations = [...new Set(steps.map(({ operation }) => operation))];
  return [
    ...operations.flatMap((operation) => {
      const some = steps.filter((step) => step.operation === operation);
      if (some.length > MANY) return [[operation, `${some.length} resources`, ""]];
      return some.map((step) => [operation, titleOf(step), step.properties.join(", ")]);
    }),
    ...failed,
  ];
}

function problemsOf(phase: RehearsedPhase): readonly string[] {
  const { name, failure, differences } = phase;
  // Changes that a failed deployment did not reach are not missing.
  if (failure !== undefined) return [`${name} failed:`, failure, ""];
  return [
    ...differences.unexpected.map(
      (step) => `${name}: unexpected: ${step.operation} ${titleOf(step)}${inParentheses(step)}`,
    ),
    ...differences.missing.map((title) => `${name}: missing: ${title}`),
  ];
}

function inParentheses({ properties }: EngineStep): string {
  return properties.length === 0 ? "" : ` (${properties.join(", ")})`;
}

function verdict(phases: readonly RehearsedPhase[], all: number): string {
  if (phases.length === all && phases.every(isAsExpected)) {
    return "Each phase changed what docs/upgrading.md says, and nothing else.";
  }
  const wrong = phases.filter((phase) => !isAsExpected(phase)).map(({ name }) => name);
  return `Not as docs/upgrading.md says: ${wrong.join(", ")}.`;
}

/** The last part of the type, followed by the name. */
function titleOf({ type, name }: EngineStep): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}

/** The same as JSON data. */
export function rehearsedUpgradeJson(
  { stack, from, to, course }: UpgradeScenario,
  phases: readonly RehearsedPhase[],
) {
  const change = ({ operation, type, name, urn, properties }: EngineStep) => ({
    operation,
    type,
    name,
    urn,
    properties,
  });
  return {
    stack,
    from,
    to,
    passed: phases.length === course.length && phases.every(isAsExpected),
    phases: phases.map((phase) => ({
      name: phase.name,
      settings: phase.settings,
      passed: isAsExpected(phase),
      changes: phase.steps.map(change),
      unexpected: phase.differences.unexpected.map(change),
      missing: phase.failure === undefined ? phase.differences.missing : [],
      ...(phase.failure === undefined ? {} : { failure: phase.failure }),
    })),
  };
}
