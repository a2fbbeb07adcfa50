import type { Urn } from "../../../offline/plan/urn.ts";
import type { Judgement, ViolatedPolicy } from "../../reports/summary.ts";

/** The numbers of findings about a resource. */
export interface Findings {
  readonly stops: number;
  readonly advises: number;
}

export const NO_FINDINGS: Findings = { stops: 0, advises: 0 };

/** The numbers of findings about the resources that have any. */
export function findingsByUrn({ stopping, advising }: Judgement): ReadonlyMap<Urn, Findings> {
  const numbers = new Map<Urn, Findings>();
  const count = (policies: readonly ViolatedPolicy[], kind: keyof Findings) => {
    for (const { urn } of policies.flatMap(({ violations }) => violations)) {
      if (urn === undefined) continue;
      const found = numbers.get(urn) ?? NO_FINDINGS;
      numbers.set(urn, { ...found, [kind]: found[kind] + 1 });
    }
  };
  count(stopping, "stops");
  count(advising, "advises");
  return numbers;
}

/** Of several resources together. */
export function sumOf(all: readonly Findings[]): Findings {
  return {
    stops: all.reduce((sum, { stops }) => sum + stops, 0),
    advises: all.reduce((sum, { advises }) => sum + advises, 0),
  };
}
