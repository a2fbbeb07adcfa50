import type { Judgement } from "./finding.ts";
import type { PartialStack } from "./partialStack.ts";
import type { Resource } from "./resource.ts";
import type { Rule } from "./rule.ts";

/** Notes what a rule cannot judge, unless its resource is exempt from the rule anyway. */
export function noteUnjudged(
  rule: Rule,
  resource: Resource,
  judgements: readonly Judgement[],
  { exceptions, scope, unjudged }: PartialStack,
): void {
  const open = judgements.filter(
    (judgement) =>
      judgement.outcome === "unjudged" &&
      exceptions.applied(judgement, rule.name, resource, scope).outcome !== "excepted",
  );
  unjudged.note(rule.name, resource, open);
}
