import type { PolicyViolation } from "../../offline/plan/plan.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Unjudged } from "../reports/summary.ts";

/** What only one of two plans has. */
export interface Turn<Finding> {
  readonly begin: readonly Finding[];
  readonly cease: readonly Finding[];
}

/**
 * The violations that only one plan has. One whose words or level differ both ceases and begins: it may be another
 * mistake.
 *
 * @param now the URN that a resource of the earlier plan has in the later one
 */
export function violationTurn(
  before: readonly PolicyViolation[],
  after: readonly PolicyViolation[],
  now: (urn: Urn) => Urn,
): Turn<PolicyViolation> {
  const keyOf = ({ pack, policy, enforcementLevel, message }: PolicyViolation, urn?: Urn) =>
    JSON.stringify([pack, policy, enforcementLevel, urn, message]);
  return turn(
    before,
    after,
    (found) => keyOf(found, found.urn && now(found.urn)),
    (found) => keyOf(found, found.urn),
  );
}

/** The same for what was not judged. The lines of a file are not compared: an edit above an item moves it. */
export function notJudgedTurn(
  before: readonly Unjudged[],
  after: readonly Unjudged[],
  now: (urn: Urn) => Urn,
): Turn<Unjudged> {
  const keyOf = ({ what, policy, place, reason, stops }: Unjudged, urn?: Urn) =>
    JSON.stringify([urn ?? what, policy, place?.file, reason, stops]);
  return turn(
    before,
    after,
    (item) => keyOf(item, item.urn && now(item.urn)),
    (item) => keyOf(item, item.urn),
  );
}

function turn<Finding>(
  before: readonly Finding[],
  after: readonly Finding[],
  keyBefore: (finding: Finding) => string,
  keyAfter: (finding: Finding) => string,
): Turn<Finding> {
  return {
    begin: unmatched(after, keyAfter, before.map(keyBefore)),
    cease: unmatched(before, keyBefore, after.map(keyAfter)),
  };
}

/** The findings whose key the other plan does not have as often. */
function unmatched<Finding>(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string,
  others: readonly string[],
): readonly Finding[] {
  const left = new Map<string, number>();
  for (const key of others) left.set(key, (left.get(key) ?? 0) + 1);
  return findings.filter((finding) => {
    const key = keyOf(finding);
    const number = left.get(key) ?? 0;
    left.set(key, number - 1);
    return number <= 0;
  });
}
