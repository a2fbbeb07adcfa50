import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { UsageError, messageOf } from "../../../offline/errors.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import {
  isObject,
  isSecret,
  isUnknown,
  redactSecrets,
  UNKNOWN,
} from "../../../offline/plan/values.ts";
import type { Properties, Value } from "../../../offline/plan/values.ts";
import { parametersOf } from "../../../rehearsal/azure/azure.ts";
import { kindOf } from "../../../rehearsal/azure/kinds.ts";
import type { PolicyConfigFile } from "../../../offline/pack/policySettings.ts";
import type { TestContext } from "vitest";
import { findingsOf, plannedOf, titleOf, warningsOf } from "./events.ts";
import type { EngineEvent } from "../../../rehearsal/engineEvents.ts";
import { offlinePlan } from "./offline.ts";
import { DAY, ROOT } from "./stack.ts";
import type { Stack } from "./stack.ts";

/** The result of a preview, in a form that can be compared. */
interface View {
  /** Inputs, parent and protection, by URN. */
  readonly resources: Readonly<Record<string, unknown>>;
  readonly findings: readonly string[];
}

const PACK = join(ROOT, "policy");
const SETTINGS: PolicyConfigFile = { "mesh-scope": { today: DAY } };

/** Expected differences between the two previews. Resources are written as the last part of their type and the name. */
export interface Difference {
  readonly why: string;
  /** Resources that only the offline preview has. */
  readonly resources?: readonly string[];
  /** Resources whose inputs only the offline preview has. */
  readonly inputs?: readonly string[];
  readonly findingsOffline?: readonly string[];
  readonly findingsOfEngine?: readonly string[];
  /** The error with which the program fails under the engine. */
  readonly fails?: string;
}

const NONE: Difference = { why: "" };

/**
 * Expects the engine's first preview and the offline preview to differ in exactly the given ways.
 *
 * @returns The plan of the offline preview
 */
export async function expectAgreement(
  { expect }: Pick<TestContext, "expect">,
  stack: Stack,
  stackFile: string,
  project = ROOT,
  difference = NONE,
): Promise<Plan> {
  const plan = await offlinePlan(project, stackFile, [{ directory: PACK, config: SETTINGS }]);
  const offline = offlineView(plan);
  const { fails } = difference;
  const { code, events, output } = await stack.cli.run(
    ["preview", ...packOptions(stack)],
    // Node.js 20 needs a minute to color a stack trace that passes through the SDK:
    // https://github.com/nodejs/node/issues/64011
    fails === undefined ? {} : { NODE_OPTIONS: "--stack-trace-limit=0" },
  );
  if (!events.some(({ summaryEvent }) => summaryEvent)) throw new Error(output);
  expect(engineView(events, offline)).toEqual(withDifference(offline, difference));
  if (fails === undefined) {
    expect(told(warningsOf(events))).toEqual(
      told(plan.diagnostics.map(({ message }) => message.trim())),
    );
  } else {
    expect([code, output]).toEqual([1, expect.stringContaining(fails)]);
  }
  expect(stack.done).toEqual([]);
  return plan;
}

/** Expects both previews to fail with the same diagnosis. */
export async function expectSameFailure(
  { expect }: Pick<TestContext, "expect">,
  stack: Stack,
  stackFile: string,
  project: string,
  diagnosis: readonly string[],
): Promise<void> {
  const offline: unknown = await offlinePlan(project, stackFile, []).catch(
    (error: unknown) => error,
  );
  const { code, output } = await stack.cli.run(["preview"]);
  expect(code).not.toBe(0);
  expect(offline).toBeInstanceOf(UsageError);
  for (const text of diagnosis) {
    expect([messageOf(offline), output]).toEqual([
      expect.stringContaining(text),
      expect.stringContaining(text),
    ]);
  }
}

/** The expected result of the engine, given the result of the offline preview. */
function withDifference(offline: View, difference: Difference): View {
  const { resources = [], inputs = [], findingsOffline = [], findingsOfEngine = [] } = difference;
  const urns = Object.keys(offline.resources);
  const urnOf = (title: string) => {
    const [urn, ...more] = urns.filter((each) => titleOf(each) === title);
    if (urn === undefined || more.length > 0) throw new Error(`${title} is not one resource.`);
    return urn;
  };
  const [absent, bare] = [resources.map(urnOf), inputs.map(urnOf)];
  const findings = [...offline.findings];
  for (const finding of findingsOffline) {
    if (!findings.includes(finding)) throw new Error(`No finding: ${finding}`);
    findings.splice(findings.indexOf(finding), 1);
  }
  return {
    resources: Object.fromEntries(
      Object.entries(offline.resources)
        .filter(([urn]) => !absent.includes(urn))
        .map(([urn, seen]) => [
          urn,
          bare.includes(urn) ? { ...(seen as object), inputs: {} } : seen,
        ]),
    ),
    findings: [...findings, ...findingsOfEngine].sort(),
  };
}

/**
 * Each message once, without those that only one of the previews prints: the location of a plug-in, the assumptions
 * that it read, and a failure caused by a policy.
 */
function told(messages: readonly string[]): readonly string[] {
  const ofOne = /from \$PATH at|answers of --assume|^preview failed$/;
  return [...new Set(messages.filter((message) => !ofOne.test(message)))].sort();
}

function packOptions({ cli }: Pick<Stack, "cli">): readonly string[] {
  const file = join(cli.directory, "policies.json");
  writeFileSync(file, JSON.stringify(SETTINGS));
  return ["--policy-pack", PACK, "--policy-pack-config", file];
}

function offlineView(plan: Plan): View {
  return {
    resources: Object.fromEntries(
      plan.resources.map(({ urn, type, parent, inputs, options }) => [
        urn,
        {
          parent,
          protect: options.protect,
          retainOnDelete: options.retainOnDelete,
          inputs: type === "pulumi:pulumi:Stack" ? {} : plain(redactSecrets(inputs)),
        },
      ]),
    ),
    findings: plan.violations
      .map(
        ({ enforcementLevel, policy, urn = "" }) =>
          `${enforcementLevel} ${policy}: ${titleOf(urn)}`,
      )
      .sort(),
  };
}

/** Omits values that the provider fills in, as the offline preview does. */
function engineView(events: readonly EngineEvent[], offline: View): View {
  return {
    resources: Object.fromEntries(
      plannedOf(events)
        // The engine creates default providers itself.
        .filter(({ urn }) => !/::pulumi:providers:[\w-]+::default/.test(urn))
        .map(({ urn, type, parent, protect = false, retainOnDelete = false, inputs }) => [
          urn,
          {
            parent,
            protect,
            retainOnDelete,
            inputs: withoutDefaults(type, plain(inputs), offlineInputs(offline, urn)),
          },
        ]),
    ),
    findings: findingsOf(events),
  };
}

function offlineInputs(offline: View, urn: string): Properties {
  return (offline.resources[urn] as { readonly inputs: Properties } | undefined)?.inputs ?? {};
}

function withoutDefaults(type: string, inputs: Value, offline: Properties): Value {
  const filledIn = type.startsWith("azure-native:")
    ? ["__createBeforeDelete", "location", parametersOf(kindOf(type).path).at(-1) ?? ""]
    : type.startsWith("pulumi:providers:")
      ? ["version", "__internal"]
      : [];
  const given = Object.entries(inputs as Properties).filter(
    ([key]) => key in offline || !filledIn.includes(key),
  );
  // The engine does not call a Kubernetes provider before the cluster exists, so it knows less about the outputs of
  // Kubernetes objects.
  return type.startsWith("kubernetes:")
    ? learned(Object.fromEntries(given), offline)
    : Object.fromEntries(given);
}

/** Fills in the unknown parts of a value from another value, if it knows them. */
function learned(value: Value, other: Value | undefined): Value {
  if (value === UNKNOWN) return other ?? value;
  if (Array.isArray(value)) {
    const others = Array.isArray(other) ? (other as readonly Value[]) : [];
    return (value as readonly Value[]).map((item, i) => learned(item, others[i]));
  }
  if (!isObject(value)) return value;
  const others = other !== undefined && isObject(other) ? other : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, learned(inner, others[key])]),
  );
}

/** Unknowns of all types are equal, secrets are masked, and null values are dropped. */
function plain(value: Value): Value {
  if (isUnknown(value)) return UNKNOWN;
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return (value as readonly Value[]).map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, plain(inner)]),
  );
}
