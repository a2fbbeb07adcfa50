import { previewIsOver } from "../../mesh/previewFeatures.ts";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { readFeature } from "../azure/features.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("features");

/** The feature of the add-on's preview, which guides still ask to register. */
const ADD_ON = "Microsoft.ContainerService/AzureServiceMeshPreview";

/** Whether the preview features that the deployment uses are registered. */
export const features: Check = {
  name: "features",
  run: async ({ azure, wanted }) => {
    const judged = wanted.features.map(async (feature) =>
      previewIsOver(feature) === undefined
        ? judgeFeature(feature, await readFeature(azure, feature))
        : [],
    );
    return [...notNeeded(wanted.features), ...(await Promise.all(judged)).flat()];
  },
};

function notNeeded(wanted: readonly string[]): readonly Observation[] {
  const names = [ADD_ON, ...wanted.filter((name) => name.toLowerCase() !== ADD_ON.toLowerCase())];
  return names.flatMap((feature) => {
    const why = previewIsOver(feature);
    return why === undefined ? [] : [say.passed(feature, `It needs no registration: ${why}.`)];
  });
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/preview-features */
export function judgeFeature(
  feature: string,
  answer: Answer<string | undefined>,
): readonly Observation[] {
  const [namespace = "", name = ""] = feature.split("/");
  if (!isAnswered(answer)) return [say.unchecked(feature, answer)];
  switch (answer.value) {
    case "Registered":
      return [say.passed(feature, "It is registered.")];
    case undefined:
      return [
        say.failed(
          feature,
          "Azure does not know it: its name is wrong, or its preview has ended.",
          "Correct its name in cluster.previewFeatures, or remove it.",
          [`az feature list --namespace ${namespace} --output table`],
        ),
      ];
    case "Pending":
      return [
        say.failed(
          feature,
          "Its registration waits for an approval of Microsoft.",
          "Wait for the approval, or ask for it as the feature's page says.",
        ),
      ];
    case "Registering":
      return [
        say.failed(
          feature,
          "Its registration is in progress, which takes up to an hour.",
          "Wait until it is registered, and then register its resource provider again.",
          [
            `az feature show --namespace ${namespace} --name ${name} --query properties.state`,
            `az provider register --namespace ${namespace}`,
          ],
        ),
      ];
    default:
      return [
        say.failed(
          feature,
          `It is ${answer.value} in the subscription.`,
          "Register it and then its resource provider, or run preflight with --fix.",
          [
            `az feature register --namespace ${namespace} --name ${name}`,
            `az provider register --namespace ${namespace}`,
          ],
        ),
      ];
  }
}
