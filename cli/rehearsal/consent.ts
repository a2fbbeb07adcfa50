import { UsageError } from "../../offline/errors.ts";
import { escapeMessage } from "../reports/foreignText.ts";
import { Questions } from "../stack/questions.ts";
import { isOnThisMachine } from "./kubeconfig.ts";
import type { OwnCluster } from "./kubeconfig.ts";

/** The streams of a command, which may be a terminal. */
interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks before a deployment to a cluster that is not on this machine.
 *
 * @throws UsageError if the user does not agree, or cannot be asked
 */
export async function requireConsent(
  { context, access }: OwnCluster,
  { stdin, stderr }: Terminal,
): Promise<void> {
  if (isOnThisMachine(access)) return;
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    const proxy =
      access["proxy-url"] === undefined ? "is not" : "is reached through a proxy, so it may not be";
    throw new UsageError(
      escapeMessage(
        `${access.server} (context ${context}) ${proxy} on this machine. Pass --yes to deploy to it.`,
      ),
    );
  }
  const questions = new Questions(stdin, stderr);
  try {
    const answer = await questions.ask({
      text: "Deploy to this cluster? Type its context to confirm",
      problem: () => undefined,
    });
    if (answer !== context) throw new UsageError("Not confirmed. Nothing was deployed.");
  } finally {
    questions.close();
  }
}
