import type { PlannedPart } from "../../check/context.ts";
import { isRecord } from "../../manifests/manifest.ts";
import { unknownText } from "../../manifests/unknownText.ts";
import { UsageError } from "../../offline/errors.ts";
import type { PlannedResource } from "../../offline/plan/plan.ts";
import { isObject, isSecret, isUnknown } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import { planJson } from "../planJson.ts";

/** The flags that name the plan of the cluster. */
export interface PlanFlags {
  readonly stack?: string;
  readonly plan?: string;
}

/**
 * The resources of the plan that the manifests belong to: of a stack of the project in the current directory, or of a
 * file that `preview --json` wrote.
 *
 * @throws UsageError
 */
export async function plannedParts(flags: PlanFlags): Promise<readonly PlannedPart[]> {
  const { stack, plan } = flags;
  if (stack !== undefined && plan !== undefined) {
    throw new UsageError("Pass either --stack or --plan: both say which plan has the cluster.");
  }
  if (plan !== undefined) return partsIn(plan);
  if (stack === undefined) return [];
  // Only a preview needs the engine and its packages.
  const [{ preview }, { stackOptions }, { projectOf }, { configOf }] = await Promise.all([
    import("../../offline/preview.ts"),
    import("../../offline/stackOptions.ts"),
    import("../previewOptions.ts"),
    import("../stackConfig.ts"),
  ]);
  const options = stackOptions(projectOf(undefined), { stack }, configOf);
  const { resources } = await preview({ ...options, policyPacks: [] });
  return resources.map(partOf);
}

/** A resource of a plan, with unknown texts for what the plan does not know or must not show. */
export function partOf(resource: PlannedResource): PlannedPart {
  return { ...resource, inputs: known(resource.inputs) };
}

function partsIn(file: string): readonly PlannedPart[] {
  const steps = (planJson(file) as { readonly steps?: unknown } | null)?.steps;
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new UsageError(
      `${file} has no steps, so it is not a plan. Write one with npx aks-istio preview --json FILE or pulumi preview --json.`,
    );
  }
  return (steps as readonly unknown[]).flatMap((step, index) => {
    const { newState } = isRecord(step) ? step : { newState: step };
    // A step that deletes a resource has no new state.
    if (isRecord(step) && (newState === undefined || newState === null)) return [];
    if (!isState(newState)) {
      throw new UsageError(
        `${file} is not a valid plan: steps[${index}].newState must be an object with urn and type. Write a plan with npx aks-istio preview --json FILE or pulumi preview --json.`,
      );
    }
    return [{ ...newState, inputs: known(newState.inputs ?? {}) }];
  });
}

function isState(value: unknown): value is State {
  if (!isRecord(value)) return false;
  const { urn, type, inputs } = value;
  return (
    typeof urn === "string" &&
    typeof type === "string" &&
    (inputs === undefined || isRecord(inputs))
  );
}

interface State extends Omit<PlannedPart, "inputs"> {
  readonly inputs?: Properties;
}

/** The properties with unknown texts for what a preview does not know or does not show. */
function known(properties: Properties): object {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, knownValue(value, key)]),
  );
}

function knownValue(value: Value, key: string): unknown {
  if (isUnknown(value) || isSecret(value) || value === "[secret]") return unknownText(key);
  if (Array.isArray(value)) {
    return (value as readonly Value[]).map((item) => knownValue(item, key));
  }
  return isObject(value) ? known(value) : value;
}
