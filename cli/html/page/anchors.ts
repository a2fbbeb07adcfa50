import type { Plan } from "../../../offline/plan/plan.ts";
import type { Urn } from "../../../offline/plan/urn.ts";
import type { Judgement, Unjudged, ViolatedPolicy } from "../../reports/summary.ts";

/** A finding, with the anchor of its place on the page. */
export interface Finding {
  readonly anchor: string;
  readonly policy: ViolatedPolicy;
  readonly urn: Urn | undefined;
  readonly message: string;
}

/** An item that was not judged, with its anchor. */
export interface Gap {
  readonly anchor: string;
  readonly item: Unjudged;
}

/** The anchors between resources and what is said about them. */
export class Anchors {
  readonly stopping: readonly Finding[];
  readonly advising: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly #resources: ReadonlyMap<Urn, string>;
  readonly #about = new Map<Urn, (Finding | Gap)[]>();

  constructor(plan: Plan, { stopping, advising, notJudged }: Judgement) {
    const all = [...plan.resources, ...plan.contents];
    this.#resources = new Map(all.map(({ urn }, i) => [urn, `resource-${i + 1}`]));
    this.stopping = findings(stopping, "stops");
    this.advising = findings(advising, "advice");
    this.gaps = notJudged.map((item, i) => ({ anchor: `not-judged-${i + 1}`, item }));
    for (const one of [...this.stopping, ...this.gaps, ...this.advising]) {
      const { urn } = "item" in one ? one.item : one;
      if (urn !== undefined) this.#about.set(urn, [...(this.#about.get(urn) ?? []), one]);
    }
  }

  /** The anchor of a resource; undefined if the plan does not have it. */
  of(urn: Urn | undefined): string | undefined {
    return urn === undefined ? undefined : this.#resources.get(urn);
  }

  /** What is said about a resource: first what stops the deployment. */
  about(urn: Urn): readonly (Finding | Gap)[] {
    return this.#about.get(urn) ?? [];
  }
}

function findings(policies: readonly ViolatedPolicy[], name: string): readonly Finding[] {
  return policies
    .flatMap((policy) => policy.violations.map(({ urn, message }) => ({ policy, urn, message })))
    .map((finding, i) => ({ ...finding, anchor: `${name}-${i + 1}` }));
}
