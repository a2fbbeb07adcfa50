import type { EnforcementLevel, Policy, Severity } from "@pulumi/policy";
import type { Unknown } from "./cursor.ts";
import type { Resource, Subject, Thing } from "./resource.ts";
import type { Stack } from "./stack.ts";

/** The settings of a rule, each with its bounds and its default. */
export type ConfigSchema<Config> = {
  readonly [Key in keyof Config]: NonNullable<Policy["configSchema"]>["properties"][string] & {
    readonly default: Config[Key];
  };
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
 * What a rule finds: a violation, said in a sentence that names the thing, the value and the change to make; an
 * advice, which never stops a deployment; or a value that it would have to know and that nobody can know yet.
 */
export type Finding = string | Advice | Unknown;

export class Advice {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
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
   * What an unknown value means: `violation` where passing it would hide a break, `advice` where the deployment
   * itself may tell, `nothing` where it is as good as absent.
   */
  readonly unknown: "violation" | "advice" | "nothing";
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

/** What is wrong with one of the things that a resource holds. */
export interface Judgement {
  /** Which of the things. */
  readonly index: number;
  readonly advisory: boolean;
  readonly message: string;
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
          .filter(({ message }, at, all) => all.findIndex((one) => one.message === message) === at)
          .map((words) => ({ index, ...words })),
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
    Object.entries<{ readonly default: unknown }>(schema).map(([key, field]) => [
      key,
      field.default,
    ]),
  );
}

function inWords(
  label: string,
  finding: Finding,
  unknown: RuleDefinition<Thing, object>["unknown"],
): Omit<Judgement, "index"> | undefined {
  if (typeof finding === "string") return { advisory: false, message: `${label}: ${finding}` };
  if (finding instanceof Advice) {
    return { advisory: true, message: `${label}: ${finding.message}` };
  }
  if (unknown === "nothing") return undefined;
  const whose = finding.owner === label ? "" : ` of ${finding.owner}`;
  return {
    advisory: unknown === "advice",
    message: `${label}: ${finding.path}${whose} is known only once it is deployed, and the rule cannot be judged without it. Give it a value that does not depend on another resource.`,
  };
}
