import { Unknown } from "./cursor.ts";
import type { Read } from "./cursor.ts";
import { NotJudged } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * What is found where a condition holds, and nothing where it does not. Where nobody knows yet whether it does, that
 * is what is found in place of whatever would be wrong.
 *
 * @param findings worked out only where they matter
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
