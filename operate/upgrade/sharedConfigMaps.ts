import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../mesh/names.ts";
import type { UpgradeCheck } from "./check.ts";

/**
 * Whether every revision has its shared ConfigMap, if any has: a control plane without it ignores the mesh's settings.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#mesh-configuration-and-upgrades
 */
export const sharedConfigMaps: UpgradeCheck = {
  name: "upgrade-shared-configmap",
  kinds: ["ConfigMap"],
  judge: ({ plan, state }, observe) => {
    const present = state
      .all("ConfigMap")
      .filter(({ metadata }) => metadata.namespace === CONTROL_PLANE_NAMESPACE)
      .map(({ metadata }) => metadata.name);
    const names = plan.configMaps.map(sharedConfigMapName);
    const missing = names.filter((name) => !present.includes(name));
    const [having] = names.filter((name) => present.includes(name));
    if (having === undefined) {
      return [
        observe(
          "passed",
          "shared ConfigMaps",
          "There are none, so every revision has the add-on's defaults.",
        ),
      ];
    }
    if (missing.length === 0) {
      return [observe("passed", "shared ConfigMaps", `${names.join(" and ")} exist.`)];
    }
    return missing.map((name) =>
      observe(
        "failed",
        `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${name}`,
        `It does not exist, but ${having} does: the revision would run with the add-on's defaults.`,
        { fix: "Deploy the phase prepared, which creates it, before the revision starts." },
      ),
    );
  },
};
