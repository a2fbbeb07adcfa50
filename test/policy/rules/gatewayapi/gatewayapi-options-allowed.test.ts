import { describe, expect, test } from "vitest";
import { gatewayapiOptionsAllowed } from "../../../../policy/rules/gatewayapi/gatewayapi-options-allowed.ts";
import { UNKNOWN, cluster, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { HTTP, gateway, mesh, provider } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

async function found(...stack: Fixture[]) {
  return await foundIn([mesh, provider, namespace(provider)], stack);
}

async function foundIn(around: readonly Fixture[], stack: readonly Fixture[]) {
  const reports = await run(gatewayapiOptionsAllowed, [...around, ...stack]);
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => (level === "unjudged" ? `(${message})` : message));
}

function configMap(name: string, data: unknown, metadata: Props = {}, kind = "ConfigMap"): Fixture {
  const props = { metadata: { name, namespace: "shop", ...metadata }, data };
  return object(provider, "core/v1", kind, props, name);
}

const IN_SYSTEM = { namespace: "aks-istio-system" };
const OF_CLASS = { labels: { "gateway.istio.io/defaults-for-class": "istio" } };

/** The defaults of the class, as a patch of the ConfigMap that AKS creates. */
const defaults = (data: unknown) =>
  configMap("istio-gateway-class-defaults", data, IN_SYSTEM, "ConfigMapPatch");

const customized = (parametersRef: unknown, name = "web") =>
  gateway(name, [HTTP], {}, { infrastructure: { parametersRef } });
const web = customized({ group: "", kind: "ConfigMap", name: "options" });
const PREFIX = "service.beta.kubernetes.io/port_80_health-probe_";
const unset = (...names: string[]) =>
  `{ annotations: { ${names.map((name) => `${PREFIX}${name}: null`).join(", ")} } }`;
const ONE = "spec: { minReplicas: 1 }";
const FEW = "data.horizontalPodAutoscaler (spec.minReplicas): It is 1, but must be at least 2.";

describe("gatewayapi-options-allowed", () => {
  test.each<[string, Fixture[]]>([
    [
      "allowed fields",
      [web, configMap("options", { horizontalPodAutoscaler: "spec: { minReplicas: 2 }" })],
    ],
    ["a Gateway without options", [gateway("web", [HTTP])]],
    ["no data", [web, configMap("options", undefined)]],
    ["an empty text", [web, configMap("options", { deployment: "" })]],
    [
      "another ConfigMap",
      [web, configMap("options", {}), configMap("settings", { horizontalPodAutoscaler: ONE })],
    ],
    [
      "the ConfigMap of another class",
      [
        gateway(
          "web",
          [HTTP],
          {},
          {
            gatewayClassName: "nginx",
            infrastructure: { parametersRef: { group: "", kind: "ConfigMap", name: "options" } },
          },
        ),
        configMap("options", { horizontalPodAutoscaler: ONE }),
      ],
    ],
    [
      "a namesake in another namespace",
      [
        web,
        configMap("options", {}),
        {
          ...configMap("options", { horizontalPodAutoscaler: ONE }, { namespace: "blog" }),
          name: "other",
        },
      ],
    ],
    ["the defaults of the class", [defaults({ podDisruptionBudget: "spec: { minAvailable: 1 }" })]],
    [
      "defaults of another class",
      [
        configMap(
          "own",
          { anything: "" },
          { labels: { "gateway.istio.io/defaults-for-class": "mine" } },
        ),
      ],
    ],
  ])("accepts %s", async (_, stack) => {
    expect(await found(...stack)).toEqual([]);
  });

  test("reports fields that AKS does not allow", async () => {
    const data = {
      horizontalPodAutoscaler: ONE,
      deployment: "spec: { paused: true }",
      other: "{}",
    };
    const said = [
      FEW,
      "data.deployment (spec.paused): AKS does not allow this field, and its webhook rejects it. Remove it.",
      "data.other: AKS does not allow this key. Use deployment, service, horizontalPodAutoscaler, podDisruptionBudget.",
    ];
    expect(await found(web, configMap("options", data))).toEqual(
      said.map((one) => `ConfigMap "options": ${one}`),
    );
    expect(await found(defaults(data))).toEqual(
      said.map((one) => `ConfigMapPatch "istio-gateway-class-defaults": ${one}`),
    );
  });

  test.each([
    ["a: [", "data.deployment: It is not valid YAML"],
    [
      "a: 1\n---\nb: 1",
      "data.deployment: It contains more than one YAML document. Merge them into one.",
    ],
    ["*a", "data.deployment: It "],
  ])("reports YAML that istiod cannot read: %j", async (deployment, message) => {
    expect(await found(web, configMap("options", { deployment }))).toEqual([
      expect.stringContaining(`ConfigMap "options": ${message}`),
    ]);
  });

  test("reports another ConfigMap for the class", async () => {
    const said = (name: string) => [
      `ConfigMap "${name}": metadata.labels["gateway.istio.io/defaults-for-class"] is istio, but AKS allows only one ConfigMap for the class, istio-gateway-class-defaults in aks-istio-system, and creates it. Change that one with a ConfigMapPatch, or refer to this one in spec.infrastructure.parametersRef of a Gateway.`,
    ];
    expect(await found(configMap("own", {}, { ...IN_SYSTEM, ...OF_CLASS }))).toEqual(said("own"));
    expect(await found(configMap("own", {}, OF_CLASS))).toEqual(said("own"));
    const given = configMap("istio-gateway-class-defaults", {}, { ...IN_SYSTEM, ...OF_CLASS });
    expect(await found({ ...given, type: `${given.type}Patch` })).toEqual([]);
  });

  describe("the reference of a Gateway", () => {
    const PLACE = 'Gateway "web": spec.infrastructure.parametersRef';

    test.each<[Props, string]>([
      [
        { group: "", kind: "Secret", name: "options" },
        ' refers to a Secret, but istiod reads options only from a ConfigMap. Set group to "" and kind to ConfigMap.',
      ],
      [
        { group: "example.com", kind: "ConfigMap", name: "options" },
        ' refers to a ConfigMap of example.com, but istiod reads options only from a ConfigMap. Set group to "" and kind to ConfigMap.',
      ],
      [
        { group: "", kind: "ConfigMap", name: "option" },
        ".name is option, but the stack has no ConfigMap option in shop. Did you mean options?",
      ],
    ])("is reported: %j", async (parametersRef, message) => {
      expect(await found(customized(parametersRef), configMap("options", {}))).toEqual([
        PLACE + message,
      ]);
    });

    test("is reported if the ConfigMap is in another namespace", async () => {
      expect(await found(web, configMap("options", {}, { namespace: "blog" }))).toEqual([
        `${PLACE}.name is options, which means the ConfigMap in shop, but the stack has the ConfigMap options only in blog. Use the ConfigMap in blog.`,
      ]);
    });
  });

  describe("externalTrafficPolicy: Local", () => {
    const local = (metadata: string) => ({
      service: `{ spec: { externalTrafficPolicy: Local }, metadata: ${metadata} }`,
    });
    const said = (...names: string[]) =>
      `data.service (spec.externalTrafficPolicy): It is Local, but AKS sets annotations for the probes of Cluster, which fail on nodes without a gateway pod. Set ${names.map((name) => PREFIX + name).join(", ")} to null in metadata.annotations.`;
    const ALL = ["port", "protocol", "request-path"];

    test("requires that the annotations for probes are unset", async () => {
      expect(await found(web, configMap("options", local(unset(...ALL))))).toEqual([]);
      expect(await found(web, configMap("options", local(unset("port"))))).toEqual([
        `ConfigMap "options": ${said("protocol", "request-path")}`,
      ]);
      expect(await found(defaults(local("{}")))).toEqual([
        `ConfigMapPatch "istio-gateway-class-defaults": ${said(...ALL)}`,
      ]);
      const cluster_ = { service: "spec: { externalTrafficPolicy: Cluster }" };
      expect(await found(web, configMap("options", cluster_))).toEqual([]);
    });

    test("may rely on the defaults of the class", async () => {
      const own = configMap("options", local("{}"));
      const given = (metadata: string) => defaults({ service: `metadata: ${metadata}` });
      expect(await found(web, own, given(unset(...ALL)))).toEqual([]);
      expect(await found(web, own, given(unset("port", "protocol")))).toEqual([
        `ConfigMap "options": ${said("request-path")}`,
      ]);
      expect(await found(web, own, defaults({ service: UNKNOWN }))).toContain(
        '(ConfigMap "options": data.service of ConfigMapPatch "istio-gateway-class-defaults" is known only once it is deployed. Give it a value that does not depend on another resource.)',
      );
    });
  });

  test.each<[string, Fixture[]]>([
    [
      'Gateway "web": spec.infrastructure.parametersRef.kind',
      [customized({ group: "", kind: UNKNOWN, name: "options" })],
    ],
    [
      'Gateway "web": spec.infrastructure.parametersRef.group',
      [customized({ group: UNKNOWN, kind: "ConfigMap", name: "options" })],
    ],
    [
      'Gateway "web": spec.infrastructure.parametersRef.name',
      [customized({ group: "", kind: "ConfigMap", name: UNKNOWN })],
    ],
    ['ConfigMap "options": data', [web, configMap("options", UNKNOWN)]],
    ['ConfigMap "options": data.deployment', [web, configMap("options", { deployment: UNKNOWN })]],
  ])("does not judge an unknown %s", async (place, stack) => {
    expect(await found(...stack)).toEqual([
      `(${place} is known only once it is deployed. Give it a value that does not depend on another resource.)`,
    ]);
  });

  test("accepts a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(await foundIn([plain, provider], [web, configMap("options", { a: "" })])).toEqual([]);
  });
});
