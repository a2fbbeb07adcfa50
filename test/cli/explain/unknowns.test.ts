import { expect, test } from "vitest";
import { withoutUnknown } from "../../../cli/explain/unknowns.ts";
import { unknownText } from "../../../manifests/unknownText.ts";

const unknown = unknownText("value");
const pod = (labels: Readonly<Record<string, string>>, image: string) => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop", labels } },
  spec: { containers: [{ image }] },
});

test("an object is itself if nothing that decides about its sidecar is unknown", () => {
  const known = pod({ app: "web" }, unknown);
  expect(withoutUnknown(known)).toBe(known);
});

test("a label that is unknown is named as in findings", () => {
  expect(() => withoutUnknown(pod({ "istio.io/rev": unknown }, "web"))).toThrow(
    'The plan does not know metadata.labels["istio.io/rev"] of Pod shop/web, which decide about its sidecar. Assume a value: see docs/assumptions.md.',
  );
});
