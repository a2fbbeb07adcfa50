import type { RequestOptions } from "node:https";
import { afterEach, expect, test } from "vitest";
import { exchange, untilServed } from "../../operate/exchange.ts";
import { serveJson } from "../support/jsonServer.ts";
import type { JsonServer, Reply } from "../support/jsonServer.ts";

let server: JsonServer | undefined;

afterEach(async () => {
  await server?.stop();
});

/** How often a server is asked that answers so once, and then serves, and what the last status is. */
async function asked(first: Reply, canRepeat: boolean) {
  const replies = [first];
  const { url, asked: requests } = (server = await serveJson(() => replies.pop() ?? { body: {} }));
  const { status } = await untilServed(() => exchange(new URL(url), {}, undefined), canRepeat);
  return { times: requests.length, status };
}

const busy = (status: number, seconds = "0"): Reply => ({
  status,
  headers: { "Retry-After": seconds },
  body: {},
});

test.each([
  [429, true, { times: 2, status: 200 }],
  [429, false, { times: 2, status: 200 }],
  [503, false, { times: 2, status: 200 }],
  [502, true, { times: 2, status: 200 }],
  [502, false, { times: 1, status: 502 }],
  [504, true, { times: 2, status: 200 }],
  [504, false, { times: 1, status: 504 }],
  [500, true, { times: 1, status: 500 }],
])("after %i, a request that may be served twice (%s)", async (status, canRepeat, expected) => {
  expect(await asked(busy(status), canRepeat)).toEqual(expected);
});

test("a server that asks for more than a minute is not waited for", async () => {
  expect(await asked(busy(429, "61"), true)).toEqual({ times: 1, status: 429 });
});

test("a host with several addresses that do not answer has a reason", async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
  const lookup: NonNullable<RequestOptions["lookup"]> = (_host, _options, done) => {
    done(null, addresses);
  };
  await expect(exchange(new URL("http://host:9"), { lookup }, undefined)).rejects.toThrow(
    /^connect ECONNREFUSED 127\.0\.0\.1:9/,
  );
});
