import { keys, text } from "../core/scalars.ts";

/** A sample under the key `aks-istio:workloads`. */
export const Workload = keys({
  namespace: text("must be one of the stack's namespaces")
    .meta({ examples: ["shop"] })
    .describe("The namespace in which the sample runs. Each sample requires its own namespace."),
}).describe("A sample workload: podinfo as a frontend and a backend.");
