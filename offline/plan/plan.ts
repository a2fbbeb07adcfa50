import type { Origin } from "../../manifests/manifest.ts";
import type { Properties } from "./values.ts";
import type { Urn } from "./urn.ts";

/** What a first deployment would do with a resource. */
export type Operation = "create" | "import" | "read";

/** A resource of the previewed stack, after transforms and remediation. */
export interface PlannedResource {
  readonly op: Operation;
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  /** Whether a provider manages it; false for a component, which only groups resources. */
  readonly custom: boolean;
  /** Known only for resources that are read or imported. */
  readonly id?: string;
  readonly parent: Urn;
  /** `<urn>::<id>` of an explicit provider; empty for a default one. */
  readonly provider: string;
  inputs: Properties;
  /** For a component, the registered outputs; for a custom resource, its inputs. */
  outputs: Properties;
  readonly dependencies: readonly Urn[];
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  readonly options: PlannedOptions;
  /** Where the program created it: `project:///index.ts#42,3`, relative to the project. */
  readonly sourcePosition?: string;
  /** The manifest that it comes from, relative to the project. */
  readonly origin?: Origin;
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
  /** The policy in one sentence. */
  readonly description: string;
  /** How the resource violates the policy. */
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
  /** Why the change failed, if it did. */
  readonly diagnostic?: string;
}

/** A policy as its pack describes it, whether or not it found anything. */
export interface PolicySummary {
  readonly name: string;
  readonly displayName?: string;
  /** The policy in one sentence. */
  readonly description: string;
  /** The configured level; a disabled policy did not run. */
  readonly level: EnforcementLevel;
  readonly severity?: PolicySeverity;
  readonly remediationSteps?: string;
  readonly url?: string;
  readonly tags: readonly string[];
}

export interface PolicyPackSummary {
  readonly name: string;
  readonly version: string;
  /** URL of its source, if the pack states one. */
  readonly repository?: string;
  /** In the order in which they run. */
  readonly policies: readonly PolicySummary[];
}

/** Something that no policy could judge, or not completely. A preview with such items is not fully verified. */
export interface NotJudged {
  /** The resource, the call or the stack reference: `kubernetes:helm:template (2 calls)`. */
  readonly what: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** How to have it judged; absent if an offline preview cannot judge it. */
  readonly fix?: string;
  /** Set if it is a resource of the plan. */
  readonly urn?: Urn;
  /** Where it is, if it is a file. Lines and columns start at 1. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
  /** Whether it is invalid itself, so it stops a deployment. */
  readonly broken?: boolean;
}

/** The result of a preview. Its order is the same on every run. */
export interface Plan {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** Secrets read `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
  readonly resources: readonly PlannedResource[];
  /**
   * Kubernetes objects that a tool behind a resource creates, such as Helm behind a release or Flux behind a Flux
   * configuration. They are judged, but are not resources of the stack. Each has the resource as its parent, or another
   * object that applies it.
   */
  readonly contents: readonly PlannedResource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly packs: readonly PolicyPackSummary[];
  readonly violations: readonly PolicyViolation[];
  readonly remediations: readonly PolicyRemediation[];
  /** Does not include items that the packs themselves report as not judged. */
  readonly notJudged: readonly NotJudged[];
}
