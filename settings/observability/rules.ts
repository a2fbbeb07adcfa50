import { valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/** The rules on observability. */
export const OBSERVABILITY_RULES = [checkGrafanaRoles, checkAuditLogs] as const;

/** Each object ID is of one kind. With two roles, the higher one applies, intended or not. */
export function checkGrafanaRoles(values: Values): readonly Violation[] {
  const holders = new Map<string, string>();
  return ["admins", "editors", "viewers"].flatMap((role) =>
    ["users", "groups", "servicePrincipals"].flatMap((kind): Violation[] => {
      const steps = ["observability", "grafana", role, kind];
      // The schema reports duplicates within a list.
      return [...new Set(entries(values, steps))].flatMap((id): Violation[] => {
        const holder = holders.get(id.toLowerCase());
        holders.set(id.toLowerCase(), holder ?? `${role}.${kind}`);
        if (holder === undefined) return [];
        const index = entries(values, steps).indexOf(id);
        return [{ steps: [...steps, index], rule: `is already in ${holder}; list it once` }];
      });
    }),
  );
}

/** @see https://learn.microsoft.com/azure/aks/monitor-aks */
export function checkAuditLogs(values: Values): readonly Violation[] {
  const steps = ["observability", "logs", "controlPlane"];
  const categories = entries(values, steps);
  if (!categories.includes("kube-audit") || !categories.includes("kube-audit-admin")) return [];
  return [
    {
      steps: [...steps, categories.indexOf("kube-audit-admin")],
      rule: "is part of kube-audit, which is also in the list: it would be stored and billed twice; remove one",
    },
  ];
}

/** The texts in a list; none if the value is not a list, which the schema reports. */
function entries(values: Values, steps: readonly Step[]): readonly string[] {
  const found = valueAt(values, steps);
  return Array.isArray(found) ? found.map(String) : [];
}
