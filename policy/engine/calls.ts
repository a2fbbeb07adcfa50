import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Rule } from "./rule.ts";

/** The resources that the program declares, by kind. */
interface Declared {
  declared(subject: Pick<TargetKind<Target>, "matches">): readonly Resource[];
}

/** Records which rules the SDK has called in a run, and for which resources. */
export class Calls {
  /** Rules that are not disabled: the SDK neither asks about a disabled rule nor calls it. */
  readonly #enabled = new Set<Rule>();
  readonly #judged = new Map<Rule, Set<string>>();
  readonly #judgedWhole = new Set<Rule>();

  /** Records that the SDK has asked for the type of resource to call a rule for. */
  recordAsked(rule: Rule): void {
    this.#enabled.add(rule);
  }

  record(rule: Rule, { urn }: Resource): void {
    this.#enabled.add(rule);
    const urns = this.#judged.get(rule) ?? new Set<string>();
    this.#judged.set(rule, urns.add(urn));
  }

  recordWholeStack(rule: Rule): void {
    this.#judgedWhole.add(rule);
  }

  /** Enabled rules that the SDK did not call for every resource that they judge. */
  missed(stack: Declared): readonly Rule[] {
    return [...this.#enabled].filter((rule) =>
      stack.declared(rule.about).some(({ urn }) => this.#judged.get(rule)?.has(urn) !== true),
    );
  }

  /** Rules that need the whole stack and that the SDK called only for single resources. */
  missedWholeStack(): readonly Rule[] {
    return [...this.#judged.keys()].filter(
      (rule) => rule.wholeStack && !this.#judgedWhole.has(rule),
    );
  }
}
