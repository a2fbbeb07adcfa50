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
import { meshCoverage } from "./meshCoverage.ts";
import { meshExceptions } from "./meshExceptions.ts";
import { resourceOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";
import type { Judgement } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { meshScope, scopeFrom } from "./scope.ts";
import { PartialStack } from "./partialStack.ts";
import { CompleteStack } from "./completeStack.ts";
import type { Model } from "./model.ts";
import { noteUnjudged } from "./noteUnjudged.ts";

/** The subject of the request that the pack is answering. */
interface Request {
  readonly partialStack: PartialStack;
  readonly resource?: Resource;
  readonly completeStack?: CompleteStack;
}

/** The SDK does not promise to finish one request before it starts another, so each request has its own storage. */
const request = new AsyncLocalStorage<Request>();

/**
 * Turns the rules into policies of the SDK, each with its own name, level and configuration. `mesh-scope` comes first and
 * sees every resource first. `mesh-coverage` and `mesh-exceptions` come last, when the resources that no rule could judge
 * and the exceptions that were needed are known.
 *
 * The SDK deserializes a resource anew for each policy that it calls, and for each stack policy every resource of the
 * stack. With 58 policies that cost 1.6 ms for a Deployment and 8 to 12 ms for 41 KB, and 16 stack policies 1.6 s for
 * 1,000 Deployments. It skips a policy whose `__pulumiType` differs from the request's type. One fixed type does not suit
 * a rule that applies to every version of a token, so a getter determines the type for each request from the resources
 * that `mesh-scope` has seen: the SDK calls a rule for the types that it judges (0.4 to 0.7 ms for a Deployment that 8 to
 * 15 of 58 rules judge), and with the whole stack only if it has findings left. If `mesh-scope` is disabled, the SDK
 * calls every rule, which takes longer and has the same result.
 *
 * That property is internal to the SDK. A version that reads it before the first request, or not at all, calls every rule
 * for everything. A version that caches it would skip rules: `Calls` detects that, and the run ends with an error.
 *
 * A rule that needs the whole stack is one policy with both callbacks, so the SDK reports both at the configured level:
 * a policy does not know the level of another policy.
 */
export function toPolicies(rules: readonly Rule[], model: Model): Policies {
  const partialStack = new PartialStack(scopeFrom({}), model);
  const names = [...rules.map(({ name }) => name), meshCoverage.name];
  return [
    observer(partialStack, names),
    ...rules.map((rule) => policyOf(rule, partialStack)),
    coveragePolicy(partialStack, model),
    exceptionsPolicy(partialStack),
  ];
}

function observer(partialStack: PartialStack, rules: readonly string[]): Policies[number] {
  const config = { ...meshScope.config, exceptions: exceptionsSchema(rules) };
  return {
    ...policyMetadata({ ...meshScope, config }),
    validateResource: (args) => {
      partialStack.scope = scopeFrom(args.getConfig());
      request.enterWith({ partialStack, resource: remember(args, partialStack) });
    },
    validateStack: (args) => {
      partialStack.scope = scopeFrom(args.getConfig());
      const completeStack = new CompleteStack(args.resources, partialStack);
      requireAllCalled(partialStack.calls.missed(completeStack));
      request.enterWith({ partialStack, completeStack });
    },
  };
}

function policyOf(rule: Rule, partialStack: PartialStack): Policies[number] {
  /** The violations that were found in each resource before the stack was complete. */
  const reported = new Map<string, readonly Judgement[]>();
  let configuration: (() => object) | undefined;

  const validateResource: ResourceValidation = (args, report) => {
    const resource = currentRequest(partialStack)?.resource ?? remember(args, partialStack);
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    partialStack.calls.record(rule, resource);
    configuration = () => args.getConfig();
    const judgements = rule.judge(resource, partialStack, args.getConfig());
    const violations = judgements.filter(({ outcome }) => outcome === "violation");
    if (violations.length > 0) reported.set(args.urn, violations);
    else reported.delete(args.urn);
    for (const violation of violations) {
      reportJudgement(
        report,
        rule,
        partialStack.exceptions.applied(violation, rule.name, resource, partialStack.scope),
      );
    }
    // With the whole stack, the rule may be able to judge.
    if (!rule.wholeStack) noteUnjudged(rule, resource, judgements, partialStack);
  };

  const remaining = new WeakMap<CompleteStack, readonly StackFindings[]>();
  const findRemaining = (
    completeStack: CompleteStack,
    config: object,
  ): readonly StackFindings[] => {
    partialStack.calls.recordWholeStack(rule);
    const known = remaining.get(completeStack);
    if (known !== undefined) return known;
    const found = stackFindings(rule, completeStack, config, reported).flatMap(
      ({ resource, judgements }) => {
        noteUnjudged(rule, resource, judgements, partialStack);
        const violations = judgements.filter(({ outcome }) => outcome === "violation");
        return violations.length === 0 ? [] : [{ resource, judgements: violations }];
      },
    );
    remaining.set(completeStack, found);
    return found;
  };

  const validateStack: StackValidation = (args, report) => {
    const completeStack =
      currentRequest(partialStack)?.completeStack ??
      new CompleteStack(args.resources, partialStack);
    for (const { resource, judgements } of findRemaining(completeStack, args.getConfig())) {
      for (const judgement of judgements) {
        const applied = partialStack.exceptions.applied(
          judgement,
          rule.name,
          resource,
          partialStack.scope,
        );
        reportJudgement(report, rule, applied, resource.urn);
      }
    }
  };

  return {
    ...policyMetadata(rule),
    validateResource: calledFor(validateResource, () => {
      const type = currentRequest(partialStack)?.resource?.type;
      if (type === undefined) return undefined;
      partialStack.calls.recordAsked(rule);
      return rule.about.matches(type) ? type : rule.about.type;
    }),
    ...(rule.remediate && { remediateResource: remediation(rule.remediate, rule, partialStack) }),
    ...(rule.wholeStack && {
      validateStack: calledFor(validateStack, () => {
        const completeStack = currentRequest(partialStack)?.completeStack;
        if (completeStack === undefined) return undefined;
        if (configuration === undefined) return rule.about.type;
        return findRemaining(completeStack, configuration())[0]?.resource.type ?? NOTHING_LEFT;
      }),
    }),
  };
}

/** `mesh-coverage`, which is called only if something is not judged. */
function coveragePolicy(partialStack: PartialStack, { coverageGaps }: Model): Policies[number] {
  const gaps = (completeStack: CompleteStack) => [
    ...coverageGaps(completeStack),
    ...partialStack.unjudged.gaps(),
  ];
  const validateStack: StackValidation = ({ resources }, report) => {
    const completeStack =
      currentRequest(partialStack)?.completeStack ?? new CompleteStack(resources, partialStack);
    if (currentRequest(partialStack) !== undefined) {
      requireAllCalled(partialStack.calls.missedWholeStack());
    }
    for (const [index, { resource, message }] of gaps(completeStack).entries()) {
      const gap: Judgement = { index, outcome: "unjudged", label: "", text: message };
      const applied = partialStack.exceptions.applied(
        gap,
        meshCoverage.name,
        resource,
        partialStack.scope,
      );
      // An exception accepts, with a reason and until a date, that the resource is not judged.
      if (applied.outcome !== "excepted") {
        reportJudgement(report, meshCoverage, applied, resource.urn);
      }
    }
  };
  return {
    ...policyMetadata({ ...meshCoverage, config: {} }),
    validateStack: calledFor(validateStack, () => {
      const completeStack = currentRequest(partialStack)?.completeStack;
      if (completeStack === undefined || partialStack.calls.missedWholeStack().length > 0) {
        return undefined;
      }
      return gaps(completeStack).length > 0 ? undefined : NOTHING_LEFT;
    }),
  };
}

/** `mesh-exceptions`, which is called only if an exception is not needed. */
function exceptionsPolicy(partialStack: PartialStack): Policies[number] {
  const validateStack: StackValidation = ({ resources }, report) => {
    const urn = resources[0]?.urn ?? "";
    for (const [index, exception] of partialStack.exceptions.unneeded(partialStack.scope)) {
      if (!isForStackOf(urn, exception)) continue;
      const { rule, resource, until } = exception;
      reportJudgement(report, meshExceptions, {
        index,
        outcome: "violation",
        label: "",
        text: `exceptions[${index}] of mesh-scope allows ${resource} to violate ${rule} until ${until}, but no resource that it matches violates the rule. Remove the exception.`,
      });
    }
  };
  return {
    ...policyMetadata({ ...meshExceptions, config: {} }),
    validateStack: calledFor(validateStack, () =>
      partialStack.exceptions.unneeded(partialStack.scope).length > 0 ? undefined : NOTHING_LEFT,
    ),
  };
}

/** @throws if the SDK skipped an enabled rule, because the findings of the others are then incomplete */
function requireAllCalled(missed: readonly Rule[]): void {
  if (missed.length === 0) return;
  const names = missed.map(({ name }) => name).join(", ");
  throw new Error(
    `The policy SDK did not call ${names} for every resource that they judge, so the result is incomplete. Use the version of @pulumi/policy that the pack is tested with.`,
  );
}

/** A type that no resource has, for a policy that the SDK does not need to call. */
const NOTHING_LEFT = "nothing left to report";

function currentRequest(partialStack: PartialStack): Request | undefined {
  const store = request.getStore();
  return store?.partialStack === partialStack ? store : undefined;
}

function remediation(
  remediate: NonNullable<Rule["remediate"]>,
  rule: Rule,
  partialStack: PartialStack,
): ResourceRemediation {
  return (args) => {
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    const resource = resourceOf(args);
    if (isExcepted(rule.name, resource, partialStack.scope)) return undefined;
    return remediate(resource, partialStack, args.getConfig()) ? args.props : undefined;
  };
}

function remember(args: ResourceValidationArgs, partialStack: PartialStack): Resource {
  const resource = resourceOf(args);
  partialStack.see(resource);
  return resource;
}

function reportJudgement(
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
  // The server also accepts an object, which its typings omit. Only an object can be reported below the policy's level.
  (report as (violation: unknown) => void)({
    message: `${description}\n${message}`,
    urn,
    enforcementLevel: "advisory",
  });
}

/** A callback that the SDK calls only for the type that the getter returns, because each call costs a deserialization. */
function calledFor<Callback extends ResourceValidation | StackValidation>(
  callback: Callback,
  type: () => string | undefined,
): Callback {
  return Object.defineProperty(callback, "__pulumiType", { get: type });
}

function applicability(rule: Rule): string {
  return `Policy only applies to resources of type '${rule.about.type}'`;
}

function policyMetadata(
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
