import { expect, test } from "vitest";
import type { Injection } from "../../inject/addition.ts";
import { NotInjected } from "../../inject/injector.ts";
import { requireSidecar } from "../../inject/requireSidecar.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";

const STATUS = { "sidecar.istio.io/status": "{}" };
const WRITTEN = { name: "app", image: "app:1", env: [{ name: "A", value: "1" }] };
const APP = { ...WRITTEN, args: [] };
const SETUP = { name: "setup", image: "setup:1" };
const PROXY = { name: "istio-proxy", image: "proxyv2" };
const OWN = { containers: [APP], initContainers: [SETUP], volumes: [{ name: "data" }] };

function pod(spec: JsonObject, annotations: JsonObject = {}, labels: Json = { app: "web" }) {
  return { metadata: { labels, annotations }, spec };
}

const SENT = pod(OWN);
const WITHOUT = pod(OWN);

function outcome(injection: Injection, sent: JsonObject = SENT): string {
  try {
    return requireSidecar(sent, injection, "Fix it.") === injection ? "whole" : "changed";
  } catch (error) {
    if (error instanceof NotInjected) return error.message;
    throw error;
  }
}

test.each<[string, JsonObject]>([
  ["beside the others", { ...OWN, containers: [APP, PROXY] }],
  ["as an init container", { ...OWN, initContainers: [PROXY, SETUP] }],
  ["with fields that Go left out", { ...OWN, containers: [WRITTEN, PROXY] }],
])("a sidecar may be %s", (_, spec) => {
  expect(outcome({ without: WITHOUT, with: pod(spec, STATUS) })).toBe("whole");
});

test("the user's own settings of the sidecar may move to the init containers", () => {
  const own = pod({ ...OWN, containers: [APP, PROXY] });
  const now = pod({ ...OWN, initContainers: [PROXY, SETUP] }, STATUS);
  expect(outcome({ without: own, with: now }, own)).toBe("whole");
});

test.each<[string, JsonObject, string]>([
  [
    "only annotations",
    { metadata: { labels: { app: "web" }, annotations: STATUS } },
    "the answer for its pod lacks app, setup, data. Fix it.",
  ],
  [
    "only the sidecar",
    pod({ ...OWN, containers: [PROXY] }, STATUS),
    "the answer for its pod lacks app. Fix it.",
  ],
  [
    "no init container",
    pod({ containers: [APP, PROXY], volumes: OWN.volumes }, STATUS),
    "the answer for its pod lacks setup. Fix it.",
  ],
  [
    "no volume",
    pod({ ...OWN, containers: [APP, PROXY], volumes: [] }, STATUS),
    "the answer for its pod lacks data. Fix it.",
  ],
  [
    "no label",
    pod({ ...OWN, containers: [APP, PROXY] }, STATUS, {}),
    "the answer for its pod lacks the label app. Fix it.",
  ],
  [
    "less of a container",
    pod({ ...OWN, containers: [{ name: "app", image: "app:1" }, PROXY] }, STATUS),
    "the answer for its pod lacks app.env. Fix it.",
  ],
  ["the mark alone", pod(OWN, STATUS), "the injector added no sidecar. Fix it."],
  [
    "a sidecar without an image",
    pod({ ...OWN, containers: [APP, { name: "istio-proxy" }] }, STATUS),
    "the injector added no sidecar. Fix it.",
  ],
  ["no mark", pod({ ...OWN, containers: [APP, PROXY] }), "the injector added no sidecar. Fix it."],
])("an answer is refused that has %s", (_, now, message) => {
  expect(outcome({ without: WITHOUT, with: now })).toBe(message);
});

test("the answer for the pod that is opted out is judged, too", () => {
  const now = pod({ ...OWN, containers: [APP, PROXY] }, STATUS);
  expect(outcome({ without: pod({}), with: now })).toBe(
    "the answer for its pod lacks app, setup, data. Fix it.",
  );
  expect(outcome({ without: pod({ ...OWN, containers: [{ name: "app" }] }), with: now })).toBe(
    "the answer for its pod lacks app. Fix it.",
  );
  for (const without of [pod(OWN, STATUS), pod({ ...OWN, containers: [APP, PROXY] })]) {
    expect(outcome({ without, with: now })).toBe(
      "its pod has a sidecar even when it is opted out. Fix it.",
    );
  }
});
