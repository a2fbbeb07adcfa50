import { unknownCheckingProxy } from "@pulumi/policy";
import type {
  Policies,
  Policy,
  PolicyResource,
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationArgs,
} from "@pulumi/policy";
import { namespaces } from "../../policy/model/kubernetes/objects.ts";
import { meshCoverage } from "../../policy/engine/meshCoverage.ts";
import { toPolicies } from "../../policy/engine/policies.ts";
import type { Rule } from "../../policy/engine/rule.ts";
import { meshModel } from "../../policy/model/meshModel.ts";
import { TODAY, urnOf } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";

/** A rule on namespaces without a check, for tests of what rules receive. */
export const ON_NAMESPACES = {
  name: "ns-under-test",
  displayName: "Under test",
  description: "Says what a test wants to see.",
  severity: "low",
  enforcementLevel: "mandatory",
  remediationSteps: "None.",
  url: "https://example.com",
  tags: ["ns"],
  about: namespaces,
  unknown: "violation",
  wholeStack: true,
} as const;

/** What a policy reports, by the name of the resource. */
export interface Report {
  readonly policy: string;
  readonly resource: string;
  readonly level: "violation" | "excepted" | "unjudged";
  readonly message: string;
  /** Whether it was reported with the resource, or with the whole stack. */
  readonly when: "early" | "late";
}

export interface Run {
  /** Settings by policy, merged over the defaults as the engine does. */
  readonly config?: Readonly<Record<string, object>>;
  /** Names of disabled policies, which the SDK does not call. */
  readonly disabled?: readonly string[];
  /** Whether to include objects that no rule sees; otherwise only what rules cannot judge. */
  readonly coverage?: boolean;
}

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => Record<string, unknown>;

/** Runs rules on a stack as the SDK does: each resource in order, then the whole stack. */
export async function run(
  rules: Rule | readonly Rule[],
  stack: readonly Fixture[],
  { config = {}, disabled = [], coverage = false }: Run = {},
): Promise<Report[]> {
  const reports: Report[] = [];
  const policies = toPolicies([rules].flat(), meshModel).filter(
    ({ name }) => !disabled.includes(name),
  );
  await show(policies, stack, config, reports);
  const resources = stackResources(stack);
  for (const policy of policies) {
    if (!("validateStack" in policy)) continue;
    const getConfig = settings(policy, config);
    await unlessNotApplicable(() =>
      policy.validateStack(
        { resources, getConfig, stackTags: new Map(), notApplicable },
        reporter(
          policy,
          reports,
          "late",
          (urn) => resources.find((node) => node.urn === urn)?.name,
        ),
      ),
    );
  }
  if (coverage) return reports;
  return reports
    .filter(({ level, message }) => level !== "unjudged" || message.includes(OF_RULES))
    .map((report) => ({ ...report, message: report.message.split(OF_RULES)[0] ?? "" }));
}

/** The text before the names of blocked rules. */
const OF_RULES = " Not judged: ";

/** Remediates the last resource of a stack, and returns its properties; undefined if nothing changed. */
export async function remediate(
  rules: Rule | readonly Rule[],
  stack: readonly Fixture[],
  { config = {} }: Run = {},
): Promise<Props | undefined> {
  const policies = toPolicies([rules].flat(), meshModel);
  await show(policies, stack.slice(0, -1), config, []);
  const [last] = stack.slice(-1);
  if (last === undefined) return undefined;
  const props = structuredClone(last.props);
  const results: unknown[] = [];
  for (const policy of policies) {
    if (!("remediateResource" in policy)) continue;
    const args = resourceArgs(handed(last, props), settings(policy, config));
    await unlessNotApplicable(async () => {
      results.push(await policy.remediateResource?.(args));
    });
  }
  return results.some((result) => result !== undefined) ? props : undefined;
}

async function show(
  policies: Policies,
  stack: readonly Fixture[],
  config: Readonly<Record<string, object>>,
  reports: Report[],
): Promise<void> {
  const configured = policies.map((policy) => [policy, settings(policy, config)] as const);
  for (const fixture of stack.filter(({ read }) => read !== true)) {
    const resource = handed(fixture, fixture.props);
    for (const [policy, getConfig] of configured) {
      if (!("validateResource" in policy)) continue;
      const args = resourceArgs(resource, getConfig);
      const report = reporter(policy, reports, "early", () => fixture.name);
      for (const validate of [policy.validateResource ?? []].flat()) {
        await unlessNotApplicable(() => validate(args, report));
      }
    }
  }
}

/** A policy's configuration, with the defaults that the engine fills in. */
function settings(
  { name, configSchema }: Policy,
  config: Readonly<Record<string, object>>,
): ResourceValidationArgs["getConfig"] {
  const defaults = Object.entries(configSchema?.properties ?? {}).map(
    ([key, schema]): [string, unknown] => [key, schema.default],
  );
  const day = name === "mesh-scope" && { today: TODAY };
  const merged: object = { ...Object.fromEntries(defaults), ...day, ...config[name] };
  // Each policy declares the type of its own configuration.
  return (() => merged) as ResourceValidationArgs["getConfig"];
}

function resourceArgs(
  resource: ReturnType<typeof handed>,
  getConfig: ResourceValidationArgs["getConfig"],
): ResourceValidationArgs {
  return {
    ...resource,
    stackTags: new Map(),
    getConfig,
    notApplicable,
  };
}

/** The parts of a resource that the SDK always passes. */
function handed(fixture: Fixture, props: Props) {
  const { type, name, provider } = fixture;
  return {
    type,
    name,
    urn: urnOf(fixture),
    props: proxied(props),
    opts: { ...NO_OPTIONS, ignoreChanges: fixture.ignoreChanges ?? [] },
    isType: () => false,
    asType: () => undefined,
    ...(provider && {
      provider: {
        type: provider.type,
        name: provider.name,
        urn: urnOf(provider),
        props: proxied(provider.props),
      },
    }),
  };
}

/** The resources as a stack policy receives them: outputs and dependencies. */
function stackResources(stack: readonly Fixture[]): PolicyResource[] {
  const nodes = new Map(
    stack.map((fixture): [Fixture, PolicyResource] => [
      fixture,
      {
        ...handed(fixture, fixture.outputs ?? fixture.props),
        dependencies: [],
        propertyDependencies: {},
      },
    ]),
  );
  for (const [{ parent, from = {}, dependsOn = [] }, node] of nodes) {
    const parentNode = parent && nodes.get(parent);
    if (parentNode !== undefined) node.parent = parentNode;
    for (const [property, origins] of Object.entries(from)) {
      const found = origins.map((origin) => nodes.get(origin)).filter((one) => one !== undefined);
      node.propertyDependencies[property] = found;
      node.dependencies.push(...found);
    }
    node.dependencies.push(...dependsOn.flatMap((one) => nodes.get(one) ?? []));
  }
  return [...nodes.values()];
}

const NO_OPTIONS: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};

/** Collects what a policy reports: a text, or an object for a lower level. */
function reporter(
  { name, description }: Policy,
  reports: Report[],
  when: Report["when"],
  resourceOf: (urn: string | undefined) => string | undefined,
): ReportViolation {
  return (said: string | { message: string; urn?: string }, urn?: string) => {
    const [message, about, level] =
      typeof said === "string"
        ? [said, urn, "violation" as const]
        : [said.message, said.urn, "excepted" as const];
    reports.push({
      policy: name,
      resource: resourceOf(about) ?? "",
      level: name === meshCoverage.name ? "unjudged" : level,
      message: message.replace(`${description}\n`, ""),
      when,
    });
  };
}

/** Shared, because a stack trace for each took most of the time of tests with many resources. */
const NOT_APPLICABLE = new Error("The policy does not apply.");

function notApplicable(): never {
  throw NOT_APPLICABLE;
}

async function unlessNotApplicable(policy: () => Promise<void> | void): Promise<void> {
  try {
    await policy();
  } catch (error) {
    if (error !== NOT_APPLICABLE) throw error;
  }
}
