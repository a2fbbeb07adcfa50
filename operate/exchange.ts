import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** The response of a server. */
export interface Response {
  readonly status: number;
  readonly text: string;
  /** The milliseconds after which the server asks to be asked again. */
  readonly retryAfter: number | undefined;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
const TIMEOUT_MS = 60_000;
const LONGEST_WAIT_MS = 60_000;
/** Statuses of a request that the server has not served: too many requests, and a server that is about to be available. */
const UNSERVED: readonly number[] = [429, 503];
/** Statuses of a gateway, behind which a server may have served the request. */
const UNCERTAIN: readonly number[] = [502, 504];

/**
 * Sends a request again while the server is busy, waiting as long as it asks, or twice as long each time. Gives up if it
 * asks for more than a minute.
 *
 * @param canRepeat whether the request may be served twice
 * @returns the last response
 */
export async function untilServed(
  send: () => Promise<Response>,
  canRepeat = true,
): Promise<Response> {
  const again = canRepeat ? [...UNSERVED, ...UNCERTAIN] : UNSERVED;
  for (let attempt = 1; ; attempt += 1) {
    const response = await send();
    const wait = response.retryAfter ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
    const isOver = attempt === ATTEMPTS || wait > LONGEST_WAIT_MS;
    if (!again.includes(response.status) || isOver) return response;
    await sleep(wait);
  }
}

/** Sends a request, and reads the response. @throws Error if there is none */
export async function exchange(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
): Promise<Response> {
  const request = url.protocol === "http:" ? httpRequest : httpsRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { ...options, timeout: TIMEOUT_MS }, resolve);
    sent.on("error", (error) => {
      // Of a host with several addresses, the error for all of them has no message.
      reject(error instanceof AggregateError ? (error.errors[0] as Error) : error);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no response in ${TIMEOUT_MS / 1000} s`)));
    sent.end(body);
  });
  response.setEncoding("utf8");
  let text = "";
  for await (const part of response) text += String(part);
  const seconds = Number(response.headers["retry-after"]);
  return {
    status: response.statusCode ?? 0,
    text,
    retryAfter: seconds >= 0 ? seconds * 1000 : undefined,
  };
}
