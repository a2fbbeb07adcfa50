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
import { lateJudgements } from "./late.ts";
import type { LateJudgement } from "./late.ts";
import { meshExceptions } from "./meshExceptions.ts";
import { resourceOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { ConfigSchema, Judgement, Metadata, Rule } from "./rule.ts";
import { meshScope, scopeFrom } from "./scope.ts";
import { StackSoFar } from "./stackSoFar.ts";
import { WholeStack } from "./wholeStack.ts";

/** What the request that is being answered is about. */
interface Request {
  readonly soFar: StackSoFar;
  readonly resource?: Resource;
  readonly whole?: WholeStack;
}

/** Nothing promises that the SDK answers one request before it begins another, so it travels with the calls of each. */
const request = new AsyncLocalStorage<Request>();

/**
 * The rules as policies of the SDK, each under its own name, level and configuration; before them `mesh-scope`, which
 * sees every resource first, and after them `mesh-exceptions`, which knows by then what was needed of its exceptions.
 *
 * The SDK deserializes a resource anew for each policy that it calls, and for each stack policy every resource of the
 * stack. With 58 policies that cost 1.6 ms for a Deployment and 8 to 12 ms for 41 KB, and 16 stack policies 1.6 s for
 * 1,000 Deployments. It leaves out a policy whose `__pulumiType` is not the request's; one fixed type does not suit a
 * rule that holds for every version of a token, so here it is worked out for each request from what `mesh-scope` has
 * seen: a rule is called for the types that it is about (0.4 to 0.7 ms for a Deployment that is the concern of 8 to 15
 * of 58 rules), and with the whole stack only where something is left to say. Where `mesh-scope` is disabled every
 * rule is called, which takes longer and says the same.
 *
 * A rule that needs the whole stack is one policy with both callbacks, so that the SDK reports it at the level that it
 * is configured with: no policy is told the level of another.
 */
export function toPolicies(rules: readonly Rule[]): Policies {
  const soFar = new StackSoFar(scopeFrom({}));
  const names = rules.map(({ name }) => name);
  return [
    observer(soFar, names),
    ...rules.map((rule) => policyOf(rule, soFar)),
    exceptionsPolicy(soFar),
  ];
}

function observer(soFar: StackSoFar, rules: readonly string[]): Policies[number] {
  const config = { ...meshScope.config, exceptions: exceptionsSchema(rules) };
  return {
    ...described({ ...meshScope, config }),
    validateResource: (args) => {
      soFar.scope = scopeFrom(args.getConfig());
      request.enterWith({ soFar, resource: remember(args, soFar) });
    },
    validateStack: (args) => {
      soFar.scope = scopeFrom(args.getConfig());
      request.enterWith({ soFar, whole: new WholeStack(args.resources, soFar) });
    },
  };
}

function policyOf(rule: Rule, soFar: StackSoFar): Policies[number] {
  /** What has been said about each resource before the stack was whole. */
  const early = new Map<string, readonly Judgement[]>();
  let configuration: (() => object) | undefined;

  const validateResource: ResourceValidation = (args, report) => {
    const resource = current(soFar)?.resource ?? remember(args, soFar);
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    configuration = () => args.getConfig();
    const judgements = rule.judge(resource, soFar, args.getConfig());
    if (judgements.length > 0) early.set(args.urn, judgements);
    else early.delete(args.urn);
    for (const judgement of judgements) {
      say(report, rule, soFar.exceptions.applied(judgement, rule.name, resource, soFar.scope));
    }
  };

  const judged = new WeakMap<WholeStack, readonly LateJudgement[]>();
  const late = (whole: WholeStack, config: object): readonly LateJudgement[] => {
    const judgements = judged.get(whole) ?? lateJudgements(rule, whole, config, early);
    judged.set(whole, judgements);
    return judgements;
  };

  const validateStack: StackValidation = (args, report) => {
    const whole = current(soFar)?.whole ?? new WholeStack(args.resources, soFar);
    for (const judgement of late(whole, args.getConfig())) {
      const { resource } = judgement;
      const applied = soFar.exceptions.applied(judgement, rule.name, resource, soFar.scope);
      say(report, rule, applied, resource.urn);
    }
  };

  return {
    ...described(rule),
    validateResource: calledFor(validateResource, () => {
      const type = current(soFar)?.resource?.type;
      return type === undefined || rule.about.matches(type) ? type : rule.about.type;
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

/** Without exceptions it is never called. */
function exceptionsPolicy(soFar: StackSoFar): Policies[number] {
  const validateStack: StackValidation = ({ resources }, report) => {
    const urn = resources[0]?.urn ?? "";
    for (const [index, exception] of soFar.exceptions.unneeded(soFar.scope)) {
      if (!isForStackOf(urn, exception)) continue;
      const { rule, resource, until } = exception;
      say(report, meshExceptions, {
        index,
        advisory: true,
        message: `exceptions[${index}] of mesh-scope lets ${resource} break ${rule} until ${until}, and nothing that it stands for does. It is no longer needed: remove it.`,
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

/** The type of no resource, for a policy that need not be called. */
const NOTHING_LEFT = "nothing left to report";

function current(soFar: StackSoFar): Request | undefined {
  const store = request.getStore();
  return store?.soFar === soFar ? store : undefined;
}

function remediation(
  remediate: NonNullable<Rule["remediate"]>,
  rule: Rule,
  soFar: StackSoFar,
): ResourceRemediation {
  return (args) => {
    if (!rule.about.matches(args.type)) return args.notApplicable(applicability(rule));
    const resource = resourceOf(args);
    if (isExcepted(rule.name, resource, soFar.scope)) return undefined;
    return remediate(resource, soFar, args.getConfig()) ? args.props : undefined;
  };
}

function remember(args: ResourceValidationArgs, soFar: StackSoFar): Resource {
  const resource = resourceOf(args);
  soFar.see(resource);
  return resource;
}

function say(
  report: ReportViolation,
  { description }: Metadata,
  { advisory, message }: Judgement,
  urn?: string,
): void {
  if (!advisory) {
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
