import { namespaceNameProblem } from "../../mesh/names.ts";
import { exceeds } from "../core/quantities.ts";
import { names } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import { valueAt } from "../core/path.ts";
import type { Violation } from "../core/violation.ts";
import { checkNamespaceReference } from "../namespaces/rules.ts";

/** The rules on sample workloads. */
export const WORKLOAD_RULES = [
  checkWorkloadNames,
  checkWorkloadNamespaces,
  checkCanaryWeights,
  checkProxyResources,
] as const;

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

/** Sidecars of callers split the requests, so a canary without them gets none. */
function checkCanaryWeights(values: Values): readonly Violation[] {
  return names(values, "workloads").flatMap((name): readonly Violation[] => {
    const steps = ["workloads", name, "canaryWeight"];
    if (valueAt(values, steps) === undefined) return [];
    if (valueAt(values, ["workloads", name, "injection"]) === "none") {
      return [{ steps, rule: "requires sidecars, which injection: none keeps out; remove one" }];
    }
    const namespace = valueAt(values, ["workloads", name, "namespace"]);
    const isOutside =
      typeof namespace === "string" &&
      valueAt(values, ["namespaces", namespace, "mesh"]) === false &&
      valueAt(values, ["workloads", name, "injection"]) !== "manual";
    return isOutside
      ? [
          {
            steps,
            rule: `requires sidecars, but the namespace ${namespace} is not in the mesh; remove it, or set namespaces.${namespace}.mesh to true`,
          },
        ]
      : [];
  });
}

/**
 * The API server refuses a pod with a container that requests more than its limit, and so every pod of the sample.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits
 */
function checkProxyResources(values: Values): readonly Violation[] {
  return names(values, "workloads").flatMap((name) =>
    (["cpu", "memory"] as const).flatMap((request): readonly Violation[] => {
      const at = ["workloads", name, "proxy", "resources"];
      const steps = [...at, `${request}Limit`];
      const requested = valueAt(values, [...at, request]);
      if (exceeds(requested, valueAt(values, steps)) !== true) return [];
      const rule = `must be at least what ${request} requests, ${JSON.stringify(requested)}, or Kubernetes refuses the pods; raise it, or lower ${request}`;
      return [{ steps, rule }];
    }),
  );
}
