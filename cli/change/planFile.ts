import { z } from "zod";
import { UsageError } from "../../offline/errors.ts";
import type { PlannedResource, PolicyViolation } from "../../offline/plan/plan.ts";
import { nameOf } from "../../offline/plan/urn.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import { schemaProblems } from "../../offline/project/schemaProblems.ts";
import type { Unjudged } from "../reports/summary.ts";
import { readMasked } from "./maskedSecret.ts";
import type { Side } from "./side.ts";

const URN = "urn:pulumi:";

const properties = z.record(z.string(), z.custom<Value>());
const texts = z.array(z.string()).optional();

const state = z.object({
  urn: z.string().regex(/^urn:pulumi:[^:]+::[^:]+::.+::/, "must be the URN of a resource"),
  custom: z.boolean(),
  id: z.string().optional(),
  type: z.string(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  deleteBeforeReplace: z.boolean().optional(),
  deletedWith: z.string().optional(),
  additionalSecretOutputs: texts,
  aliases: texts,
  ignoreChanges: texts,
  replaceOnChanges: texts,
  customTimeouts: z.partialRecord(z.enum(["create", "update", "delete"]), z.number()).optional(),
});

const text = z.string().optional();

const violation = z.looseObject({
  policy: z.string(),
  pack: z.string(),
  packVersion: z.string(),
  enforcementLevel: z.enum(["advisory", "mandatory", "remediate", "disabled"]),
  severity: z.enum(["low", "medium", "high", "critical"]).optional(),
  description: z.string(),
  message: z.string(),
  remediationSteps: text,
  url: text,
  urn: text,
});

const notJudged = z.looseObject({
  what: text,
  urn: text,
  place: z.object({ file: z.string(), line: z.number(), column: z.number() }).optional(),
  reason: z.string(),
  fix: text,
  policy: text,
  pack: text,
  stops: z.boolean(),
});

const planFile = z.object({
  steps: z
    .array(z.object({ op: z.enum(["create", "import", "read"]), newState: state }))
    .min(1, "must have the resources of a plan; the preview that wrote it may have failed"),
  contents: z.array(state),
  policyViolations: z.array(violation),
  notJudged: z.array(notJudged),
});

const severalPlans = z.object({ stacks: z.record(z.string(), z.unknown()) });

/**
 * Reads the plan of a stack that `preview --json` has written, alone or with those of other stacks. Its secrets read
 * `[secret]`, so they cannot be compared.
 *
 * @param json the contents of the file
 * @param name the file in messages
 * @throws UsageError
 */
export function readPlan(json: unknown, name: string, wanted: string): Side {
  const several = severalPlans.safeParse(json);
  if (!several.success) return sideIn(json, name);
  const plans = new Map(Object.entries(several.data.stacks));
  if (plans.has(wanted)) return sideIn(plans.get(wanted), name);
  throw new UsageError(
    `${name} has plans of the stacks ${[...plans.keys()].join(", ")}, but none of ${wanted}. Name one of these stacks with --stack, or pass another plan.`,
  );
}

function sideIn(json: unknown, name: string): Side {
  const parsed = planFile.safeParse(json);
  if (!parsed.success) {
    throw new UsageError(
      [
        `${name} is not a plan that aks-istio preview --json has written:`,
        ...schemaProblems(name, parsed.error).map((problem) => `  ${problem}`),
      ].join("\n"),
    );
  }
  const { steps, contents, ...found } = parsed.data;
  const unjudged = found.notJudged as unknown as readonly Unjudged[];
  const coverage = new Set(unjudged.map(({ pack, policy }) => JSON.stringify([pack, policy])));
  // `urn:pulumi:<stack>::<project>::…`
  const [stack = "", project = ""] = (steps[0]?.newState.urn ?? "").slice(URN.length).split("::");
  const deep = [...steps.map(({ newState }) => newState), ...contents].find(isTooDeep);
  if (deep !== undefined) {
    throw new UsageError(
      `${name} nests a value of ${deep.urn} more than ${MAX_DEPTH} levels deep, so preview --json cannot have written it.`,
    );
  }
  return {
    project,
    stack,
    resources: steps.map(({ op, newState }) => resourceOf(newState, op)),
    contents: contents.map((content) => resourceOf(content, "create")),
    // Those that say what was not judged are listed there, too.
    violations: (found.policyViolations as unknown as readonly PolicyViolation[]).filter(
      ({ pack, policy }) => !coverage.has(JSON.stringify([pack, policy])),
    ),
    notJudged: unjudged,
  };
}

/** What compares values calls itself for each level. Pulumi's own messages end far below. */
const MAX_DEPTH = 500;

function isTooDeep({ inputs = {}, outputs = {} }: z.infer<typeof state>): boolean {
  let level: readonly unknown[] = [inputs, outputs];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
  return false;
}

function resourceOf(written: z.infer<typeof state>, op: PlannedResource["op"]): PlannedResource {
  const { urn, type, custom, id, deleteBeforeReplace, customTimeouts } = written;
  return {
    op,
    urn,
    type,
    name: nameOf(urn),
    custom,
    ...(id === undefined ? {} : { id }),
    parent: written.parent ?? "",
    provider: written.provider ?? "",
    inputs: readMasked(written.inputs ?? {}) as Properties,
    outputs: readMasked(written.outputs ?? {}) as Properties,
    dependencies: [],
    propertyDependencies: {},
    options: {
      protect: written.protect ?? false,
      retainOnDelete: written.retainOnDelete ?? false,
      ...(deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace }),
      deletedWith: written.deletedWith ?? "",
      ignoreChanges: written.ignoreChanges ?? [],
      replaceOnChanges: written.replaceOnChanges ?? [],
      additionalSecretOutputs: written.additionalSecretOutputs ?? [],
      aliases: written.aliases ?? [],
      ...(customTimeouts === undefined ? {} : { customTimeouts }),
    },
  };
}
