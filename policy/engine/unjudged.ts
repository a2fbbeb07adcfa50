import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";

/** Something that the rules did not see or could not decide. */
export interface Gap {
  /** What it is reported for: the first resource of those that it is about. */
  readonly resource: Resource;
  /** What is not judged, why, and what to do. */
  readonly message: string;
}

/** How many things a message names before it counts the rest. */
const NAMED = 3;

interface Note {
  readonly resource: Resource;
  readonly judgements: readonly Judgement[];
}

/** What the rules of a run could not decide. */
export class Unjudged {
  readonly #notes = new Map<string, Map<string, Note>>();

  /** Notes what a rule cannot decide about a resource, in place of what it could not before. */
  note(rule: string, resource: Resource, judgements: readonly Judgement[]): void {
    const ofRule = this.#notes.get(rule) ?? new Map<string, Note>();
    if (judgements.length === 0) ofRule.delete(resource.urn);
    else ofRule.set(resource.urn, { resource, judgements });
    this.#notes.set(rule, ofRule);
  }

  /** Once for each reason, however many things and rules it stands in the way of. */
  gaps(): readonly Gap[] {
    const reasons = new Map<string, { first: Resource; labels: Set<string>; rules: Set<string> }>();
    for (const [rule, notes] of this.#notes) {
      for (const { resource, judgements } of notes.values()) {
        for (const { label, text } of judgements) {
          const reason = reasons.get(text) ?? {
            first: resource,
            labels: new Set<string>(),
            rules: new Set<string>(),
          };
          reason.labels.add(label);
          reason.rules.add(rule);
          reasons.set(text, reason);
        }
      }
    }
    return [...reasons].map(([text, { first, labels, rules }]) => ({
      resource: first,
      message: `${someOf([...labels])}: ${text} Not judged: ${[...rules].join(", ")}.`,
    }));
  }
}

/** The first few of a list, and how many more there are. */
export function someOf(labels: readonly string[]): string {
  const more = labels.length - NAMED;
  if (more > 1) return `${labels.slice(0, NAMED).join(", ")} and ${more} more`;
  if (labels.length < 2) return labels.join();
  return `${labels.slice(0, -1).join(", ")} and ${labels.at(-1) ?? ""}`;
}
