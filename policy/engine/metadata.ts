import type { EnforcementLevel, Policy, Severity } from "@pulumi/policy";

/** The settings of a rule, each with its bounds and, unless it may be absent, its default. */
export type ConfigSchema<Config> = {
  readonly [Key in keyof Config]: NonNullable<Policy["configSchema"]>["properties"][string] &
    (undefined extends Config[Key] ? object : { readonly default: Config[Key] });
};

/** The description of a rule for people and for Pulumi. */
export interface Metadata {
  /** The id, which never changes. */
  readonly name: string;
  readonly displayName: string;
  /** One or two sentences about the state that the rule requires. */
  readonly description: string;
  readonly severity: Severity;
  readonly enforcementLevel: EnforcementLevel;
  readonly remediationSteps: string;
  readonly url: string;
  /** The area first, then corresponding rules of other systems as `<system>:<id>`. */
  readonly tags: readonly string[];
  /** The control of a compliance framework that the rule supports, if any. */
  readonly framework?: NonNullable<Policy["framework"]>;
}

/** The default values of a configuration's settings. */
export function defaultsOf<Config>(schema: ConfigSchema<Config>): object {
  return Object.fromEntries(
    Object.entries<object>(schema).flatMap(([key, field]) =>
      "default" in field ? [[key, field.default]] : [],
    ),
  );
}
