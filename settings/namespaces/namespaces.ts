import { z } from "zod";
import { CONTROL_PLANE_NAMESPACE, namespaceNameProblem } from "../../mesh/names.ts";
import { closest } from "../../text/suggest.ts";
import type { MeshNamespaces } from "../../mesh/upgrade.ts";
import { isLabelKey } from "../core/labels.ts";
import { LabelValue, keys, list, text } from "../core/scalars.ts";
import { isExternal } from "../mesh/mesh.ts";
import { isMap, valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import { names, read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

const SCOPE_RULE = "must be the name of a namespace";

const Scope = list(
  text(SCOPE_RULE)
    .refine((name) => namespaceNameProblem(name) === undefined, { error: SCOPE_RULE })
    .meta({ examples: ["payments"] }),
);

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY_RULE = 'must be a quantity, such as "8", "500m" or "16Gi"';

/** A namespace under the key `aks-istio:namespaces`. */
export const Namespace = keys({
  mesh: z.boolean().default(true).describe("Whether pods in the namespace get a sidecar."),
  canary: z
    .boolean()
    .default(false)
    .describe("Whether the namespace follows a canary upgrade before the others do."),
  podSecurity: z
    .enum(["privileged", "baseline", "restricted"])
    .optional()
    .describe(
      "The Pod Security Standard that Kubernetes enforces. Without it, the standard is privileged in the mesh and restricted outside it. In the mesh, baseline and restricted require mesh.proxyRedirectionMechanism CNIChaining.",
    ),
  defaultDeny: z
    .boolean()
    .default(false)
    .describe(
      "Whether workloads in the namespace refuse every request that no AuthorizationPolicy allows.",
    ),
  sidecarScope: Scope.optional().describe(
    "The other namespaces whose services the sidecars know; [] means none but their own. Without it, they know the services of all namespaces.",
  ),
  labels: z
    .record(z.string(), LabelValue.describe("The value of the label."))
    .optional()
    .meta({ examples: [{ team: "shop" }] })
    .describe("Additional labels of the namespace, by key."),
  annotations: z
    .record(
      z.string(),
      z
        .string({ error: "must be the value of an annotation, in quotes" })
        .describe("The value of the annotation."),
    )
    .optional()
    .meta({ examples: [{ "example.com/owner": "shop@example.com" }] })
    .describe("Annotations of the namespace, by key."),
  quota: z
    .record(
      z.string(),
      z
        .string({ error: `${QUANTITY_RULE}, in quotes` })
        .regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/, { error: QUANTITY_RULE })
        .meta({ patternErrorMessage: QUANTITY_RULE })
        .describe("The limit, a Kubernetes quantity in quotes."),
    )
    .optional()
    .meta({ examples: [{ "requests.cpu": "8", "requests.memory": "16Gi" }] })
    .describe("The hard limits of a ResourceQuota, by resource. Without it, there is no quota."),
}).describe("A namespace of the cluster.");

/** A sample under the key `aks-istio:workloads`. */
export const Workload = keys({
  namespace: text("must be one of the stack's namespaces")
    .meta({ examples: ["shop"] })
    .describe(
      "The namespace in which the sample runs. Each sample needs a namespace that no other sample uses.",
    ),
}).describe("A sample workload: podinfo as a frontend and a backend.");

/** The namespaces that join the mesh. */
export function meshNamespaces(
  namespaces: Readonly<Record<string, z.output<typeof Namespace>>>,
): MeshNamespaces {
  return Object.fromEntries(Object.entries(namespaces).filter(([, { mesh }]) => mesh));
}

/** Namespaces that are there before the program is: Kubernetes', AKS' and Flux' own. */
export const RESERVED_NAMESPACES = /^(default|flux-system|gatekeeper-system|kube-.*|aks-istio-.*)$/;

export function checkNamespaceNames(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((name): Violation[] => {
    const problem = namespaceProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["namespaces", name], rule: `the name ${problem}`, hideValue: true }];
  });
}

/** Labels that the program sets, or that would undo what it sets; what stands before the slash decides for AKS too. */
const RESERVED =
  /^(istio-injection|istio\.io\/.*|sidecar\.istio\.io\/.*|aks-istio\/.*|pod-security\.kubernetes\.io\/.*|kubernetes\.azure\.com\/.*|control-plane)$/;

/** Names of labels and annotations. */
export function checkLabelsAndAnnotations(values: Values): readonly Violation[] {
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
 * The namespace that a setting names has to be one of the stack's. Where it means one whose own name is refused,
 * there is nothing to say until that has another.
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

/** What only the mesh heeds would be written down, and hold for nothing. */
export function checkMeshOnlySettings(values: Values): readonly Violation[] {
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

export function checkCanary(values: Values): readonly Violation[] {
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

/** What a namespace's sidecars know anyway. */
export function checkSidecarScopes(values: Values): readonly Violation[] {
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

export function checkWorkloadNames(values: Values): readonly Violation[] {
  return names(values, "workloads").flatMap((name): Violation[] => {
    const problem = namespaceNameProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["workloads", name], rule: `the name ${problem}`, hideValue: true }];
  });
}

export function checkWorkloadNamespaces(values: Values): readonly Violation[] {
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
