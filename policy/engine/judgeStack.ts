import { CompleteStack } from "./completeStack.ts";
import type { StackNode } from "./completeStack.ts";
import { undecided } from "./finding.ts";
import type { Judgement } from "./finding.ts";
import { meshCoverage } from "./meshCoverage.ts";
import type { Model } from "./model.ts";
import { noteUnjudged } from "./noteUnjudged.ts";
import { PartialStack } from "./partialStack.ts";
import { resourceOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { meshScope, scopeFrom } from "./scope.ts";

/** What a policy says about a resource. */
export interface Verdict extends Judgement {
  readonly policy: string;
  readonly resource: Resource;
}

/**
 * Judges a whole stack at once, without the SDK: the same verdicts as the policies report in a preview, except for those
 * about exceptions, which may be needed by another stack.
 *
 * @param judged the URNs of the resources to judge; the others are only known to the rules
 * @param configOf the configuration of a policy; undefined if it is disabled
 */
export function judgeStack(
  rules: readonly Rule[],
  model: Model,
  nodes: readonly StackNode[],
  judged: ReadonlySet<string>,
  configOf: (policy: string) => object | undefined,
): readonly Verdict[] {
  const partialStack = new PartialStack(scopeFrom(configOf(meshScope.name) ?? {}), model);
  for (const node of nodes) if (judged.has(node.urn)) partialStack.see(resourceOf(node));
  const stack = new CompleteStack(nodes, partialStack);
  const { exceptions, scope, unjudged } = partialStack;

  const verdicts: Verdict[] = [];
  for (const rule of rules) {
    const config = configOf(rule.name);
    if (config === undefined) continue;
    for (const resource of stack.declared(rule.about)) {
      const judgements = rule.judge(resource, stack, config).map(undecided);
      noteUnjudged(rule, resource, judgements, partialStack);
      for (const judgement of judgements) {
        if (judgement.outcome !== "violation") continue;
        const applied = exceptions.applied(judgement, rule.name, resource, scope);
        verdicts.push({ ...applied, policy: rule.name, resource });
      }
    }
  }
  if (configOf(meshCoverage.name) === undefined) return verdicts;
  for (const [index, { resource, message }] of [
    ...model.coverageGaps(stack),
    ...unjudged.gaps(),
  ].entries()) {
    const gap: Judgement = { index, outcome: "unjudged", label: "", text: message };
    const applied = exceptions.applied(gap, meshCoverage.name, resource, scope);
    if (applied.outcome === "excepted") continue;
    verdicts.push({ ...applied, policy: meshCoverage.name, resource });
  }
  return verdicts;
}
