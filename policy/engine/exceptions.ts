import type { Policy } from "@pulumi/policy";
import type { Day } from "../../mesh/support.ts";
import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";

/** Permission to violate a rule for a limited time. */
export interface Exception {
  readonly rule: string;
  /** A URN, or a type token and a name as `type::name`, in which `*` matches anything. */
  readonly resource: string;
  readonly reason: string;
  /** The last day on which it applies. */
  readonly until: Day;
}

/** The exceptions in the configuration, and the day on which the stack is judged. */
interface Granted {
  readonly exceptions: readonly Exception[];
  readonly today: Day;
}

type Schema = NonNullable<Policy["configSchema"]>["properties"][string];

/** A valid date: 2026-02-30 is not one. */
export const DAY =
  "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|[0-9]{2}([02468][048]|[13579][26])-02-29";

/** @param rules the names of the rules; an empty list allows any name */
export function exceptionsSchema(
  rules: readonly string[] = [],
): Schema & { default: readonly Exception[] } {
  return {
    type: "array",
    uniqueItems: true,
    maxItems: 200,
    items: {
      type: "object",
      required: ["rule", "resource", "reason", "until"],
      additionalProperties: false,
      properties: {
        rule: {
          type: "string",
          description: "The name of a rule.",
          ...(rules.length > 0 && { enum: [...rules] }),
        },
        resource: {
          type: "string",
          pattern: "^(urn:pulumi:.+|[^:].*::.+)$",
          description:
            "A URN, or a type token and a name such as azure-native:containerservice:ManagedCluster::legacy-*.",
        },
        reason: {
          type: "string",
          pattern: "\\S",
          maxLength: 500,
          description: "Why the resource may violate the rule.",
        },
        until: {
          type: "string",
          pattern: `^(${DAY})$`,
          description: "The last day on which the exception applies, such as 2027-01-31.",
        },
      },
    },
    default: [],
    description:
      "Resources that may violate a rule for a limited time. Up to and including the date in until, the rule is only advisory for them, and its findings show the reason.",
  };
}

/** Applies the exceptions while a stack is judged, and records which of them it needs. */
export class Exceptions {
  readonly #needed = new Set<string>();

  /** A rule's judgement of a resource after exceptions are applied. */
  applied(judgement: Judgement, rule: string, resource: Resource, granted: Granted): Judgement {
    const exception = exceptionFor(rule, resource, granted);
    if (exception === undefined) return judgement;
    this.#needed.add(keyOf(exception));
    const { until, reason } = exception;
    return applies(exception, granted)
      ? {
          ...judgement,
          outcome: "excepted",
          text: `${judgement.text} Excepted until ${until}: ${reason}`,
        }
      : { ...judgement, text: `${judgement.text} The exception ended on ${until}: ${reason}` };
  }

  /** The exceptions that no judgement needed, with their indices in the configuration. */
  unneeded({ exceptions }: Granted): readonly (readonly [number, Exception])[] {
    return [...exceptions.entries()].filter(([, exception]) => !this.#needed.has(keyOf(exception)));
  }
}

/** Whether a resource may violate a rule today. */
export function isExcepted(rule: string, resource: Resource, granted: Granted): boolean {
  const exception = exceptionFor(rule, resource, granted);
  return exception !== undefined && applies(exception, granted);
}

/** Whether an exception can apply to the stack of a resource's URN. */
export function isForStackOf(urn: string, { resource }: Exception): boolean {
  if (!resource.startsWith("urn:")) return true;
  const stack = (of: string) => of.split("::", 2).join("::");
  return matchesPattern(stack(resource), stack(urn));
}

/** The exception for a resource; of several, the one that applies longest. */
function exceptionFor(
  rule: string,
  { type, name, urn }: Resource,
  { exceptions }: Granted,
): Exception | undefined {
  return exceptions
    .filter((exception) => exception.rule === rule)
    .filter(({ resource }) =>
      matchesPattern(resource, resource.startsWith("urn:") ? urn : `${type}::${name}`),
    )
    .sort((a, b) => b.until.localeCompare(a.until))[0];
}

function applies({ until }: Exception, { today }: Granted): boolean {
  return today <= until;
}

function keyOf(exception: Exception): string {
  return JSON.stringify(exception);
}

/**
 * Whether a pattern with wildcards matches a text: the parts between the wildcards occur in order, each as early as
 * possible. It never backtracks, because patterns and names may come from different people.
 */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
