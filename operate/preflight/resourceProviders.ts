import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import type { ResourceProvider } from "../azure/resourceProviders.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { WantedService } from "./wanted.ts";

const say = sayings("resource-providers");

/** Whether the resource providers that the deployment uses are registered. */
export const resourceProviders: Check = {
  name: "resource-providers",
  run: ({ wanted, providers }) =>
    [...providers].flatMap(([namespace, answer]) => {
      const service = wanted.services.find((each) => each.namespace === namespace);
      return service === undefined ? [] : judgeProvider(service, answer);
    }),
};

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types */
export function judgeProvider(
  { namespace, setting }: WantedService,
  answer: Answer<ResourceProvider | undefined>,
): readonly Observation[] {
  if (!isAnswered(answer)) return [say.unchecked(namespace, answer)];
  if (answer.value === undefined) {
    return [
      say.failed(
        namespace,
        `This cloud has no such resource provider${becauseOf(setting)}.`,
        setting === undefined ? "Deploy to another cloud." : `Turn off ${setting}.`,
      ),
    ];
  }
  const { state } = answer.value;
  if (state === "Registered") return [say.passed(namespace, "It is registered.")];
  if (state === "Registering") {
    return [
      say.warning(namespace, "Its registration is in progress.", "Wait until it is registered.", [
        `az provider show --namespace ${namespace} --query registrationState`,
      ]),
    ];
  }
  return [
    say.failed(
      namespace,
      `It is ${state} in the subscription${becauseOf(setting)}.`,
      "Register it, or run preflight with --fix.",
      [`az provider register --namespace ${namespace}`],
    ),
  ];
}

function becauseOf(setting: string | undefined): string {
  return setting === undefined ? "" : `, and ${setting} needs it`;
}
