import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";
import type { Rule } from "./rule.ts";
import type { CompleteStack } from "./completeStack.ts";

/** The judgements of a resource that only the whole stack allows. */
export interface StackFindings {
  readonly resource: Resource;
  readonly judgements: readonly Judgement[];
}

/**
 * The judgements of a rule with the whole stack, by resource, without those that it reported before.
 *
 * @param reported the violations that the rule reported before the stack was complete, by URN
 */
export function stackFindings(
  rule: Rule,
  completeStack: CompleteStack,
  config: object,
  reported: ReadonlyMap<string, readonly Judgement[]>,
): readonly StackFindings[] {
  return completeStack.declared(rule.about).map((resource) => ({
    resource,
    judgements: withoutReported(
      rule.judge(resource, completeStack, config),
      reported.get(resource.urn) ?? [],
    ),
  }));
}

/**
 * Drops violations that were reported before, either in the same words or as an earlier violation of the same target
 * that the rule now words differently because it knows more. Unjudged values are only reported now.
 */
function withoutReported(
  judgements: readonly Judgement[],
  earlier: readonly Judgement[],
): Judgement[] {
  const same = (a: Judgement) => (b: Judgement) => a.label === b.label && a.text === b.text;
  const outdated = earlier.filter((judgement) => !judgements.some(same(judgement)));
  return judgements.filter((judgement) => {
    if (judgement.outcome === "unjudged") return true;
    if (earlier.some(same(judgement))) return false;
    const place = outdated.findIndex(({ index }) => index === judgement.index);
    if (place !== -1) outdated.splice(place, 1);
    return place === -1;
  });
}
