import { z } from "zod";
import { wholeNumber } from "../core/numbers.ts";
import { Quantity, keys, text } from "../core/scalars.ts";
import { variants } from "../core/unions.ts";

const ProxyResources = keys({
  cpu: Quantity.meta({ examples: ["100m"] }).describe("The CPU that it requests."),
  memory: Quantity.meta({ examples: ["128Mi"] }).describe("The memory that it requests."),
  cpuLimit: Quantity.optional()
    .meta({ examples: ["2"] })
    .describe("The most CPU that it may use. Without it, it may use what is idle."),
  memoryLimit: Quantity.meta({ examples: ["256Mi"] }).describe("The most memory that it may use."),
});

const Proxy = keys({
  resources: ProxyResources.optional().describe(
    "CPU and memory of each sidecar, as Kubernetes quantities in quotes. Without it, the add-on requests 100m and 128Mi, with limits of 2 and 1Gi.",
  ),
  holdApplicationUntilProxyStarts: z
    .boolean()
    .optional()
    .describe(
      "Whether containers start only once their sidecar is ready. Without it, mesh.meshConfig decides. Native sidecars always start first.",
    ),
  native: z
    .boolean()
    .optional()
    .describe(
      "Whether sidecars are init containers that keep running, or containers beside the others. Without it, the revision decides: native from asm-1-29 on, if every node runs Kubernetes 1.33 or later.",
    ),
});

const INJECTED = {
  excluded: "does not apply without injection: manual; remove it, or set injection to manual",
};

/** A sample under the key `aks-istio:workloads`. */
export const Workload = variants(
  keys({
    namespace: text("must be one of the stack's namespaces")
      .meta({ examples: ["shop"] })
      .describe("The namespace in which the sample runs. Each sample requires its own namespace."),
    injection: z
      .enum(["automatic", "manual", "none"])
      .default("automatic")
      .describe(
        "How the pods get their sidecars: automatic leaves it to the label of the namespace, manual takes them from injected, and none keeps them out, also in a namespace of the mesh.",
      ),
    injected: text("must be a YAML file, by its path in the project")
      .optional()
      .meta({ examples: ["sidecars/storefront.yaml"] })
      .describe(
        "The file with the sample's Deployments and their sidecars, by its path in the project: while injection is automatic, write the Deployments with `npx aks-istio render`, and give them to `npx aks-istio inject`; then set manual. For another revision, inject this file again with --refresh. Required by injection: manual.",
      ),
    proxy: Proxy.optional().describe("The sidecars. Without it, they are as the mesh sets them."),
    canaryWeight: wholeNumber("the canary's percentage of requests", 0, 100)
      .optional()
      .meta({ examples: [10] })
      .describe(
        "The percentage of the backend's requests that a second version of it gets. Without it, the backend has one version.",
      ),
  }),
  "injection",
  {
    automatic: { injected: INJECTED },
    none: {
      injected: INJECTED,
      proxy: { excluded: "does not apply to injection: none; remove it" },
    },
    manual: {
      injected: {
        required:
          "is required by injection: manual: the file with what `npx aks-istio inject` printed of the sample's Deployments",
      },
    },
  },
).describe("A sample workload: podinfo as a frontend and a backend.");
