import { namespaceNameProblem } from "../../mesh/names.ts";
import { names } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import { valueAt } from "../core/path.ts";
import type { Violation } from "../core/violation.ts";
import { checkNamespaceReference } from "../namespaces/rules.ts";

/** The rules on sample workloads. */
export const WORKLOAD_RULES = [checkWorkloadNames, checkWorkloadNamespaces] as const;

function checkWorkloadNames(values: Values): readonly Violation[] {
  return names(values, "workloads").flatMap((name): Violation[] => {
    const problem = namespaceNameProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["workloads", name], rule: `the name ${problem}`, hideValue: true }];
  });
}

function checkWorkloadNamespaces(values: Values): readonly Violation[] {
  const takenBy = new Map<string, string>();
  return names(values, "workloads").flatMap((name): readonly Violation[] => {
    const steps = ["workloads", name, "namespace"];
    const undeclared = checkNamespaceReference(values, steps);
    const namespace = valueAt(values, steps);
    if (undeclared.length > 0 || typeof namespace !== "string" || namespace === "") {
      return undeclared;
    }
    const other = takenBy.get(namespace);
    takenBy.set(namespace, name);
    if (other === undefined) return [];
    return [{ steps, rule: `already has the sample ${other}; give each sample its own namespace` }];
  });
}
