import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { AccessError } from "../accessError.ts";
import { exchange, untilServed } from "../exchange.ts";
import type { Response } from "../exchange.ts";
import { addCredentials, loadKubeconfig } from "./kubeconfig.ts";
import type { ClusterChoice } from "./kubeconfig.ts";

/** A response of the API server with an error status, or one that is not what was asked for. */
export class Refusal extends Error {
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request. The path begins at the root of the API server. */
export interface ApiRequest {
  readonly path: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: { readonly type: string; readonly value: unknown };
}

/**
 * The API server of a kubeconfig's context. It sends and returns plain JSON: the typed objects of the client library
 * drop fields that the library does not know.
 */
export class ApiServer {
  readonly context: string;
  readonly #config: KubeConfig;
  readonly #server: string;

  /**
   * The names of the contexts of a kubeconfig.
   *
   * @throws AccessError if it cannot be read
   */
  static async contexts(
    choice: Pick<ClusterChoice, "kubeconfig" | "content">,
  ): Promise<readonly string[]> {
    const config = await loadKubeconfig(choice);
    return config.getContexts().map(({ name }) => name);
  }

  /**
   * The API server of a choice. Nothing is sent yet.
   *
   * @throws AccessError if there is no such kubeconfig or context
   */
  static async of(choice: ClusterChoice): Promise<ApiServer> {
    return new ApiServer(await loadKubeconfig(choice), choice.context);
  }

  private constructor(config: KubeConfig, context: string | undefined) {
    const names = config.getContexts().map(({ name }) => name);
    if (context !== undefined && !names.includes(context)) {
      throw new AccessError(
        `The kubeconfig has no context "${context}". It has: ${names.join(", ") || "none"}.`,
      );
    }
    if (context !== undefined) config.setCurrentContext(context);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
      throw new AccessError(
        "The kubeconfig has no current context with a cluster. Name one with --context, or run az aks get-credentials.",
      );
    }
    this.context = config.getCurrentContext();
    this.#config = config;
    this.#server = server;
  }

  /**
   * Sends a request, and again while the server is busy.
   *
   * @returns the parsed response
   * @throws Refusal for a response with an error status, and for one that is not JSON
   * @throws AccessError if there is no response
   */
  async send(request: ApiRequest): Promise<unknown> {
    const { status, text } = await untilServed(() => this.#once(request));
    if (status >= 300) throw new Refusal(status, statusMessage(text) ?? `status ${status}`);
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new Refusal(status, "its answer is not JSON");
    }
  }

  async #once({ path, method = "GET", query = {}, body }: ApiRequest): Promise<Response> {
    const url = this.#urlOf(path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const options: RequestOptions = {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": body.type }),
      },
    };
    try {
      await addCredentials(this.#config, options);
      return await exchange(url, options, body && JSON.stringify(body.value));
    } catch (error) {
      throw new AccessError(
        `The cluster of context "${this.context}" cannot be reached: ${messageOf(error)}. Check the network, and run az aks get-credentials again if the credentials are old.`,
      );
    }
  }

  #urlOf(path: string): URL {
    const url = this.#server.replace(/\/$/, "") + path;
    if (URL.canParse(url)) return new URL(url);
    throw new AccessError(
      `The server of context "${this.context}" is not a URL. Run az aks get-credentials again.`,
    );
  }
}

/** The message of a `Status` object. */
function statusMessage(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
