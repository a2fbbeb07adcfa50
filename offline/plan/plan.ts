import type { Properties } from "./values.ts";
import type { Urn } from "./urn.ts";

/** What a deployment would do to a resource that no state knows yet. */
export type Operation = "create" | "import" | "read";

/** A resource of the previewed stack: what the program asked for, after transforms and remediation. */
export interface PlannedResource {
  readonly op: Operation;
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  /** Managed by a provider, in contrast to a component, which only groups. */
  readonly custom: boolean;
  /** Known only for what is read or imported. */
  readonly id?: string;
  readonly parent: Urn;
  /** `<urn>::<id>` of an explicit provider; empty for a default one. */
  readonly provider: string;
  inputs: Properties;
  /** A component's come with registerOutputs; a custom resource's are its inputs. */
  outputs: Properties;
  readonly dependencies: readonly Urn[];
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  readonly options: PlannedOptions;
  /** Where the program made it: `project:///index.ts#42,3`, relative to the project. */
  readonly sourcePosition?: string;
}

export interface PlannedOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly deletedWith: Urn;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly Urn[];
  /** In seconds. */
  readonly customTimeouts?: Readonly<Partial<Record<"create" | "update" | "delete", number>>>;
}

export interface Diagnostic {
  readonly severity: "info" | "info#err" | "warning" | "error";
  readonly message: string;
  readonly urn?: Urn;
}

export type EnforcementLevel = "advisory" | "mandatory" | "remediate" | "disabled";
export type PolicySeverity = "low" | "medium" | "high" | "critical";

export interface PolicyViolation {
  readonly policy: string;
  readonly pack: string;
  readonly packVersion: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly severity?: PolicySeverity;
  /** The rule in one sentence. */
  readonly description: string;
  /** What this resource does against it. */
  readonly message: string;
  readonly remediationSteps?: string;
  readonly url?: string;
  readonly urn?: Urn;
}

/** A change that a policy made to a resource's inputs before the rules ran. */
export interface PolicyRemediation {
  readonly policy: string;
  readonly pack: string;
  readonly description: string;
  readonly urn: Urn;
  /** Why it could not be made, where it could not. */
  readonly diagnostic?: string;
}

/** A policy as its pack describes it, whether or not it found anything. */
export interface PolicySummary {
  readonly name: string;
  readonly displayName?: string;
  /** The rule in one sentence. */
  readonly description: string;
  /** What it is configured to do; one that is disabled did not run. */
  readonly level: EnforcementLevel;
  readonly severity?: PolicySeverity;
  readonly remediationSteps?: string;
  readonly url?: string;
  readonly tags: readonly string[];
}

export interface PolicyPackSummary {
  readonly name: string;
  readonly version: string;
  /** Where its source is, if it says so. */
  readonly repository?: string;
  /** In the order in which they run. */
  readonly policies: readonly PolicySummary[];
}

/** What no policy could see, or could not see whole. A preview that has any is not green as a whole. */
export interface NotJudged {
  /** The resource, the call or the stack reference: `kubernetes:helm:template (2 calls)`. */
  readonly what: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** How to have it judged; absent where an offline preview cannot. */
  readonly fix?: string;
  /** Where it is one resource of the plan. */
  readonly urn?: Urn;
}

/** The outcome of a preview. The order of everything in it is the same on every run. */
export interface Plan {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** Secrets read `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
  readonly resources: readonly PlannedResource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly packs: readonly PolicyPackSummary[];
  readonly violations: readonly PolicyViolation[];
  readonly remediations: readonly PolicyRemediation[];
  /** Apart from what the packs themselves report as not judged. */
  readonly notJudged: readonly NotJudged[];
}
