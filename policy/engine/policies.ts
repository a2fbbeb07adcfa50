import type {
  Policies,
  Policy,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationArgs,
  StackValidation,
} from "@pulumi/policy";
import { AsyncLocalStorage } from "node:async_hooks";
import { exceptionsSchema, isExcepted, isForStackOf } from "./exceptions.ts";
import { stackFindings } from "./stackFindings.ts";
import type { StackFindings } from "./stackFindings.ts";
import type { ClusterModel } from "./clusterModel.ts";
import { meshCoverage } from "./meshCoverage.ts";
import { meshExceptions } from "./meshExceptions.ts";
import { resourceOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";
import type { Judgement } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { meshScope, scopeFrom } from "./scope.ts";
import { PartialStack } from "./partialStack.ts";
import type { Gap } from "./unjudged.ts";
import { CompleteStack } from "./completeStack.ts";

/** What the request that is being answered is about. */
interface Request {
  readonly soFar: PartialStack;
  readonly resource?: Resource;
  readonly whole?: CompleteStack;
}

/** What the pack is about: clusters, and what its rules do not see of a stack. */
export interface Model extends ClusterModel {
  readonly coverageGaps: (stack: CompleteStack) => readonly Gap[];
}

/** Nothing promises that the SDK answers one request before it begins another, so it travels with the calls of each. */
const request = new AsyncLocalStorage<Request>();

/**
 * The rules as policies of the SDK, each under its own name, level and configuration; before them `mesh-scope`, which
 * sees every resource first, and after them `mesh-coverage`, which knows by then what none of them could judge, and
 * `mesh-exceptions`, which knows what was needed of its exceptions.
 *
 * The SDK deserializes a resource anew for each policy that it calls, and for each stack policy every resource of the
 * stack. With 58 policies that cost 1.6 ms for a Deployment and 8 to 12 ms for 41 KB, and 16 stack policies 1.6 s for
 * 1,000 Deployments. It leaves out a policy whose `__pulumiType` is not the request's; one fixed type does not suit a
 * rule that holds for every version of a token, so here it is worked out for each request from what `mesh-scope` has
 * seen: a rule is called for the types that it is about (0.4 to 0.7 ms for a Deployment that is the concern of 8 to 15
 * of 58 rules), and with the whole stack only where something is left to say. Where `mesh-scope` is disabled every
 * rule is called, which takes longer and says the same.
 *
 * That property is the SDK's own. One that reads it before there is a request, or does not read it at all, calls every
 * rule for everything. One that keeps an earlier answer would leave rules out: `Calls` sees that, and the run ends with
 * an error instead of a result.
 *
 * A rule that needs the whole stack is one policy with both callbacks, so that the SDK reports it at the level that it
 * is configured with: no policy is told the level of another.
 */
export function toPolicies(rules: readonly Rule[], model: Model): Policies {
  const soFar = new PartialStack(scopeFrom({}), model);
  const names = [...rules.map(({ name }) => name), meshCoverage.name];
  return [
    observer(soFar, names),
    ...rules.map((rule) => policyOf(rule, soFar)),
    coveragePolicy(soFar, model),
    exceptionsPolicy(soFar),
  ];
}

function observer(soFar: PartialStack, rules: readonly string[]): Policies[number] {
  const config = { ...meshScope.config, exceptions: exceptionsSchema(rules) };
  return {
    ...described({ ...meshScope, config }),
    validateResource: (args) => {
      soFar.scope = scopeFrom(args.getConfig());
      request.enterWith({ soFar, resource: remember(args, soFar) });
    },
    validateStack: (args) => {
      soFar.scope = scopeFrom(args.getConfig());
      const whole = new CompleteStack(args.resources, soFar);
      refuseIfMissed(soFar.calls.missed(whole));
      request.enterWith({ soFar, whole });
    },
  };
}

function policyOf(rule: Rule, soFar: PartialStack): Policies[number] {
  /** The violations that have been found in each resource before the stack was whole. */
  const early = new Map<string, readonly Judgement[]>();
  let configuration: (() => object) | undefined;

  const validateResource: ResourceValidation = (args, report) => {
    const resource = current(soFar)?.resource ?? remember(args, soFar);
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    soFar.calls.judged(rule, resource);
    configuration = () => args.getConfig();
    const judgements = rule.judge(resource, soFar, args.getConfig());
    const violations = judgements.filter(({ outcome }) => outcome === "violation");
    if (violations.length > 0) early.set(args.urn, violations);
    else early.delete(args.urn);
    for (const violation of violations) {
      say(report, rule, soFar.exceptions.applied(violation, rule.name, resource, soFar.scope));
    }
    // With the whole stack it may know more.
    if (!rule.wholeStack) noteUnjudged(rule, resource, judgements, soFar);
  };

  const judged = new WeakMap<CompleteStack, readonly StackFindings[]>();
  const late = (whole: CompleteStack, config: object): readonly StackFindings[] => {
    soFar.calls.judgedWhole(rule);
    const known = judged.get(whole);
    if (known !== undefined) return known;
    const left = stackFindings(rule, whole, config, early).flatMap(({ resource, judgements }) => {
      noteUnjudged(rule, resource, judgements, soFar);
      const violations = judgements.filter(({ outcome }) => outcome === "violation");
      return violations.length === 0 ? [] : [{ resource, judgements: violations }];
    });
    judged.set(whole, left);
    return left;
  };

  const validateStack: StackValidation = (args, report) => {
    const whole = current(soFar)?.whole ?? new CompleteStack(args.resources, soFar);
    for (const { resource, judgements } of late(whole, args.getConfig())) {
      for (const judgement of judgements) {
        const applied = soFar.exceptions.applied(judgement, rule.name, resource, soFar.scope);
        say(report, rule, applied, resource.urn);
      }
    }
  };

  return {
    ...described(rule),
    validateResource: calledFor(validateResource, () => {
      const type = current(soFar)?.resource?.type;
      if (type === undefined) return undefined;
      soFar.calls.asked(rule);
      return rule.about.matches(type) ? type : rule.about.type;
    }),
    ...(rule.remediate && { remediateResource: remediation(rule.remediate, rule, soFar) }),
    ...(rule.wholeStack && {
      validateStack: calledFor(validateStack, () => {
        const whole = current(soFar)?.whole;
        if (whole === undefined) return undefined;
        if (configuration === undefined) return rule.about.type;
        return late(whole, configuration())[0]?.resource.type ?? NOTHING_LEFT;
      }),
    }),
  };
}

/** What a rule cannot judge, unless its resource is excepted from the rule anyway. */
function noteUnjudged(
  rule: Rule,
  resource: Resource,
  judgements: readonly Judgement[],
  soFar: PartialStack,
): void {
  const unjudged = judgements.filter(
    (judgement) =>
      judgement.outcome === "unjudged" &&
      soFar.exceptions.applied(judgement, rule.name, resource, soFar.scope).outcome !== "excepted",
  );
  soFar.unjudged.note(rule.name, resource, unjudged);
}

/** Where nothing is left unjudged it is never called. */
function coveragePolicy(soFar: PartialStack, { coverageGaps }: Model): Policies[number] {
  const gaps = (whole: CompleteStack) => [...coverageGaps(whole), ...soFar.unjudged.gaps()];
  const validateStack: StackValidation = ({ resources }, report) => {
    const whole = current(soFar)?.whole ?? new CompleteStack(resources, soFar);
    if (current(soFar) !== undefined) refuseIfMissed(soFar.calls.missedWhole());
    for (const [index, { resource, message }] of gaps(whole).entries()) {
      const gap: Judgement = { index, outcome: "unjudged", label: "", text: message };
      const applied = soFar.exceptions.applied(gap, meshCoverage.name, resource, soFar.scope);
      // Somebody has accepted, with a reason and until a day, that nobody judges it.
      if (applied.outcome !== "excepted") say(report, meshCoverage, applied, resource.urn);
    }
  };
  return {
    ...described({ ...meshCoverage, config: {} }),
    validateStack: calledFor(validateStack, () => {
      const whole = current(soFar)?.whole;
      if (whole === undefined || soFar.calls.missedWhole().length > 0) return undefined;
      return gaps(whole).length > 0 ? undefined : NOTHING_LEFT;
    }),
  };
}

/** Without exceptions it is never called. */
function exceptionsPolicy(soFar: PartialStack): Policies[number] {
  const validateStack: StackValidation = ({ resources }, report) => {
    const urn = resources[0]?.urn ?? "";
    for (const [index, exception] of soFar.exceptions.unneeded(soFar.scope)) {
      if (!isForStackOf(urn, exception)) continue;
      const { rule, resource, until } = exception;
      say(report, meshExceptions, {
        index,
        outcome: "violation",
        label: "",
        text: `exceptions[${index}] of mesh-scope lets ${resource} break ${rule} until ${until}, and nothing that it stands for does. It is no longer needed: remove it.`,
      });
    }
  };
  return {
    ...described({ ...meshExceptions, config: {} }),
    validateStack: calledFor(validateStack, () =>
      soFar.exceptions.unneeded(soFar.scope).length > 0 ? undefined : NOTHING_LEFT,
    ),
  };
}

/** @throws where a rule that runs was left out, so that what the others found is no result */
function refuseIfMissed(missed: readonly Rule[]): void {
  if (missed.length === 0) return;
  const names = missed.map(({ name }) => name).join(", ");
  throw new Error(
    `The policy SDK did not call ${names} for everything that they are about, so that their silence means nothing. Use the version of @pulumi/policy that the pack is tested with.`,
  );
}

/** The type of no resource, for a policy that need not be called. */
const NOTHING_LEFT = "nothing left to report";

function current(soFar: PartialStack): Request | undefined {
  const store = request.getStore();
  return store?.soFar === soFar ? store : undefined;
}

function remediation(
  remediate: NonNullable<Rule["remediate"]>,
  rule: Rule,
  soFar: PartialStack,
): ResourceRemediation {
  return (args) => {
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    const resource = resourceOf(args);
    if (isExcepted(rule.name, resource, soFar.scope)) return undefined;
    return remediate(resource, soFar, args.getConfig()) ? args.props : undefined;
  };
}

function remember(args: ResourceValidationArgs, soFar: PartialStack): Resource {
  const resource = resourceOf(args);
  soFar.see(resource);
  return resource;
}

function say(
  report: ReportViolation,
  { description }: Metadata,
  { outcome, label, text }: Judgement,
  urn?: string,
): void {
  const message = label === "" ? text : `${label}: ${text}`;
  if (outcome !== "excepted") {
    report(message, urn);
    return;
  }
  // The server also takes an object, which its typings leave out: the only way to stay below the policy's level.
  (report as (violation: unknown) => void)({
    message: `${description}\n${message}`,
    urn,
    enforcementLevel: "advisory",
  });
}

/** A callback that the SDK calls, at the price of a deserialization, only for the type that is worked out. */
function calledFor<Callback extends ResourceValidation | StackValidation>(
  callback: Callback,
  type: () => string | undefined,
): Callback {
  return Object.defineProperty(callback, "__pulumiType", { get: type });
}

function applicability(rule: Rule): string {
  return `Policy only applies to resources of type '${rule.about.type}'`;
}

function described(
  rule: Metadata & { readonly config: ConfigSchema<Record<string, unknown>> },
): Policy {
  const { name, displayName, description, severity, enforcementLevel, framework } = rule;
  return {
    name,
    displayName,
    description,
    severity,
    enforcementLevel,
    remediationSteps: rule.remediationSteps,
    url: rule.url,
    tags: [...rule.tags],
    ...(framework && { framework }),
    configSchema: { properties: rule.config },
  };
}
