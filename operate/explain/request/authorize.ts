import { listAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import type { AuthorizationContext } from "./authorizationContext.ts";
import { ruleMatches } from "./authorizationRule.ts";
import { namespaceOf, placeOf } from "./objects.ts";
import { some } from "./reasoned.ts";
import type { Reasoned } from "./reasoned.ts";
import { ended, open, passed } from "./request.ts";
import type { RequestStep } from "./request.ts";

/** The result of a policy's rules: the one that decides. */
interface Matched extends Reasoned {
  readonly place: string;
}

const STEP = "authorization";

/**
 * Whether the policies of a workload allow a request: none that denies matches and, if any allows, one of them matches.
 * What an external provider says is not known.
 *
 * @param policies those that select the workload
 * @see https://istio.io/latest/docs/concepts/security/#authorization-policies
 */
export function authorize(
  policies: readonly ClusterObject[],
  context: AuthorizationContext,
): readonly RequestStep[] {
  const enforced = policies.filter((policy) => !isDryRun(policy));
  const of = (action: string) =>
    enforced.filter((policy) => (textAt(policy, "spec", "action") ?? "ALLOW") === action);
  const outcome = context.call.protocol === "HTTP" ? "denied: 403" : "denied: connection closed";
  const steps: RequestStep[] = enforced.flatMap((policy) => unknownAction(policy) ?? []);
  for (const { policy, match } of of("CUSTOM").map((one) => withMatch(one, context))) {
    if (match.answer === "no") continue;
    const provider = textAt(policy, "spec", "provider", "name") ?? "without a name";
    const message =
      match.answer === "yes"
        ? `The provider ${provider} decides about the request, and its answer is not known.`
        : `Whether the provider ${provider} decides is not known: ${match.because}.`;
    steps.push(open(STEP, message, `Ask the owner of the provider ${provider}.`, match.place));
  }
  for (const { match } of of("DENY").map((one) => withMatch(one, context))) {
    if (match.answer === "no") continue;
    steps.push(
      match.answer === "yes"
        ? ended(STEP, outcome, {
            message: `The policy denies the request${reason(match)}.`,
            fix: "Change the request, or exclude it from the rule.",
            by: match.place,
          })
        : unknown("denies", match),
    );
  }
  return [...steps, ...allowed(of("ALLOW"), context, outcome)];
}

/** The steps of the policies that allow. */
function allowed(
  policies: readonly ClusterObject[],
  context: AuthorizationContext,
  outcome: string,
): readonly RequestStep[] {
  if (policies.length === 0) {
    return [
      passed(STEP, `No AuthorizationPolicy limits who may send requests to ${context.receiver}.`),
    ];
  }
  const matches = policies.map((policy) => withMatch(policy, context).match);
  const yes = matches.find(({ answer }) => answer === "yes");
  if (yes !== undefined) {
    return [passed(STEP, `The policy allows the request${reason(yes)}.`, yes.place)];
  }
  const maybe = matches.filter(({ answer }) => answer === "unknown");
  if (maybe.length > 0) return maybe.map((match) => unknown("allows", match));
  const [only, ...others] = matches;
  const why =
    only !== undefined && others.length === 0
      ? `a policy with the action ALLOW, and it does not match: ${only.because}`
      : `policies with the action ALLOW, and none of them matches: ${matches.map(({ place, because }) => `${place}: ${because}`).join("; ")}`;
  return [
    ended(STEP, outcome, {
      message: `${context.receiver} has ${why}.`,
      fix: "Add a rule with the action ALLOW that matches the request.",
      by: matches.map(({ place }) => place).join(", "),
    }),
  ];
}

function unknown(effect: string, { because, place }: Matched): RequestStep {
  const fix = "Find out what the request has, and compare it with the rule.";
  return open(
    STEP,
    `Whether the policy ${effect} the request is not known: ${because}.`,
    fix,
    place,
  );
}

function reason({ because }: Matched): string {
  return because === "" ? "" : `: ${because}`;
}

/** What the rules of a policy say together. A policy without rules matches nothing. */
function withMatch(policy: ClusterObject, context: AuthorizationContext) {
  const isAllow = (textAt(policy, "spec", "action") ?? "ALLOW") === "ALLOW";
  const rules = listAt(policy, "spec", "rules").map((rule) =>
    ruleMatches(rule, context, { isAllow, namespace: namespaceOf(policy) }),
  );
  const whole = some(rules);
  const deciding = rules.findIndex(({ answer }) => answer === whole.answer);
  const one = whole.answer !== "no" || rules.length === 1 ? `[${deciding}]` : "";
  const match: Matched =
    rules.length === 0
      ? { ...whole, because: "it has no rules", place: placeOf(policy, "spec") }
      : { ...whole, place: placeOf(policy, `spec.rules${one}`) };
  return { policy, match };
}

/** An action of a later Istio may deny. AUDIT has no effect. */
function unknownAction(policy: ClusterObject): RequestStep | undefined {
  const action = valueAt(policy, "spec", "action") ?? "ALLOW";
  if (ACTIONS.includes(action)) return undefined;
  const message = `The action ${JSON.stringify(action)} is not known here.`;
  return open(STEP, message, "Read what this action does.", placeOf(policy, "spec.action"));
}

const ACTIONS: readonly unknown[] = ["ALLOW", "DENY", "CUSTOM", "AUDIT"];

/**
 * Istio reads the value as Go does.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#IoIstioDryRun
 * @see https://pkg.go.dev/strconv#ParseBool
 */
function isDryRun(policy: ClusterObject): boolean {
  const value = textAt(policy, "metadata", "annotations", "istio.io/dry-run") ?? "";
  return ["1", "t", "T", "true", "TRUE", "True"].includes(value);
}
