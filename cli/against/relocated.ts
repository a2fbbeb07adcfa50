import type { Plan } from "../../offline/plan/plan.ts";

/**
 * A plan as if its program had been in another directory: programs put paths of their files into resources, and
 * messages name them.
 */
export function relocated(plan: Plan, from: string, to: string): Plan {
  return moved(plan, from, to) as Plan;
}

function moved(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string") return value.replaceAll(from, to);
  if (Array.isArray(value)) return value.map((item: unknown) => moved(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  // The origin of an object has functions.
  if (Object.values(value).some((part) => typeof part === "function")) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key.replaceAll(from, to), moved(part, from, to)]),
  );
}
