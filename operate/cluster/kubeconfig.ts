import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { AccessError } from "../accessError.ts";
import { textAt, valueAt } from "./clusterObject.ts";

/** Which cluster a command talks to, by default as kubectl does: KUBECONFIG and its current context. */
export interface ClusterChoice {
  /** A file. */
  readonly kubeconfig?: string;
  /** The text of a kubeconfig, instead of a file. */
  readonly content?: string;
  readonly context?: string;
}

/** How long a credential plugin may take. Whoever has to type something does it with kubectl. */
const PLUGIN_TIMEOUT_MS = 60_000;

/**
 * Reads a kubeconfig. The messages of its parser would quote it, and it contains credentials.
 *
 * @throws AccessError if it cannot be read
 */
export async function loadKubeconfig({ kubeconfig, content }: ClusterChoice): Promise<KubeConfig> {
  // Loading it takes longer than most commands, and many run without a cluster.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    if (content !== undefined) config.loadFromString(content);
    else if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
    else config.loadFromDefault();
  } catch (error) {
    if (content !== undefined) throw new AccessError("The stack's kubeconfig cannot be read.");
    throw new AccessError(
      `The kubeconfig ${kubeconfig ?? "of this machine"} cannot be read: ${reasonOf(error)}. Name another with --kubeconfig.`,
    );
  }
  if (isPlaceholder(config)) {
    throw new AccessError(
      "There is no kubeconfig: KUBECONFIG names none, and ~/.kube/config does not exist. Run az aks get-credentials, or name a file with --kubeconfig.",
    );
  }
  return config;
}

/** Whether the client library found nothing, and made up a cluster on this machine. */
function isPlaceholder(config: KubeConfig): boolean {
  const [context] = config.getContexts();
  return (
    context?.name === "loaded-context" &&
    config.getCurrentCluster()?.server === "http://localhost:8080"
  );
}

interface ParserError {
  readonly code?: unknown;
  readonly message?: string;
  readonly mark?: { readonly line?: unknown };
}

function reasonOf(error: unknown): string {
  const { code, message, mark } = error as ParserError;
  // An error of the file system names only the file.
  if (typeof code === "string" && message !== undefined) return message;
  return typeof mark?.line === "number"
    ? `it is not valid YAML near line ${mark.line + 1}`
    : "it is not a kubeconfig";
}

/**
 * Adds the credentials of the current context to a request. What a credential plugin prints is never shown: it may
 * contain the credentials.
 *
 * @throws Error if there are none
 */
export async function addCredentials(
  config: KubeConfig,
  options: RequestOptions,
  timeoutMs = PLUGIN_TIMEOUT_MS,
): Promise<void> {
  const plugin = valueAt(config.getCurrentUser(), "exec");
  const signedIn = config.applyToHTTPSOptions(options);
  if (plugin === undefined) return signedIn;
  const name = textAt(plugin, "command") ?? "of the kubeconfig";
  const over = new AbortController();
  const tooLate = sleep(timeoutMs, undefined, { signal: over.signal }).then(
    () =>
      Promise.reject(
        new Error(`the credential plugin ${name} did not end in ${timeoutMs / 1000} s`),
      ),
    () => undefined,
  );
  try {
    await Promise.race([
      signedIn.catch((error: unknown) => Promise.reject(failure(name, error))),
      tooLate,
    ]);
  } finally {
    over.abort();
  }
}

function failure(plugin: string, error: unknown): Error {
  const isMissing = (error as { readonly code?: unknown }).code === "ENOENT";
  return new Error(
    `the credential plugin ${plugin} ${isMissing ? "is not installed" : "failed: kubectl get nodes shows why"}`,
  );
}
