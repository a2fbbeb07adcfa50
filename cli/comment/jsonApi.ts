import type { z } from "zod";
import { withoutCredentials } from "../../manifests/tools/withoutCredentials.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { exchange, untilServed } from "../../operate/exchange.ts";
import type { Response } from "../../operate/exchange.ts";
import { NotPermittedError } from "./pullRequest.ts";

interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH";
  readonly body?: object;
}

/** The most of an answer that a message quotes. */
const QUOTED = 300;

/** What to do about an answer, by its status. */
const FIXES: Readonly<Record<number, string>> = {
  401: " Pass a token that is valid.",
  404: " The token must be allowed to see the pull request.",
  429: " Run this again later.",
};

/** An API that takes and returns JSON. */
export class JsonApi {
  readonly #root: string;
  readonly #token: string;

  constructor(root: string, token: string) {
    this.#root = root;
    this.#token = token;
  }

  /**
   * @throws NotPermittedError if the token may not do that
   * @throws UsageError if the API cannot be reached, or answers anything else
   */
  async send<Answer>(
    path: string,
    answer: z.ZodType<Answer>,
    { method = "GET", body }: Request = {},
  ): Promise<Answer> {
    const url = `${this.#root}${path}`;
    // Redirects are not followed: another server must not get the token.
    const { status, text } = await this.#answered(url, method, body && JSON.stringify(body));
    const said = this.#shown(`${method} ${url}: ${status} ${text}`, url.length + QUOTED);
    if (status === 403) throw new NotPermittedError(said);
    const parsed = answer.safeParse(jsonOf(text));
    if (status < 200 || status > 299 || !parsed.success) {
      throw new UsageError(`${said}${fixOf(status)}`);
    }
    return parsed.data;
  }

  async #answered(url: string, method: string, body: string | undefined): Promise<Response> {
    const headers = {
      Accept: "application/json",
      Authorization: `Bearer ${this.#token}`,
      "Content-Type": "application/json",
      // GitHub serves no request without it.
      "User-Agent": "aks-istio",
    };
    try {
      // A comment must not be written twice.
      return await untilServed(
        () => exchange(new URL(url), { method, headers }, body),
        method !== "POST",
      );
    } catch (error) {
      throw new UsageError(this.#shown(`${url} cannot be reached: ${messageOf(error)}`));
    }
  }

  /** A message without the token: a server may repeat it, and an error quotes one that cannot be sent. */
  #shown(text: string, length = Infinity): string {
    return withoutCredentials(text.replaceAll(this.#token, "[secret]")).slice(0, length);
  }
}

function fixOf(status: number): string {
  if (status >= 300 && status <= 399) return " Name the server itself: redirects are not followed.";
  return FIXES[status >= 500 ? 429 : status] ?? "";
}

/** A text as JSON; undefined if it is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
