import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { redactSecrets } from "../../offline/plan/values.ts";
import { changeField } from "./changeJson.ts";
import type { Comparison } from "./comparison.ts";
import type { Failure } from "./failure.ts";
import { toSafeJson } from "./markup.ts";
import type { Places } from "./places.ts";
import { judgementOf, countOperations } from "./summary.ts";
import type { Judgement } from "./summary.ts";

/**
 * The plan in the format of `pulumi preview --json`, plus `contents` (objects that Helm creates for resources of the
 * stack), `policyViolations`, `policyRemediations`, `notJudged`, the `judgement` in numbers, and `change` with a
 * comparison. It has no `duration`, so the same program gives the same text.
 *
 * @param places adds the `place` of each violation that has one
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 */
export function toJson(
  plan: Plan,
  judgement: Judgement = judgementOf(plan, false),
  places?: Places,
  comparison?: Comparison,
): string {
  return toSafeJson(
    {
      config: plan.config,
      steps: plan.resources.map((resource) => ({
        op: resource.op,
        urn: resource.urn,
        ...(resource.provider === "" ? {} : { provider: resource.provider }),
        newState: stateOf(resource),
      })),
      diagnostics: plan.diagnostics,
      changeSummary: Object.fromEntries(countOperations(plan)),
      contents: plan.contents.map(stateOf),
      policyViolations: plan.violations.map((violation) => {
        const place = places?.settingOf(violation.urn, violation.message);
        return place === undefined ? violation : { ...violation, place };
      }),
      policyRemediations: plan.remediations,
      notJudged: judgement.notJudged,
      judgement: judgementField([judgement]),
      ...(comparison === undefined ? {} : { change: changeField(comparison) }),
    },
    4,
  );
}

/** The verdict and the numbers of findings of one or several plans. */
export function judgementField(judgements: readonly Judgement[]): object {
  const total = (number: keyof Judgement["numbers"]) =>
    judgements.reduce((sum, { numbers }) => sum + numbers[number], 0);
  return {
    verdict: judgements.some(({ stops }) => stops) ? "violated" : "passed",
    mandatory: total("mandatory"),
    advisory: total("advisory"),
    notJudged: total("notJudged"),
  };
}

/** The same format for a failed run: the diagnostics say what failed, and where. */
export function failureToJson({ problems }: Failure): string {
  return toSafeJson(
    {
      config: {},
      steps: [],
      diagnostics: problems.map(({ message, place }) => ({
        severity: "error",
        message,
        ...(place === undefined ? {} : { place }),
      })),
      changeSummary: {},
      contents: [],
      policyViolations: [],
      policyRemediations: [],
      notJudged: [],
      judgement: { verdict: "failed" },
    },
    4,
  );
}

/** A resource in the format of Pulumi's state files; empty and false fields are left out. */
function stateOf(resource: PlannedResource): object {
  const { options } = resource;
  const state = {
    urn: resource.urn,
    custom: resource.custom,
    id: resource.id,
    type: resource.type,
    inputs: redactSecrets(resource.inputs),
    outputs: redactSecrets(resource.outputs),
    parent: resource.parent,
    protect: options.protect,
    external: resource.op === "read",
    dependencies: resource.dependencies,
    provider: resource.provider,
    propertyDependencies: resource.propertyDependencies,
    additionalSecretOutputs: options.additionalSecretOutputs,
    aliases: options.aliases,
    customTimeouts: options.customTimeouts,
    importID: resource.op === "import" ? resource.id : undefined,
    retainOnDelete: options.retainOnDelete,
    deleteBeforeReplace: options.deleteBeforeReplace,
    deletedWith: options.deletedWith,
    sourcePosition: resource.sourcePosition,
    ignoreChanges: options.ignoreChanges,
    replaceOnChanges: options.replaceOnChanges,
  };
  return Object.fromEntries(
    Object.entries(state).filter(([key, value]) => key === "custom" || !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
