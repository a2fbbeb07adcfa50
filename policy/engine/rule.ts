import { NotJudged } from "./finding.ts";
import type { Finding, Judgement } from "./finding.ts";
import { defaultsOf } from "./metadata.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Stack } from "./stack.ts";

export interface Context<Config> {
  readonly config: Config;
  readonly stack: Stack;
}

/** A rule as its file writes it down. */
export interface RuleDefinition<Found extends Target, Config extends object> extends Metadata {
  readonly about: TargetKind<Found>;
  /**
   * What an unknown value means: `violation` where passing it would hide a break, `unjudged` where the rule cannot
   * decide without it, `nothing` where it is as good as absent. A value of the wrong kind never means nothing.
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

/** A rule as the pack runs it, whatever it is about. */
export interface Rule extends Metadata {
  readonly about: Pick<TargetKind<Target>, "type" | "matches">;
  readonly unknown: RuleDefinition<Target, object>["unknown"];
  readonly wholeStack: boolean;
  readonly config: ConfigSchema<Record<string, unknown>>;
  judge(resource: Resource, stack: Stack, config: object): Judgement[];
  /** Mends the resource in place; absent where nothing is safe to mend. */
  readonly remediate: ((resource: Resource, stack: Stack, config: object) => boolean) | undefined;
}

export function defineRule<Found extends Target, Config extends object = object>(
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

function inWords(
  label: string,
  finding: Finding,
  unknown: RuleDefinition<Target, object>["unknown"],
): Pick<Judgement, "outcome" | "text"> | undefined {
  if (typeof finding === "string") return { outcome: "violation", text: finding };
  if (finding instanceof NotJudged) return { outcome: "unjudged", text: finding.reason };
  const { owner, path, misfit } = finding;
  // A value of the wrong kind is no absence: the deployment refuses it, or makes something of it that no rule sees.
  if (unknown === "nothing" && misfit === undefined) return undefined;
  const place = owner === label ? path : `${path} of ${owner}`;
  const [value, fix] =
    misfit === undefined
      ? [
          `${place} is known only once it is deployed`,
          "Give it a value that does not depend on another resource.",
        ]
      : [`${place} must be ${misfit.wanted}, but is ${misfit.found}`, `Write ${misfit.wanted}.`];
  return unknown === "violation"
    ? {
        outcome: "violation",
        text: `${value}, and the rule cannot be judged without it. ${fix}`,
      }
    : { outcome: "unjudged", text: `${value}. ${fix}` };
}
