import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Rule } from "./rule.ts";

/** The resources that the program declares, by what they are. */
interface Declared {
  declared(subject: Pick<TargetKind<Target>, "matches">): readonly Resource[];
}

/** Which rules the SDK has called in a run, and what for. */
export class Calls {
  /** Rules that run at all: the SDK neither asks nor calls one that is disabled. */
  readonly #enabled = new Set<Rule>();
  readonly #judged = new Map<Rule, Set<string>>();
  readonly #judgedWhole = new Set<Rule>();

  /** The SDK has asked for which type of resource it is to call a rule. */
  asked(rule: Rule): void {
    this.#enabled.add(rule);
  }

  judged(rule: Rule, { urn }: Resource): void {
    this.#enabled.add(rule);
    const urns = this.#judged.get(rule) ?? new Set<string>();
    this.#judged.set(rule, urns.add(urn));
  }

  judgedWhole(rule: Rule): void {
    this.#judgedWhole.add(rule);
  }

  /** Enabled rules that were not called for each of the resources that they are about. */
  missed(stack: Declared): readonly Rule[] {
    return [...this.#enabled].filter((rule) =>
      stack.declared(rule.about).some(({ urn }) => this.#judged.get(rule)?.has(urn) !== true),
    );
  }

  /** Rules that were called for a resource and not with the whole stack, though they need it. */
  missedWhole(): readonly Rule[] {
    return [...this.#judged.keys()].filter(
      (rule) => rule.wholeStack && !this.#judgedWhole.has(rule),
    );
  }
}
