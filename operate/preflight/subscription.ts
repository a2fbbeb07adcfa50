import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { readSubscription } from "../azure/subscription.ts";
import type { Subscription } from "../azure/subscription.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("subscription");

/** Whether the subscription exists, and accepts new resources. */
export const subscription: Check = {
  name: "subscription",
  run: async ({ azure }) => judgeSubscription(azure.subscriptionId, await readSubscription(azure)),
};

/** @see https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states */
export function judgeSubscription(
  id: string,
  answer: Answer<Subscription | undefined>,
): readonly Observation[] {
  const subject = `subscription ${id}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  if (answer.value === undefined) {
    return [
      say.failed(
        subject,
        "It does not exist in the tenant in which you are signed in, so nothing else was checked.",
        "Name another with --subscription, or sign in to its tenant.",
        ["az account list --output table"],
      ),
    ];
  }
  const { name, state } = answer.value;
  if (state === "Enabled") return [say.passed(subject, `${name} is enabled.`)];
  const stillWorks = state === "PastDue";
  const message = `${name} is ${state}${stillWorks ? ", so it will soon be disabled" : ", which allows no new resources"}.`;
  const fix = "Its account owner enables it in the Azure portal.";
  return [stillWorks ? say.warning(subject, message, fix) : say.failed(subject, message, fix)];
}
