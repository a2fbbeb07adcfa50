import type { Policy } from "@pulumi/policy";
import type { Day } from "../../mesh/support.ts";
import type { Resource } from "./resource.ts";
import type { Judgement } from "./finding.ts";

/** A team's leave to break a rule for a while. */
export interface Exception {
  readonly rule: string;
  /** A URN, or a type token and a name as `type::name`, in which `*` stands for anything. */
  readonly resource: string;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: Day;
}

/** What the configuration says: the exceptions, and the day to judge them by. */
interface Granted {
  readonly exceptions: readonly Exception[];
  readonly today: Day;
}

type Schema = NonNullable<Policy["configSchema"]>["properties"][string];

/** A day that there is: 2026-02-30 is none. */
export const DAY =
  "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|[0-9]{2}([02468][048]|[13579][26])-02-29";

/** @param rules the names that there are; none are known where the list is empty */
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
          description: "Why, for whoever reads the report.",
        },
        until: {
          type: "string",
          pattern: `^(${DAY})$`,
          description: "The last day on which it holds, such as 2027-01-31.",
        },
      },
    },
    default: [],
    description:
      "Resources that may break a rule for a while. Until the day is over, the rule only advises there, and says why.",
  };
}

/** The exceptions while a stack is judged, with which of them it needs. */
export class Exceptions {
  readonly #needed = new Set<string>();

  /** What a rule may say of a resource, when all exceptions are considered. */
  applied(judgement: Judgement, rule: string, resource: Resource, granted: Granted): Judgement {
    const exception = exceptionFor(rule, resource, granted);
    if (exception === undefined) return judgement;
    this.#needed.add(keyOf(exception));
    const { until, reason } = exception;
    return holds(exception, granted)
      ? {
          ...judgement,
          outcome: "excepted",
          text: `${judgement.text} Excepted until ${until}: ${reason}`,
        }
      : { ...judgement, text: `${judgement.text} The exception ended on ${until}: ${reason}` };
  }

  /** The exceptions without which nothing would be said that is not said now, with their places in the configuration. */
  unneeded({ exceptions }: Granted): readonly (readonly [number, Exception])[] {
    return [...exceptions.entries()].filter(([, exception]) => !this.#needed.has(keyOf(exception)));
  }
}

/** Whether a resource may break a rule today. */
export function isExcepted(rule: string, resource: Resource, granted: Granted): boolean {
  const exception = exceptionFor(rule, resource, granted);
  return exception !== undefined && holds(exception, granted);
}

/** Whether an exception is meant for a stack, of which the URN of a resource tells the name. */
export function isForStackOf(urn: string, { resource }: Exception): boolean {
  if (!resource.startsWith("urn:")) return true;
  const stack = (of: string) => of.split("::", 2).join("::");
  return stands(stack(resource), stack(urn));
}

/** Of several, the one that holds longest. */
function exceptionFor(
  rule: string,
  { type, name, urn }: Resource,
  { exceptions }: Granted,
): Exception | undefined {
  return exceptions
    .filter((exception) => exception.rule === rule)
    .filter(({ resource }) =>
      stands(resource, resource.startsWith("urn:") ? urn : `${type}::${name}`),
    )
    .sort((a, b) => b.until.localeCompare(a.until))[0];
}

function holds({ until }: Exception, { today }: Granted): boolean {
  return today <= until;
}

function keyOf(exception: Exception): string {
  return JSON.stringify(exception);
}

/**
 * Whether a text with wildcards stands for another: what is between the wildcards comes in its order, each as early as
 * it can. Nothing is tried twice, since patterns and names may come from different people.
 */
function stands(pattern: string, text: string): boolean {
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
