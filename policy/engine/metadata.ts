import type { EnforcementLevel, Policy, Severity } from "@pulumi/policy";

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

/** What the engine fills in where a configuration leaves something out. */
export function defaultsOf<Config>(schema: ConfigSchema<Config>): object {
  return Object.fromEntries(
    Object.entries<object>(schema).flatMap(([key, field]) =>
      "default" in field ? [[key, field.default]] : [],
    ),
  );
}
