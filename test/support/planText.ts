import { stringify } from "yaml";
import { UNKNOWN } from "../../offline/plan/values.ts";
import { isMap } from "../../settings/core/path.ts";

/** The compared parts of a resource in `--json`. */
interface State {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

interface JsonPlan {
  readonly steps: readonly { readonly op: string; readonly newState: State }[];
  readonly diagnostics: readonly { readonly severity: string; readonly message: string }[];
  readonly policyViolations: readonly {
    readonly policy: string;
    readonly enforcementLevel: string;
    readonly urn?: string;
  }[];
}

/** A short name for a resource: its short type and its name. */
function title(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${types.slice(types.lastIndexOf(":") + 1)} ${name}`;
}

/** A JSON plan in a form for review: the resources, their properties and order, and the policies' findings. */
export function planText(json: string): string {
  const { steps, diagnostics, policyViolations } = JSON.parse(
    json.replaceAll(UNKNOWN, "[unknown]"),
  ) as JsonPlan;
  return stringify(
    {
      policies: policyViolations.map(
        ({ enforcementLevel, policy, urn = "" }) => `${enforcementLevel} ${policy}: ${title(urn)}`,
      ),
      messages: diagnostics.map(({ severity, message }) => `${severity}: ${message}`),
      resources: Object.fromEntries(
        steps.map(({ newState }) => [title(newState.urn), body(newState)]),
      ),
    },
    { lineWidth: 120, aliasDuplicateObjects: false },
  );
}

function body(state: State): object {
  const { type, inputs, parent = "", dependencies = [], deletedWith } = state;
  const { protect, retainOnDelete, ignoreChanges, replaceOnChanges } = state;
  const written = {
    type,
    parent: parent === "" ? undefined : title(parent),
    after: dependencies.length === 0 ? undefined : dependencies.map(title),
    protect,
    retainOnDelete,
    deletedWith: deletedWith === undefined ? undefined : title(deletedWith),
    ignoreChanges,
    replaceOnChanges,
    inputs,
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}

/** Every value of a plan's resources, by resource and path. */
export function planLeaves(json: string): Map<string, string> {
  const { steps } = JSON.parse(json.replaceAll(UNKNOWN, "[unknown]")) as JsonPlan;
  return new Map(
    steps.flatMap(({ newState }) => [
      [title(newState.urn), ""] as const,
      ...leaves(newState.inputs ?? {}, title(newState.urn)),
    ]),
  );
}

function leaves(value: unknown, path: string): (readonly [string, string])[] {
  if (!isMap(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`));
}
