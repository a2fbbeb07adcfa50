import { expect, test } from "vitest";
import { stablePod } from "../../inject/stablePod.ts";
import type { JsonObject } from "../../yaml/json.ts";

const PROXY = { name: "istio-proxy", image: "proxyv2", args: ["proxy"] };

/** A pod with an ID in every place where a webhook may write one. */
function withId(id: string, app: JsonObject = { env: [{ name: "ID", value: id }] }) {
  const metadata = { uid: id, labels: { app: "web", id }, annotations: { id } };
  const volumes = [{ name: "data" }, { name: `token-${id}` }];
  return { metadata, spec: { containers: [{ name: "app", ...app }], volumes } };
}

function injected(id: string, proxy: JsonObject = PROXY) {
  const { metadata, spec } = withId(id);
  const sidecar = { ...proxy, env: [{ name: "A" }, { name: "ID", valueFrom: { field: { id } } }] };
  return { metadata, spec: { ...spec, containers: [...spec.containers, sidecar] } };
}

test("what differs between equal requests is as without the sidecar, or not there", () => {
  const { pod, unstable } = stablePod(injected("2"), injected("3"), withId("1"));
  expect(pod).toEqual({
    metadata: { uid: "2", labels: { app: "web", id: "1" }, annotations: { id: "1" } },
    spec: {
      containers: [
        { name: "app", env: [{ name: "ID", value: "1" }] },
        { ...PROXY, env: [{ name: "A" }] },
      ],
      volumes: [{ name: "data" }],
    },
  });
  expect(unstable).toEqual([
    "metadata.labels.id",
    "metadata.annotations.id",
    "spec.containers[app].env[ID].value",
    "spec.containers[istio-proxy].env[ID].valueFrom.field.id",
    "spec.volumes[token-2]",
    "spec.volumes[token-3]",
  ]);
});

test("an equal answer stays as it is", () => {
  expect(stablePod(injected("1"), injected("1"), withId("1"))).toEqual({
    pod: injected("1"),
    unstable: [],
  });
});

test("a sidecar with another image each time goes as a whole, and an own container stays", () => {
  const [one, again] = [injected("1", { ...PROXY, image: "a" }), injected("1", PROXY)];
  const { pod, unstable } = stablePod(one, again, withId("1"));
  expect(pod["spec"]).toEqual(withId("1").spec);
  expect(unstable).toEqual(["spec.containers[istio-proxy].image"]);

  const own = stablePod(withId("1", { a: "1" }), withId("1", { a: "2" }), withId("1", {}));
  expect(own.pod["spec"]).toEqual(withId("1", {}).spec);
});
