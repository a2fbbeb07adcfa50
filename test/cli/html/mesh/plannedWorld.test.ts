import { expect, test } from "vitest";
import { plannedWorld } from "../../../../cli/html/mesh/plannedWorld.ts";
import { unknownText } from "../../../../manifests/unknownText.ts";

const unknown = unknownText("value");
const object = (apiVersion: string, kind: string, fields: object) => ({
  ...{ apiVersion, kind, metadata: { name: "shop", namespace: "orders" } },
  ...fields,
});

test.each([
  [
    object("networking.istio.io/v1", "VirtualService", {
      spec: { http: [{ route: [{ destination: { host: unknown } }] }] },
    }),
    "The plan does not know spec.http[0].route[0].destination.host of VirtualService orders/shop.",
  ],
  [
    object("v1", "Pod", {
      metadata: { name: "shop", namespace: "orders", labels: { "istio.io/rev": unknown } },
    }),
    'The plan does not know metadata.labels["istio.io/rev"] of Pod orders/shop.',
  ],
])("what decides and is unknown is named as in findings: %#", (one, reason) => {
  const unread = plannedWorld([one], []).unread();
  expect(unread.map((each) => each.reason)).toEqual([reason]);
});
