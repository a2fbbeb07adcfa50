import { compare } from "../../local/planOrder.ts";
import type {
  Operation,
  Plan,
  PlannedResource,
  PolicyPackSummary,
  PolicyViolation,
} from "../../local/plan.ts";
import { STACK_TYPE, nameOf } from "../../local/urn.ts";
import type { Urn } from "../../local/urn.ts";
import type { Properties } from "../../local/values.ts";

/** What all reports count and group the same way. */
export function counts(plan: Plan): {
  readonly operations: readonly (readonly [Operation, number])[];
  readonly mandatory: number;
  readonly advisory: number;
} {
  const operations = new Map<Operation, number>();
  for (const { op } of plan.resources) operations.set(op, (operations.get(op) ?? 0) + 1);
  const mandatory = plan.violations.filter((v) => v.enforcementLevel === "mandatory").length;
  return {
    operations: [...operations].sort(([a], [b]) => compare(a, b)),
    mandatory,
    advisory: plan.violations.length - mandatory,
  };
}

/** The values that the program exports. */
export function stackOutputs(plan: Plan): Properties {
  return plan.resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}

/** How many policies of a pack ran: all but the disabled ones. */
export function numberThatRan({ policies }: PolicyPackSummary): number {
  return policies.filter(({ level }) => level !== "disabled").length;
}

/** A rule with everything that violates it at one level. */
export interface ViolatedPolicy extends Omit<PolicyViolation, "urn" | "message"> {
  readonly violations: readonly Pick<PolicyViolation, "urn" | "message">[];
}

/** In the order of the plan: mandatory rules first. */
export function violationsByPolicy(plan: Plan): ViolatedPolicy[] {
  const groups = new Map<string, PolicyViolation[]>();
  for (const violation of plan.violations) {
    const key = `${violation.enforcementLevel} ${violation.pack} ${violation.policy}`;
    groups.set(key, [...(groups.get(key) ?? []), violation]);
  }
  return [...groups.values()].flatMap((violations) => {
    const [first] = violations;
    return first === undefined ? [] : [{ ...first, violations }];
  });
}

/** `Namespace shop (index.ts:12)`: kind, name and the line that made it. */
export function whereIs(plan: Plan, urn: Urn | undefined): string {
  if (urn === undefined) return "the stack";
  const resource = plan.resources.find((candidate) => candidate.urn === urn);
  if (resource === undefined) return nameOf(urn);
  const source = sourceOf(resource);
  const kind = resource.type.split(":").at(-1) ?? resource.type;
  const place = source === undefined ? "" : ` (${source.file}:${source.line})`;
  return `${kind} ${resource.name}${place}`;
}

export interface Source {
  /** Relative to the project's directory. */
  readonly file: string;
  /** From 1, as is the column. */
  readonly line: number;
  readonly column: number;
}

/** Where the program made a resource, if that is known. */
export function sourceOf({ sourcePosition = "" }: PlannedResource): Source | undefined {
  const [, file, line, column] = /^project:\/\/\/(.*)#(\d+),(\d+)$/.exec(sourcePosition) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}
