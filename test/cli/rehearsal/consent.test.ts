import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { requireConsent } from "../../../cli/rehearsal/consent.ts";
import { UsageError } from "../../../offline/errors.ts";

const REMOTE = "https://kind.example.com";

const cluster = (server: string, proxy?: string) => ({
  context: "kind",
  access: { server, ...(proxy === undefined ? {} : { "proxy-url": proxy }) },
  credential: { token: "t" },
});

/** A terminal on which a user types, and then ends the input. */
function terminal(typed: string, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(typed);
  return { stdin, stderr: Object.assign(new PassThrough(), { isTTY }) };
}

test.each([
  ["its context is typed", REMOTE, "kind\n"],
  ["it is on this machine", "https://127.0.0.1:6443", ""],
])("a cluster is deployed to if %s", async (_, server, typed) => {
  await expect(requireConsent(cluster(server), terminal(typed))).resolves.toBeUndefined();
});

test.each([
  ["another context is typed", "production\n", "Not confirmed. Nothing was deployed."],
  ["the input ends", "", "The input ended before the last answer. Nothing was done."],
])("a cluster is not deployed to if %s", async (_, typed, message) => {
  await expect(requireConsent(cluster(REMOTE), terminal(typed))).rejects.toThrow(
    new UsageError(message),
  );
});

test.each([
  [cluster(REMOTE), `${REMOTE} (context kind) is not on this machine.`],
  [
    cluster("https://127.0.0.1:6443", "http://user:confidential@proxy"),
    "https://127.0.0.1:6443 (context kind) is reached through a proxy, so it may not be on this machine.",
  ],
])("without a terminal, a cluster elsewhere requires --yes", async (remote, message) => {
  await expect(requireConsent(remote, terminal("", false))).rejects.toThrow(
    new UsageError(`${message} Pass --yes to deploy to it.`),
  );
});
