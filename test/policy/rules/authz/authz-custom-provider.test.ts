import { describe, expect, test } from "vitest";
import { authzCustomProvider } from "../../../../policy/rules/authz/authz-custom-provider.ts";
import { UNKNOWN, cluster, helmRelease, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import { template, workload } from "../../../support/workloads.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

const LOGIN =
  "extensionProviders:\n- name: login\n  envoyExtAuthzGrpc: { service: login.shop, port: 1 }\n";
const TRACES =
  "extensionProviders:\n- name: login\n  opentelemetry: { service: otel.shop, port: 1 }\n";

function configMap(data: unknown, revision = "asm-1-30", kind = "ConfigMap"): Fixture {
  const metadata = { name: `istio-shared-configmap-${revision}`, namespace: "aks-istio-system" };
  return object(provider, "core/v1", kind, { metadata, data }, revision);
}

const providers = (text: unknown) => configMap({ mesh: text });

function policy(name: unknown, spec: Props = {}, own = "login", namespace = "shop"): Fixture {
  return object(
    provider,
    "security.istio.io/v1",
    "AuthorizationPolicy",
    {
      metadata: { name: own, namespace },
      spec: { action: "CUSTOM", provider: { name }, rules: [{}], ...spec },
    },
    `${namespace}-${own}`,
  );
}

async function messages(...fixtures: Fixture[]) {
  const reports = await run(authzCustomProvider, [mesh, provider, ...fixtures]);
  return reports.map(({ level, message }) => [
    level,
    message.replace('AuthorizationPolicy "login": ', ""),
  ]);
}

const DENIES = "so Istio denies the requests that the policy matches.";
const MAP = 'ConfigMap "istio-shared-configmap-asm-1-30"';

const select = (app: string) => ({ selector: { matchLabels: { app } } });
const gateway = (name: string) => ({ targetRefs: [{ kind: "Gateway", name }] });

describe("authz-custom-provider: a provider that does not exist", () => {
  test.each([
    ["a provider of the ConfigMap", [providers(LOGIN), policy("login")]],
    ["another action", [providers(""), policy("x", { action: "ALLOW", provider: undefined })]],
    ["no action", [providers(""), policy("x", { action: undefined, provider: undefined })]],
    [
      "a ConfigMap of a revision that does not run",
      [providers(LOGIN), configMap({ mesh: "" }, "asm-1-28"), policy("login")],
    ],
  ])("accepts %s", async (_, fixtures) => {
    expect(await messages(...fixtures)).toEqual([]);
  });

  test.each([
    [
      "a mistyped provider",
      [providers(LOGIN), policy("logn")],
      `spec.provider.name is "logn", which is not in extensionProviders of ${MAP}, ${DENIES} Did you mean login?`,
    ],
    [
      "another provider",
      [providers(LOGIN), policy("oauth2")],
      `spec.provider.name is "oauth2", which is not in extensionProviders of ${MAP}, ${DENIES} Add it there. It has login.`,
    ],
    [
      "a provider with a ConfigMap without any",
      [providers("accessLogFile: /dev/stdout"), policy("login")],
      `spec.provider.name is "login", which is not in extensionProviders of ${MAP}, ${DENIES} Add it there.`,
    ],
    [
      "a provider with an empty ConfigMap",
      [configMap(undefined), policy("login")],
      `spec.provider.name is "login", which is not in extensionProviders of ${MAP}, ${DENIES} Add it there.`,
    ],
    [
      "a provider that does not authorize",
      [providers(TRACES), policy("login")],
      `spec.provider.name is "login", which in ${MAP} has neither envoyExtAuthzHttp nor envoyExtAuthzGrpc, ${DENIES} Name a provider that authorizes requests, or change this one.`,
    ],
    [
      "no provider",
      [providers(LOGIN), policy(undefined)],
      "spec.provider.name is not set, but Istio requires it with the action CUSTOM. Set it to a provider in extensionProviders of the shared ConfigMap.",
    ],
  ])("reports %s", async (_, fixtures, message) => {
    expect(await messages(...fixtures)).toEqual([["violation", message]]);
  });

  const ANSWER =
    "Make sure that its extensionProviders contains the provider: if not, Istio denies the requests that the policy matches.";
  const UNREAD = `spec.provider.name is "login", but the extensionProviders of ${MAP} cannot be read. Write its MeshConfig as YAML in data.mesh.`;

  test.each([
    [
      "without a shared ConfigMap",
      [policy("login")],
      `the stack does not contain the shared ConfigMap with the provider "login" (spec.provider.name). ${ANSWER}`,
    ],
    [
      "if a chart may create the ConfigMap",
      [helmRelease(provider, { namespace: "aks-istio-system" }), policy("login")],
      `the stack does not show the shared ConfigMap with the provider "login" (spec.provider.name), but Release "shop" may create it. ${ANSWER}`,
    ],
    [
      "with an unknown MeshConfig",
      [providers(UNKNOWN), policy("login")],
      `data.mesh of ${MAP} is known only once it is deployed. Give it a value that does not depend on another resource.`,
    ],
    [
      "an unknown provider",
      [providers(LOGIN), policy(UNKNOWN)],
      "spec.provider.name is known only once it is deployed. Give it a value that does not depend on another resource.",
    ],
    [
      "with an unknown action",
      [providers(LOGIN), policy("login", { action: UNKNOWN })],
      "spec.action is known only once it is deployed. Give it a value that does not depend on another resource.",
    ],
    ["with a broken MeshConfig", [providers("a: [\n"), policy("login")], UNREAD],
    [
      "with a patch of the ConfigMap",
      [configMap(undefined, "asm-1-30", "ConfigMapPatch"), policy("login")],
      UNREAD.replace("ConfigMap ", "ConfigMapPatch "),
    ],
  ])("does not judge a policy %s", async (_, fixtures, message) => {
    expect(await messages(...fixtures)).toEqual([["unjudged", message]]);
  });
});

describe("authz-custom-provider: two providers on a workload", () => {
  const two = providers(LOGIN + LOGIN.replace("extensionProviders:\n", "").replace("login", "sso"));
  const report = (shared: string, other = "first") => [
    [
      "violation",
      `spec.provider.name is "login", but AuthorizationPolicy "${other}" uses the provider "sso" for ${shared}, too. The add-on allows one provider per workload, so Istio denies the requests that either policy matches. Use one provider for both policies, or make them select different workloads.`,
    ],
  ];
  const first = (spec: Props = {}, namespace = "shop") => policy("sso", spec, "first", namespace);

  test.each([
    ["one provider in two policies", [policy("sso"), first()]],
    ["other workloads", [policy("login", select("web")), first(select("api"))]],
    [
      "selectors that no workload of the stack meets",
      [policy("login", select("web")), first({ selector: { matchLabels: { tier: "front" } } })],
    ],
    ["another namespace", [policy("login"), first({}, "billing")]],
    ["another action", [policy("login"), first({ action: "DENY", provider: undefined })]],
    ["other gateways", [policy("login", gateway("a")), first(gateway("b"))]],
    ["a gateway and workloads", [policy("login", gateway("a")), first()]],
  ])("accepts %s", async (_, fixtures) => {
    expect(await messages(two, ...fixtures)).toEqual([]);
  });

  test.each([
    ["a whole namespace", [policy("login"), first()], "all workloads of shop"],
    [
      "the same selector",
      [policy("login", select("web")), first(select("web"))],
      "the workloads of shop that spec.selector.matchLabels selects",
    ],
    [
      "a selector in a whole namespace",
      [policy("login"), first(select("web"))],
      'the workloads of shop that AuthorizationPolicy "first" selects',
    ],
    [
      "a workload that both select",
      [
        policy("login", select("web")),
        first({ selector: { matchLabels: { tier: "front" } } }),
        workload(template(undefined, { labels: { tier: "front" } }), { on: provider }),
      ],
      'Deployment "web"',
    ],
    ["the whole mesh", [policy("login"), first({}, "aks-istio-system")], "all workloads of shop"],
    ["the same gateway", [policy("login", gateway("a")), first(gateway("a"))], "the same target"],
  ])("reports two providers for %s", async (_, fixtures, shared) => {
    expect(await messages(two, ...fixtures)).toEqual(report(shared));
  });
});
