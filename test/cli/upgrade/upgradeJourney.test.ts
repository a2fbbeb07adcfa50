import { afterEach, expect, test } from "vitest";
import { upgradeJourney } from "../../../cli/upgrade/upgradeJourney.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { loadAssumptions } from "../../../offline/stackOptions.ts";
import { ApiServer } from "../../../operate/cluster/apiServer.ts";
import { serveApi } from "../../support/apiServerStandIn.ts";
import type { ApiServerStandIn } from "../../support/apiServerStandIn.ts";

let standIn: ApiServerStandIn | undefined;

afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

function journey(signal: AbortSignal, server: () => Promise<ApiServer>) {
  const done: string[] = [];
  return {
    done,
    journey: upgradeJourney({
      project: loadProject("."),
      stack: "dev",
      assumptions: loadAssumptions(undefined),
      choice: { direction: "next", to: undefined },
      day: "2026-08-24",
      skip: [],
      azure: () => Promise.resolve({ reason: "Azure was not asked.", fix: "Ask it." }),
      deployed: {
        up: () => {
          done.push("up");
          return Promise.resolve();
        },
        kubeconfig: () => Promise.resolve(undefined),
      },
      server,
      waveSize: 1,
      timeoutMs: 0,
      signal,
      say: () => undefined,
    }),
  };
}

test("deploys nothing once it is interrupted", async () => {
  const controller = new AbortController();
  const { journey: run, done } = journey(controller.signal, () => Promise.reject(new Error()));
  await run.deploy();
  controller.abort();
  await expect(run.deploy()).rejects.toThrow(/aborted/);
  expect(done).toEqual(["up"]);
});

test("moves nothing if it may not see what to move", async () => {
  const api = await serveApi(({ path }) =>
    path.includes("poddisruptionbudgets") ? { status: 403, body: {} } : { body: { items: [] } },
  );
  standIn = api;
  const { kubeconfig } = api;
  const server = () => ApiServer.of({ kubeconfig });
  const { journey: run } = journey(new AbortController().signal, server);
  expect((await run.move()).map(({ outcome, message }) => [outcome, message])).toEqual([
    ["unchecked", "The cluster does not let you list poddisruptionbudgets.policy."],
  ]);
});
