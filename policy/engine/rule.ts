import type { EnforcementLevel, Policy, Severity } from "@pulumi/policy";
import type { Unknown } from "./cursor.ts";
import type { Resource, Subject, Thing } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** The settings of a rule, each with its bounds and, unless it may be absent, its default. */
export type ConfigSchema<Config> = {
  readonly [Key in keyof Config]: NonNullable<Policy["configSchema"]>["properties"][string] &
    (undefined extends Config[Key] ? object : { readonly default: Config[Key] });
};

/** What a person reads about a rule, and what Pulumi knows of it. */
export interface Metadata {
  /** Its id, for life. */
  readonly name: string;
  readonly displayName: string;
  /** One sentence that says what is right. */
  readonly description: string;
  readonly severity: Severity;
  readonly enforcementLevel: EnforcementLevel;
  readonly remediationSteps: string;
  readonly url: string;
  /** Its area first; then the rules elsewhere that it corresponds to, as `<system>:<id>`. */
  readonly tags: readonly string[];
  /** The control that it serves, where a framework has one. */
  readonly framework?: NonNullable<Policy["framework"]>;
}

/**
 * What a rule finds: a violation, said in a sentence that names the thing, the value and the change to make; something
 * that it cannot decide; or a value that it needs and that only the deployment will tell.
 */
export type Finding = string | NotJudged | Unknown;

/**
 * What a rule cannot decide from what a preview shows. The policy `mesh-coverage` reports it, so that the rule itself
 * stops a deployment for what is wrong and for nothing else.
 */
export class NotJudged {
  /** Why, and how to let the rule decide. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface Context<Config> {
  readonly config: Config;
  readonly stack: Stack;
}

/** A rule as its file writes it down. */
export interface RuleDefinition<Found extends Thing, Config extends object> extends Metadata {
  readonly about: Subject<Found>;
  /**
   * What an unknown value means: `violation` where passing it would hide a break, `unjudged` where the rule cannot
   * decide without it, `nothing` where it is as good as absent.
   */
  readonly unknown: "violation" | "unjudged" | "nothing";
  /**
   * The rule looks at other resources too. It is asked as soon as a thing is seen, when it has to say only what no
   * later resource can change, and again with the whole stack.
   */
  readonly wholeStack?: boolean;
  readonly config?: ConfigSchema<Config>;
  check(thing: Found, context: Context<Config>): Iterable<Finding>;
  /** Mends the thing in place where that is safe, and says whether it did. */
  remediate?(thing: Found, context: Context<Config>): boolean;
}

/** What a rule says of one of the things that a resource holds. */
export interface Judgement {
  /** Which of the things. */
  readonly index: number;
  /** `excepted` is a violation that the configuration allows for a while. */
  readonly outcome: "violation" | "excepted" | "unjudged";
  /** How messages call the thing. */
  readonly label: string;
  /** What there is to say of it, without the label. */
  readonly text: string;
}

/** A rule as the pack runs it, whatever it is about. */
export interface Rule extends Metadata {
  readonly about: Pick<Subject<Thing>, "type" | "matches">;
  readonly unknown: RuleDefinition<Thing, object>["unknown"];
  readonly wholeStack: boolean;
  readonly config: ConfigSchema<Record<string, unknown>>;
  judge(resource: Resource, stack: Stack, config: object): Judgement[];
  /** Mends the resource in place; absent where nothing is safe to mend. */
  readonly remediate: ((resource: Resource, stack: Stack, config: object) => boolean) | undefined;
}

export function defineRule<Found extends Thing, Config extends object = object>(
  definition: RuleDefinition<Found, Config>,
): Rule {
  const { about, config = {}, wholeStack = false, unknown } = definition;
  const defaults = defaultsOf(config);
  const context = (stack: Stack, given: object): Context<Config> => ({
    stack,
    // The engine has checked what was given against the schema; the SDK hands it over untyped.
    config: { ...defaults, ...given } as Config,
  });
  return {
    ...definition,
    wholeStack,
    config,
    judge: (resource, stack, given) =>
      about.in(resource).flatMap((thing, index) =>
        [...definition.check(thing, context(stack, given))]
          .map((finding) => inWords(thing.label, finding, unknown))
          .filter((words) => words !== undefined)
          // One unknown value may stand in the way of several questions.
          .filter(({ text }, at, all) => all.findIndex((one) => one.text === text) === at)
          .map((words) => ({ index, label: thing.label, ...words })),
      ),
    remediate:
      definition.remediate === undefined
        ? undefined
        : (resource, stack, given) =>
            about
              .in(resource)
              .map((thing) => definition.remediate?.(thing, context(stack, given)))
              .includes(true),
  };
}

/** What the engine fills in where a configuration leaves something out. */
export function defaultsOf<Config>(schema: ConfigSchema<Config>): object {
  return Object.fromEntries(
    Object.entries<object>(schema).flatMap(([key, field]) =>
      "default" in field ? [[key, field.default]] : [],
    ),
  );
}

function inWords(
  label: string,
  finding: Finding,
  unknown: RuleDefinition<Thing, object>["unknown"],
): Pick<Judgement, "outcome" | "text"> | undefined {
  if (typeof finding === "string") return { outcome: "violation", text: finding };
  if (finding instanceof NotJudged) return { outcome: "unjudged", text: finding.reason };
  if (unknown === "nothing") return undefined;
  const whose = finding.owner === label ? "" : ` of ${finding.owner}`;
  const value = `${finding.path}${whose} is known only once it is deployed`;
  const fix = "Give it a value that does not depend on another resource.";
  return unknown === "violation"
    ? {
        outcome: "violation",
        text: `${value}, and the rule cannot be judged without it. ${fix}`,
      }
    : { outcome: "unjudged", text: `${value}. ${fix}` };
}
