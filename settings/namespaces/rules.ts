import { CONTROL_PLANE_NAMESPACE, namespaceNameProblem } from "../../mesh/names.ts";
import { closest } from "../../text/suggest.ts";
import { isLabelKey } from "../core/labels.ts";
import { isExternal } from "../mesh/rules.ts";
import { isMap, valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import { names, read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";
import { checkPodSecurity } from "./podSecurity.ts";
import { Scope } from "./schema.ts";

/** The rules on namespaces. */
export const NAMESPACE_RULES = [
  checkNamespaceNames,
  checkLabelsAndAnnotations,
  checkMeshOnlySettings,
  checkCanary,
  checkSidecarScopes,
  checkPodSecurity,
] as const;

/** Namespaces that Kubernetes, AKS and Flux create. */
export const RESERVED_NAMESPACES = /^(default|flux-system|gatekeeper-system|kube-.*|aks-istio-.*)$/;

function checkNamespaceNames(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((name): Violation[] => {
    const problem = namespaceProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["namespaces", name], rule: `the name ${problem}`, hideValue: true }];
  });
}

/** Labels that the program sets, or that would override those it sets. AKS, too, reserves its own by their prefix. */
const RESERVED =
  /^(istio-injection|istio\.io\/.*|sidecar\.istio\.io\/.*|aks-istio\/.*|pod-security\.kubernetes\.io\/.*|kubernetes\.azure\.com\/.*|control-plane)$/;

function checkLabelsAndAnnotations(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((namespace) =>
    ["labels", "annotations"].flatMap((key): Violation[] => {
      const marks = valueAt(values, ["namespaces", namespace, key]);
      return Object.keys(isMap(marks) ? marks : {}).flatMap((mark): Violation[] => {
        const steps = ["namespaces", namespace, key, mark];
        if (!isLabelKey(mark)) {
          const rule =
            "the name must be up to 63 letters, digits, - _ and ., after an optional domain and /";
          return [{ steps, rule, hideValue: true }];
        }
        if (key === "annotations" || !RESERVED.test(mark)) return [];
        const rule =
          "is reserved for the mesh and pod security; set mesh and podSecurity instead, and remove it";
        return [{ steps, rule, hideValue: true }];
      });
    }),
  );
}

function namespaceProblem(name: string): string | undefined {
  return RESERVED_NAMESPACES.test(name)
    ? "is reserved for Kubernetes, AKS or Flux; choose another name"
    : namespaceNameProblem(name);
}

/**
 * A setting must name one of the stack's namespaces. If it probably means one with an invalid name, only that name is
 * reported.
 */
export function checkNamespaceReference(
  values: Values,
  steps: readonly Step[],
): readonly Violation[] {
  const namespace = valueAt(values, steps);
  if (typeof namespace !== "string" || namespace === "" || !isMap(values["namespaces"])) return [];
  const declared = names(values, "namespaces");
  if (declared.includes(namespace)) return [];
  const meant = closest(namespace, declared);
  if (meant !== undefined && namespaceProblem(meant) !== undefined) return [];
  const wayOut = meant === undefined ? "add it to them" : `did you mean ${meant}?`;
  return [{ steps, rule: `is not one of the stack's namespaces; ${wayOut}` }];
}

/** Outside the mesh, these settings would have no effect. */
function checkMeshOnlySettings(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((name): Violation[] => {
    if (valueAt(values, ["namespaces", name, "mesh"]) !== false) return [];
    return ["canary", "defaultDeny", "sidecarScope"]
      .map((key) => ["namespaces", name, key])
      .filter((steps) => (valueAt(values, steps) ?? false) !== false)
      .map((steps) => ({
        steps,
        rule: "does not apply outside the mesh; remove it, or remove mesh: false from the namespace",
        hideValue: true,
      }));
  });
}

function checkCanary(values: Values): readonly Violation[] {
  if (!isExternal(values)) return [];
  return names(values, "namespaces")
    .map((name) => ["namespaces", name, "canary"])
    .filter((steps) => valueAt(values, steps) === true)
    .map((steps) => ({
      steps,
      rule: "does not apply with mesh.management: external: every namespace follows the newest revision that runs; remove it, or set mesh.management to pinned",
      hideValue: true,
    }));
}

/** Namespaces that the sidecars know in any case. */
function checkSidecarScopes(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((name): Violation[] => {
    const steps = ["namespaces", name, "sidecarScope"];
    return (read(Scope, values, steps) ?? []).flatMap((other, index) =>
      [name, CONTROL_PLANE_NAMESPACE].includes(other)
        ? [
            {
              steps: [...steps, index],
              rule: "is always known to the namespace's sidecars; remove it",
            },
          ]
        : [],
    );
  });
}
