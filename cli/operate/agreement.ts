import type { Unregistered } from "../../operate/preflight/registration.ts";
import { escapeMessage } from "../reports/foreignText.ts";
import { Questions } from "../stack/questions.ts";

/** Asks on a terminal whether to register what is missing in a subscription. An empty answer is a no. */
export async function agreesToRegister(
  { providers, features }: Unregistered,
  subscriptionId: string,
  { stdin, stderr }: Pick<NodeJS.Process, "stdin" | "stderr">,
): Promise<boolean> {
  const questions = new Questions(stdin, stderr);
  try {
    const names = [...providers, ...features].join(", ");
    const answer = await questions.ask({
      text: escapeMessage(`Register ${names} in the subscription ${subscriptionId}? yes or no`),
      preset: "no",
      problem: (text) => (/^(y|yes|n|no)$/i.test(text) ? undefined : "must be yes or no"),
    });
    return /^y/i.test(answer);
  } finally {
    questions.close();
  }
}
