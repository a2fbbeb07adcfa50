import { z } from "zod";
import { namespaceNameProblem } from "../../mesh/names.ts";
import type { MeshNamespaces } from "../../mesh/upgrade.ts";
import { LabelValue, Quantity, keys, list, quoted, text } from "../core/scalars.ts";

const SCOPE_RULE = "must be the name of a namespace";

export const Scope = list(
  text(SCOPE_RULE)
    .refine((name) => namespaceNameProblem(name) === undefined, { error: SCOPE_RULE })
    .meta({ examples: ["payments"] }),
);

/** A namespace under the key `aks-istio:namespaces`. */
export const Namespace = keys({
  mesh: z.boolean().default(true).describe("Whether pods in the namespace get a sidecar."),
  canary: z
    .boolean()
    .default(false)
    .describe("Whether the namespace follows a canary upgrade before the others."),
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
    "The other namespaces whose services the sidecars know; [] means only their own. Without it, they know the services of all namespaces.",
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
        .string({ error: quoted("must be the value of an annotation") })
        .describe("The value of the annotation."),
    )
    .optional()
    .meta({ examples: [{ "example.com/owner": "shop@example.com" }] })
    .describe("Annotations of the namespace, by key."),
  quota: z
    .record(z.string(), Quantity.describe("The limit, a Kubernetes quantity in quotes."))
    .optional()
    .meta({ examples: [{ "requests.cpu": "8", "requests.memory": "16Gi" }] })
    .describe("The hard limits of a ResourceQuota, by resource. Without it, there is no quota."),
}).describe("A namespace of the cluster.");

/** The namespaces that join the mesh. */
export function meshNamespaces(
  namespaces: Readonly<Record<string, z.output<typeof Namespace>>>,
): MeshNamespaces {
  return Object.fromEntries(Object.entries(namespaces).filter(([, { mesh }]) => mesh));
}
