import { describe, expect, test } from "vitest";
import { meshForeignIstioWebhook } from "../../../../policy/rules/mesh/mesh-foreign-istio-webhook.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const INJECTOR = "rev.namespace.sidecar-injector.istio.io";

function webhooks(list: unknown, on: Fixture = provider, kind = "Mutating"): Fixture {
  const props = { metadata: { name: "hooks" }, webhooks: list };
  return object(on, "admissionregistration.k8s.io/v1", `${kind}WebhookConfiguration`, props);
}

function leading(name: unknown, namespace: unknown) {
  return { name, clientConfig: { service: { name: "istiod", namespace } } };
}

async function messages(stack: readonly Fixture[]) {
  return (await run(meshForeignIstioWebhook, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(fixture: Fixture) {
  return messages([mesh, provider, fixture]);
}

describe("mesh-foreign-istio-webhook", () => {
  test("reports a webhook that calls another istiod", async () => {
    expect(await onMesh(webhooks([leading(INJECTOR, "istio-system")]))).toEqual([
      [
        "violation",
        `MutatingWebhookConfiguration "hooks": webhooks[0].clientConfig.service.namespace of ${INJECTOR} is istio-system, but the add-on's istiod runs in aks-istio-system. Remove the webhook, or point it there.`,
      ],
    ]);
  });

  test("reports one that calls a URL outside the cluster", async () => {
    const out = {
      name: "validation.istio.io",
      clientConfig: { url: "https://istiod.example.com" },
    };
    expect(await onMesh(webhooks([out], provider, "Validating"))).toEqual([
      [
        "violation",
        'ValidatingWebhookConfiguration "hooks": webhooks[0].clientConfig.url of validation.istio.io points to an istiod outside the cluster, but the cluster has the add-on\'s istiod. Remove the webhook.',
      ],
    ]);
  });

  test.each(["osm-inject.k8s.io", "osm-validator.k8s.io"])("reports %s", async (name) => {
    expect(await onMesh(webhooks([leading(name, "kube-system")]))).toEqual([
      [
        "violation",
        `MutatingWebhookConfiguration "hooks": webhooks[0].name is ${name}, an Open Service Mesh webhook, but a cluster with the Istio add-on cannot run Open Service Mesh. Remove the webhook.`,
      ],
    ]);
  });

  test("reports each of them", async () => {
    const list = [
      leading(INJECTOR, "istio-system"),
      leading(INJECTOR, "aks-istio-system"),
      leading("istio.io", "mesh"),
    ];
    expect(
      (await onMesh(webhooks(list))).map(([, text]) => /webhooks\[\d\]/.exec(text ?? "")?.[0]),
    ).toEqual(["webhooks[0]", "webhooks[2]"]);
  });

  test.each<[string, unknown]>([
    ["a tag of the add-on", [leading(INJECTOR, "aks-istio-system")]],
    [
      "another webhook",
      [leading("policy.example.com", "policy"), leading("osm.k8s.io.example.com", "x")],
    ],
    ["a look-alike", [leading("hooks.notistio.io", "istio-system")]],
    ["one without a target, as in a patch", [{ name: INJECTOR }]],
    ["no webhooks", undefined],
    ["an invalid list", { name: INJECTOR }],
    ["an invalid webhook", [null, INJECTOR]],
  ])("ignores: %s", async (_, list) => {
    expect(await onMesh(webhooks(list))).toEqual([]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await messages([plain, on, webhooks([leading(INJECTOR, "istio-system")], on)])).toEqual(
      [],
    );
  });

  test.each<[string, unknown]>([
    ["webhooks", UNKNOWN],
    ["webhooks[0].name", [leading(UNKNOWN, "istio-system")]],
    ["webhooks[0].clientConfig.service.namespace", [leading(INJECTOR, UNKNOWN)]],
    ["webhooks[0].clientConfig", [{ name: INJECTOR, clientConfig: UNKNOWN }]],
  ])("advises if %s is unknown", async (path, list) => {
    expect(await onMesh(webhooks(list))).toEqual([
      [
        "unjudged",
        `MutatingWebhookConfiguration "hooks": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
