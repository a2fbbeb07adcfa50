import type { ManagedCluster } from "@azure/arm-containerservice";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { resourceGroupOf } from "../azure/managedCluster.ts";
import { readResourceGroup } from "../azure/resourceGroups.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("names");

/** Whether the resource group that is named exists, and the cluster's name is free. */
export const names: Check = {
  name: "names",
  run: async ({ azure, wanted: { resourceGroup, clusterName, existingCluster }, cluster }) => [
    ...(resourceGroup === undefined
      ? []
      : judgeGroup(resourceGroup, await readResourceGroup(azure, resourceGroup))),
    ...(existingCluster !== undefined
      ? judgeExisting(existingCluster, cluster)
      : clusterName === undefined
        ? []
        : judgeCluster(clusterName, cluster)),
    say.passed("other resources", "Pulumi generates their names, so they are not taken."),
  ],
};

/** The group must exist. */
export function judgeGroup(
  name: string,
  answer: Answer<{ readonly location: string } | undefined>,
): readonly Observation[] {
  const subject = `resource group ${name}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  return answer.value === undefined
    ? [
        say.failed(
          subject,
          "It does not exist, but cluster.resourceGroup names an existing one.",
          "Create it, or remove cluster.resourceGroup: the program then creates one.",
        ),
      ]
    : [say.passed(subject, `It exists, in ${answer.value.location}.`)];
}

/** The cluster that the stack has created must exist. */
export function judgeExisting(
  name: string,
  answer: Answer<ManagedCluster | undefined>,
): readonly Observation[] {
  const subject = `cluster ${name}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  return answer.value === undefined
    ? [
        say.failed(
          subject,
          "It does not exist, but --cluster names the stack's cluster.",
          "Correct --cluster, or leave it out before the first deployment.",
          ["az aks list --output table"],
        ),
      ]
    : [say.passed(subject, `It exists, in the resource group ${resourceGroupOf(answer.value)}.`)];
}

/** A cluster of the name may be the stack's own. */
export function judgeCluster(
  name: string,
  answer: Answer<ManagedCluster | undefined>,
): readonly Observation[] {
  const subject = `cluster ${name}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  if (answer.value === undefined) return [say.passed(subject, "The name is free.")];
  return [
    say.warning(
      subject,
      `It exists already, in the resource group ${resourceGroupOf(answer.value)}. pulumi up updates it if this stack created it, and fails otherwise.`,
      "If the stack created it, say so with --cluster; otherwise choose another cluster.name.",
      ["pulumi stack --show-urns"],
    ),
  ];
}
