import type { ManagedCluster } from "@azure/arm-containerservice";
import { kubernetesMinor } from "../../mesh/catalog.ts";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { readKubernetesVersions } from "../azure/kubernetesVersions.ts";
import type { OfferedKubernetes } from "../azure/kubernetesVersions.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { Wanted } from "./wanted.ts";

const say = sayings("kubernetes-version");

/** Whether the region offers the version of Kubernetes under the support plan. */
export const kubernetesVersion: Check = {
  name: "kubernetes-version",
  run: async ({ azure, wanted, cluster }) =>
    judgeKubernetes(
      wanted,
      await readKubernetesVersions(azure, wanted.location),
      isAnswered(cluster) ? cluster.value : undefined,
    ),
};

/** @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions */
export function judgeKubernetes(
  { location, kubernetesVersion: wanted, plan }: Wanted,
  answer: Answer<readonly OfferedKubernetes[]>,
  cluster: ManagedCluster | undefined,
): readonly Observation[] {
  const subject = `Kubernetes ${wanted}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  const minor = kubernetesMinor(wanted);
  const same = (version: string | undefined) => kubernetesMinor(version) === minor;
  const offered = answer.value.find(({ version }) => same(version));
  const choice = answer.value
    .filter(({ plans, isPreview }) => plans.includes(plan) && !isPreview)
    .map(({ version }) => version)
    .sort((a, b) => (kubernetesMinor(a) ?? 0) - (kubernetesMinor(b) ?? 0))
    .join(", ");
  if (offered?.plans.includes(plan) === true) {
    return offered.isPreview
      ? [
          say.warning(
            subject,
            `${location} offers it only as a preview, without support.`,
            `Choose one of ${choice} as cluster.kubernetesVersion in production.`,
          ),
        ]
      : [say.passed(subject, `${location} offers it with the support plan ${plan}.`)];
  }
  const why =
    offered === undefined
      ? `${location} does not offer it`
      : `${location} offers it only with the support plan ${offered.plans.join(", ")}, not with ${plan}`;
  const fix = `Choose one of ${choice} as cluster.kubernetesVersion${offered === undefined ? "" : ", or another cluster.supportPlan"}.`;
  // AKS lets a cluster keep a version that it no longer offers.
  return same(cluster?.currentKubernetesVersion ?? cluster?.kubernetesVersion)
    ? [say.warning(subject, `The cluster runs it, but ${why}.`, fix)]
    : [say.failed(subject, `${why}.`, fix)];
}
