import type {
  Plan,
  PlannedOptions,
  PlannedResource,
  PolicySummary,
  PolicyViolation,
} from "../../offline/plan/plan.ts";
import { STACK_TYPE, urnOf } from "../../offline/plan/urn.ts";

const identity = { organization: "organization", project: "shop", stack: "dev" };

const NO_OPTIONS: PlannedOptions = {
  protect: false,
  retainOnDelete: false,
  deletedWith: "",
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
};

/** The parts of a resource that a test sets; the rest has defaults. */
export interface Given extends Partial<Omit<PlannedResource, "options" | "urn" | "parent">> {
  readonly type: string;
  readonly name: string;
  readonly parent?: PlannedResource;
  readonly options?: Partial<PlannedOptions>;
}

export function resource({ parent, options, ...given }: Given): PlannedResource {
  const parentUrn = parent?.urn ?? "";
  const inputs = given.inputs ?? {};
  return {
    op: "create",
    urn: urnOf(identity, given.type, given.name, parentUrn),
    custom: true,
    parent: parentUrn,
    provider: "",
    inputs,
    outputs: inputs,
    dependencies: [],
    propertyDependencies: {},
    options: { ...NO_OPTIONS, ...options },
    ...given,
  };
}

/** The root of every stack. */
export function stack(outputs: PlannedResource["outputs"] = {}): PlannedResource {
  return resource({ type: STACK_TYPE, name: "shop-dev", custom: false, outputs });
}

export function plan(resources: readonly PlannedResource[], more: Partial<Plan> = {}): Plan {
  return {
    ...identity,
    config: {},
    resources,
    contents: [],
    diagnostics: [],
    packs: [],
    violations: [],
    remediations: [],
    notJudged: [],
    ...more,
  };
}

/** The policy that a violation belongs to. */
export function policy(given: Partial<PolicySummary> = {}): PolicySummary {
  return {
    name: "has-owner",
    description: "A group names its owner.",
    level: "mandatory",
    tags: [],
    ...given,
  };
}

export function violation(given: Partial<PolicyViolation> = {}): PolicyViolation {
  return {
    policy: "has-owner",
    pack: "house-rules",
    packVersion: "1.0.0",
    enforcementLevel: "mandatory",
    description: "A group names its owner.",
    message: "The tag owner is missing.",
    ...given,
  };
}
