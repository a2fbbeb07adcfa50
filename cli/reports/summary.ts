import { compareText } from "../../offline/plan/planOrder.ts";
import type {
  NotJudged,
  Operation,
  Plan,
  PolicyPackSummary,
  PolicySeverity,
  PolicyViolation,
} from "../../offline/plan/plan.ts";
import { STACK_TYPE } from "../../offline/plan/urn.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Properties } from "../../offline/plan/values.ts";

/** Number of resources for each operation. */
export function countOperations({ resources }: Plan): readonly (readonly [Operation, number])[] {
  const numbers = new Map<Operation, number>();
  for (const { op } of resources) numbers.set(op, (numbers.get(op) ?? 0) + 1);
  return [...numbers].sort(([a], [b]) => compareText(a, b));
}

/** The outputs that the program exports. */
export function stackOutputs(plan: Plan): Properties {
  return plan.resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}

/** Number of policies of a pack that ran: all but the disabled ones. */
export function countEnabledPolicies({ policies }: PolicyPackSummary): number {
  return policies.filter(({ level }) => level !== "disabled").length;
}

/** A policy with its violations at one enforcement level. */
export interface ViolatedPolicy extends Omit<PolicyViolation, "urn" | "message"> {
  readonly violations: readonly Pick<PolicyViolation, "urn" | "message">[];
}

/** Something that no policy could judge. */
export interface Unjudged {
  /** What it is, if it is not a resource of the plan. */
  readonly what?: string;
  readonly urn?: Urn;
  readonly place?: NotJudged["place"];
  readonly reason: string;
  readonly fix?: string;
  /** The policy that reported it, if any. */
  readonly policy?: string;
  readonly pack?: string;
  readonly stops: boolean;
}

/** The findings of a preview, grouped by their consequence. */
export interface Judgement {
  /** Mandatory violations, which stop the deployment; most severe first. */
  readonly stopping: readonly ViolatedPolicy[];
  /** Advisory violations, most severe first. */
  readonly advising: readonly ViolatedPolicy[];
  readonly notJudged: readonly Unjudged[];
  readonly numbers: Readonly<Record<"mandatory" | "advisory" | "notJudged", number>>;
  /** Whether anything stops the deployment, so the command exits with 1. */
  readonly stops: boolean;
}

/** Policies with this tag report what their pack could not judge. */
const NOT_JUDGED = "not-judged";

/** @param requireJudged whether anything not judged stops the deployment, regardless of its policy's level */
export function judgementOf(plan: Plan, requireJudged: boolean): Judgement {
  const judges = plan.violations.filter((violation) => !isOfCoverage(plan, violation));
  const { stopping, advising } = byConsequence(judges);
  const ofPacks = plan.violations.filter((violation) => isOfCoverage(plan, violation));
  const told = new Set(ofPacks.map(({ urn }) => urn));
  const notJudged = [
    ...ofPacks.map(({ policy, pack, urn, message, remediationSteps, enforcementLevel }) => {
      // The preview knows why it does not show what the pack misses.
      const own = plan.notJudged.find((item) => urn !== undefined && item.urn === urn);
      const fix = own?.fix ?? remediationSteps;
      return {
        ...(urn === undefined ? {} : { urn }),
        reason: own === undefined ? message : `${message} ${own.reason}`,
        ...(fix === undefined ? {} : { fix }),
        policy,
        pack,
        stops: requireJudged || enforcementLevel === "mandatory",
      };
    }),
    ...plan.notJudged
      .filter(({ urn }) => urn === undefined || !told.has(urn))
      .map(({ broken, ...item }) => ({ ...item, stops: requireJudged || broken === true })),
  ];
  return {
    stopping,
    advising,
    notJudged,
    numbers: {
      mandatory: numberOf(stopping),
      advisory: numberOf(advising),
      notJudged: notJudged.length,
    },
    stops: stopping.length > 0 || notJudged.some(({ stops }) => stops),
  };
}

/** Violations grouped by policy, and by whether they stop the deployment. */
export function byConsequence(
  violations: readonly PolicyViolation[],
): Pick<Judgement, "stopping" | "advising"> {
  const groups = violationsByPolicy(violations);
  return {
    stopping: groups.filter(({ enforcementLevel }) => enforcementLevel === "mandatory"),
    advising: groups.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory"),
  };
}

/** Whether a policy reports what its pack could not judge, rather than violations. */
export function isCoveragePolicy({ tags }: { readonly tags: readonly string[] }): boolean {
  return tags.includes(NOT_JUDGED);
}

export function isOfCoverage({ packs }: Plan, { pack, policy }: PolicyViolation): boolean {
  return packs.some(
    ({ name, policies }) =>
      name === pack && policies.some((other) => other.name === policy && isCoveragePolicy(other)),
  );
}

export function numberOf(policies: readonly ViolatedPolicy[]): number {
  return policies.reduce((sum, { violations }) => sum + violations.length, 0);
}

const SEVERITIES: readonly (PolicySeverity | undefined)[] = ["critical", "high", "medium", "low"];

/** Most severe first; within a severity, in plan order. */
function violationsByPolicy(violations: readonly PolicyViolation[]): readonly ViolatedPolicy[] {
  const groups = new Map<string, PolicyViolation[]>();
  for (const violation of violations) {
    const key = `${violation.enforcementLevel} ${violation.pack} ${violation.policy}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [violation]);
    else group.push(violation);
  }
  const rank = ({ severity }: ViolatedPolicy) =>
    severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [{ ...first, violations: group }];
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** `1 finding`, `2 findings`. */
export function pluralize(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}
