import { clusterExtensions } from "../azure/clusterExtensions.ts";
import type { FluxConfiguration } from "./flux.ts";
import type { Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The Flux extensions of the stack that may apply a Flux configuration, because they may be on its cluster. */
export function fluxExtensionsFor(flux: FluxConfiguration, stack: Stack): readonly Target[] {
  return stack
    .all(clusterExtensions)
    .filter(({ extensionType }) => {
      const type = extensionType.text();
      return typeof type === "string" && type.toLowerCase() === "microsoft.flux";
    })
    .filter((one) => mayShareCluster(one, flux));
}

function mayShareCluster(a: Target, b: Target): boolean {
  const [nameA, nameB] = [a, b].map(({ resource: { inputs } }) => {
    const name = inputs.at("clusterName").text() ?? inputs.at("clusterId").text();
    return typeof name === "string" ? name.toLowerCase() : undefined;
  });
  return nameA === undefined || nameB === undefined || nameA === nameB;
}
