import { expect, test } from "vitest";
import { allowSampleCallers } from "../../../components/samples/sampleCallers.ts";
import { mockEngine } from "../../support/mocks.ts";

const POLICY = "kubernetes:security.istio.io/v1:AuthorizationPolicy";

test("allows only the requests of the sample", async () => {
  const engine = await mockEngine();
  allowSampleCallers("podinfo", "shop", ["aks-istio-ingress", "edge"], {});
  await engine.settle();

  const policy = (service: string, rule: object) => ({
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: service, namespace: "shop" },
    spec: {
      selector: {
        matchLabels: { "app.kubernetes.io/name": service, "app.kubernetes.io/part-of": "podinfo" },
      },
      action: "ALLOW",
      rules: [rule],
    },
  });
  expect(engine.registered).toHaveLength(2);
  expect(engine.one(POLICY, "podinfo-frontend-callers").inputs).toEqual(
    policy("frontend", {
      from: [{ source: { namespaces: ["aks-istio-ingress", "edge"] } }],
      to: [{ operation: { ports: ["9898"] } }],
    }),
  );
  expect(engine.one(POLICY, "podinfo-backend-callers").inputs).toEqual(
    policy("backend", {
      from: [{ source: { principals: ["cluster.local/ns/shop/sa/frontend"] } }],
      to: [{ operation: { ports: ["9898"], methods: ["POST"], paths: ["/echo"] } }],
    }),
  );
});
