import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";
import type { Rule } from "./rule.ts";
import type { CompleteStack } from "./completeStack.ts";

/** What a rule has to say of a resource only with the whole stack. */
export interface StackFindings {
  readonly resource: Resource;
  readonly judgements: readonly Judgement[];
}

/** What a rule finds with the whole stack and has not said already, by resource, before the stack was whole. */
export function stackFindings(
  rule: Rule,
  whole: CompleteStack,
  config: object,
  early: ReadonlyMap<string, readonly Judgement[]>,
): readonly StackFindings[] {
  return whole.declared(rule.about).map((resource) => ({
    resource,
    judgements: unsaid(rule.judge(resource, whole, config), early.get(resource.urn) ?? []),
  }));
}

/**
 * The violations that repeat none of the earlier ones, neither in the same words nor in better ones: what was said of a
 * thing with less knowledge stands for what is said of it now instead. What a rule cannot judge counts only now.
 */
function unsaid(judgements: readonly Judgement[], earlier: readonly Judgement[]): Judgement[] {
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
