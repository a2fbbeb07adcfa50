import { NotJudged, undecided } from "./finding.ts";
import type { Finding, Judgement } from "./finding.ts";
import { defaultsOf } from "./metadata.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Stack } from "./stack.ts";

export interface Context<Config> {
  readonly config: Config;
  readonly stack: Stack;
}

/** A rule as its file defines it. */
export interface RuleDefinition<Found extends Target, Config extends object> extends Metadata {
  readonly about: TargetKind<Found>;
  /**
   * The result of an unknown value: `violation` if it could hide an outage, `unjudged` if the rule cannot decide without
   * it, `nothing` if it counts as absent. A value of the wrong kind is always reported.
   */
  readonly unknown: "violation" | "unjudged" | "nothing";
  /**
   * Whether the rule also reads other resources. It is called for each resource, when it may only report what later
   * resources cannot change, and again with the whole stack.
   */
  readonly wholeStack?: boolean;
  readonly config?: ConfigSchema<Config>;
  check(target: Found, context: Context<Config>): Iterable<Finding>;
  /** Fixes the target in place if that is safe, and returns whether it did. */
  remediate?(target: Found, context: Context<Config>): boolean;
}

/** A rule as the pack runs it, independent of the kind of its targets. */
export interface Rule extends Metadata {
  readonly about: Pick<TargetKind<Target>, "type" | "matches">;
  readonly unknown: RuleDefinition<Target, object>["unknown"];
  readonly wholeStack: boolean;
  readonly config: ConfigSchema<Record<string, unknown>>;
  judge(resource: Resource, stack: Stack, config: object): Judgement[];
  /** Fixes the resource in place, and returns whether it did; absent if the rule has no safe fix. */
  readonly remediate: ((resource: Resource, stack: Stack, config: object) => boolean) | undefined;
}

export function defineRule<Found extends Target, Config extends object = object>(
  definition: RuleDefinition<Found, Config>,
): Rule {
  const { about, config = {}, wholeStack = false, unknown } = definition;
  const defaults = defaultsOf(config);
  const context = (stack: Stack, given: object): Context<Config> => ({
    stack,
    // Pulumi has validated the configuration against the schema, but the SDK passes it untyped.
    config: { ...defaults, ...given } as Config,
  });
  return {
    ...definition,
    wholeStack,
    config,
    judge: (resource, stack, given) =>
      about.in(resource).flatMap((target, index) =>
        [...definition.check(target, context(stack, given))]
          .map((finding) => judgementOf(target.label, finding, unknown))
          .filter((judgement) => judgement !== undefined)
          // Several checks may need the same unknown value.
          .filter(({ text }, at, all) => all.findIndex((one) => one.text === text) === at)
          .map((judgement) => ({ index, label: target.label, ...judgement }))
          .map((judgement) => (resource.ofManifest ? undecided(judgement) : judgement)),
      ),
    remediate:
      definition.remediate === undefined
        ? undefined
        : (resource, stack, given) =>
            about
              .in(resource)
              .map((target) => definition.remediate?.(target, context(stack, given)))
              .includes(true),
  };
}

function judgementOf(
  label: string,
  finding: Finding,
  unknown: RuleDefinition<Target, object>["unknown"],
): Pick<Judgement, "outcome" | "text" | "unknown"> | undefined {
  if (typeof finding === "string") return { outcome: "violation", text: finding };
  if (finding instanceof NotJudged) return { outcome: "unjudged", text: finding.reason };
  const { owner, path, misfit } = finding;
  // A value of the wrong kind is not absent: the deployment rejects it, or converts it to something that no rule sees.
  if (unknown === "nothing" && misfit === undefined) return undefined;
  const place = owner === label ? path : `${path} of ${owner}`;
  const [value, fix] =
    misfit === undefined
      ? [
          `${place} is known only once it is deployed`,
          "Give it a value that does not depend on another resource.",
        ]
      : [`${place} must be ${misfit.wanted}, but is ${misfit.found}`, `Use ${misfit.wanted}.`];
  return unknown === "violation"
    ? {
        outcome: "violation",
        ...(misfit === undefined ? { unknown: true } : {}),
        text: `${value}, and the rule cannot decide without it. ${fix}`,
      }
    : { outcome: "unjudged", text: `${value}. ${fix}` };
}
