import type { Resource } from "./resource.ts";
import type { Judgement, Rule } from "./rule.ts";
import type { WholeStack } from "./wholeStack.ts";

/** Something that a rule has to say only with the whole stack. */
export interface LateJudgement extends Judgement {
  readonly resource: Resource;
}

/** What a rule finds with the whole stack and has not said already, by resource, before the stack was whole. */
export function lateJudgements(
  rule: Rule,
  whole: WholeStack,
  config: object,
  early: ReadonlyMap<string, readonly Judgement[]>,
): readonly LateJudgement[] {
  return whole
    .declared(rule.about)
    .flatMap((resource) =>
      unsaid(rule.judge(resource, whole, config), early.get(resource.urn) ?? []).map(
        (judgement) => ({ ...judgement, resource }),
      ),
    );
}

/**
 * The judgements that repeat none of the earlier ones, neither in the same words nor in better ones: what was said of a
 * thing with less knowledge stands for what is said of it now instead, unless that is a violation and it was an advice.
 */
function unsaid(judgements: readonly Judgement[], earlier: readonly Judgement[]): Judgement[] {
  const same = (a: Judgement) => (b: Judgement) => a.message === b.message;
  const outdated = earlier.filter((judgement) => !judgements.some(same(judgement)));
  return judgements.filter((judgement) => {
    if (earlier.some(same(judgement))) return false;
    const place = outdated.findIndex(
      ({ index, advisory }) => index === judgement.index && (judgement.advisory || !advisory),
    );
    if (place !== -1) outdated.splice(place, 1);
    return place === -1;
  });
}
