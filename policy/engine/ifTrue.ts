import { Unknown } from "./cursor.ts";
import type { Read } from "./cursor.ts";
import { NotJudged } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * Yields the findings if the condition is true, and none if it is false. If the condition is unknown and there would be
 * a finding, yields the unknown condition instead.
 *
 * @param findings called only if they are needed
 */
export function* ifTrue(
  condition: Read<boolean>,
  findings: () => Iterable<Finding>,
): Iterable<Finding> {
  if (condition === true) yield* findings();
  else if (condition instanceof Unknown) {
    for (const finding of findings()) {
      if (finding instanceof NotJudged) continue;
      yield condition;
      return;
    }
  }
}
