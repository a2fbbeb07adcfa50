import { kubernetesFit, kubernetesMinor } from "../../mesh/catalog.ts";
import { textAt } from "../cluster/clusterObject.ts";
import type { UpgradeCheck } from "./check.ts";
import { startedRevision } from "./revisions.ts";

/**
 * Whether the revision that the step starts runs on the Kubernetes versions of the nodes, which may differ from the
 * settings.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility
 */
export const kubernetesVersion: UpgradeCheck = {
  name: "upgrade-kubernetes-version",
  kinds: ["Node"],
  judge: (upgrade, observe) => {
    const { state, version } = upgrade;
    const revision = startedRevision(upgrade);
    if (revision === undefined) return [];
    const versions = state
      .all("Node")
      .map((node) => textAt(node, "status", "nodeInfo", "kubeletVersion") ?? "")
      .map((text) => /^v?(\d+\.\d+)\./.exec(text)?.[1] ?? text);
    const distinct = [...new Set(versions)].sort(
      (one, other) => (kubernetesMinor(one) ?? 0) - (kubernetesMinor(other) ?? 0),
    );
    return distinct.map((minor) => {
      const subject = `nodes on Kubernetes ${minor}`;
      const { fits, range } = kubernetesFit(revision, minor, version.plan);
      const runsOn = range === undefined ? "" : `; it runs on ${range.oldest} to ${range.newest}`;
      if (fits === true) return observe("passed", subject, `${revision} runs on it.`);
      return fits === false
        ? observe(
            "failed",
            subject,
            `${revision} does not run on it under ${version.plan}${runsOn}.`,
            { fix: "Upgrade the cluster if it is too old, or choose another revision." },
          )
        : observe("warning", subject, `The catalog does not know whether ${revision} runs on it.`, {
            fix: "Ask Azure: az aks mesh get-upgrades.",
          });
    });
  },
};
