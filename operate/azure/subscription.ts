import { askFor } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";

/** A subscription. */
export interface Subscription {
  readonly name: string;
  /** `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`. */
  readonly state: string;
}

/**
 * The subscription; undefined if it does not exist in the tenant of the identity.
 *
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/get
 */
export async function readSubscription({
  subscriptionId,
  credential,
  options,
}: Azure): Promise<Answer<Subscription | undefined>> {
  const question = async () => {
    const { SubscriptionClient } = await import("@azure/arm-resources-subscriptions");
    const client = new SubscriptionClient(credential, options);
    const { displayName, state } = await client.subscriptions.get(subscriptionId);
    return { name: displayName ?? subscriptionId, state: state ?? "Enabled" };
  };
  return askFor(`the subscription ${subscriptionId}`, question, ["SubscriptionNotFound"]);
}
