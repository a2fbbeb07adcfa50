import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";

/** A part of the stack that the rules did not see or could not judge. */
export interface Gap {
  /** The resource that the gap is reported for: the first one that it concerns. */
  readonly resource: Resource;
  /** What is not judged, why, and the fix. */
  readonly message: string;
}

/** The number of labels in a message before it counts the rest. */
const NAMED = 3;

interface Note {
  readonly resource: Resource;
  readonly judgements: readonly Judgement[];
}

/** Collects what the rules of a run could not judge. */
export class Unjudged {
  readonly #notes = new Map<string, Map<string, Note>>();

  /** Replaces the notes of a rule about a resource. */
  note(rule: string, resource: Resource, judgements: readonly Judgement[]): void {
    const ofRule = this.#notes.get(rule) ?? new Map<string, Note>();
    if (judgements.length === 0) ofRule.delete(resource.urn);
    else ofRule.set(resource.urn, { resource, judgements });
    this.#notes.set(rule, ofRule);
  }

  /** One gap for each reason, even if it concerns several targets and rules. */
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

/** The first labels of a list, and the number of the others. */
export function someOf(labels: readonly string[]): string {
  const more = labels.length - NAMED;
  if (more > 1) return `${labels.slice(0, NAMED).join(", ")} and ${more} more`;
  if (labels.length < 2) return labels.join();
  return `${labels.slice(0, -1).join(", ")} and ${labels.at(-1) ?? ""}`;
}
