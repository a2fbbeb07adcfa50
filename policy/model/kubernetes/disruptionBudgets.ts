import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { grouped } from "../../engine/grouping.ts";
import type { Groupings } from "../../engine/grouping.ts";
import { kubernetesObjects } from "./objects.ts";
import type { KubernetesObject, Workload } from "./objects.ts";
import { selects } from "./labelSelectors.ts";
import { shareNamespace } from "./objectNamespace.ts";
import type { Stack } from "../../engine/stack.ts";

const disruptionBudgets = kubernetesObjects("policy/*", "PodDisruptionBudget");

/** Grouped by the first label of their selectors, to avoid a comparison of every budget with every workload. */
const budgetsByLabel: Groupings<KubernetesObject> = new WeakMap();

/** Key of budgets that select by no label or by an unknown one. */
const ANY_LABEL = "";

/** The disruption budgets that select the pods of a workload, or may select them. */
export function budgetsOf(workload: Workload, stack: Stack): readonly KubernetesObject[] {
  const labels = workload.template("metadata", "labels");
  return candidates(labels, stack.all(disruptionBudgets)).filter(
    (budget) =>
      shareNamespace(budget, workload, stack) &&
      selects(budget.at("spec", "selector"), labels) !== false,
  );
}

function candidates(
  labels: Cursor,
  budgets: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const names = labels.keys();
  if (names instanceof Unknown) return budgets;
  const own = (names ?? []).map((name) => labelAt(labels, name));
  if (own.includes(undefined)) return budgets;
  const groups = grouped(budgets, budgetsByLabel, (budget) => {
    const wanted = budget.at("spec", "selector", "matchLabels");
    const [first] = namesIn(wanted);
    return (first === undefined ? undefined : labelAt(wanted, first)) ?? ANY_LABEL;
  });
  return [ANY_LABEL, ...own].flatMap((label) => groups.get(label ?? ANY_LABEL) ?? []);
}

function namesIn(labels: Cursor): readonly string[] {
  const names = labels.keys();
  return names === undefined || names instanceof Unknown ? [] : names;
}

/** A label with its value; absent if the value is not known. */
function labelAt(labels: Cursor, name: string): string | undefined {
  const value = labels.at(name).text();
  return value instanceof Unknown ? undefined : `${name}=${value ?? ""}`;
}

/**
 * How many of the given number of pods a budget allows to be evicted at a time. Percentages are rounded up. A budget
 * without a limit allows none.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
 */
export function allowedDisruptions({ at }: KubernetesObject, pods: number): number | Unknown {
  const [maxUnavailable, minAvailable] = [at("spec", "maxUnavailable"), at("spec", "minAvailable")];
  const most = countOf(maxUnavailable, pods);
  if (most !== undefined) return most;
  const least = countOf(minAvailable, pods);
  if (least instanceof Unknown) return least;
  return least === undefined ? 0 : Math.max(0, pods - least);
}

/** A number, or a percentage such as `50%`. */
function countOf(place: Cursor, of: number): Read<number> {
  const text = place.text();
  if (text === undefined || text instanceof Unknown) return text;
  const [, share] = /^(\d+)%$/.exec(text) ?? [];
  return share === undefined ? Number(text) : Math.ceil((Number(share) / 100) * of);
}
