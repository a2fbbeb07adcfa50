import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { migrated } from "./migrated.ts";

const operator = (spec: string) =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: own\nspec: ${spec}\n`;

/** The MeshConfig in the shared ConfigMap that takes the place of an object. */
function meshConfigIn(text: string | undefined): unknown {
  const object = parse(text ?? "") as { metadata: object; data: { mesh: string } };
  expect(object.metadata).toEqual({
    name: "istio-shared-configmap-asm-1-30",
    namespace: "aks-istio-system",
  });
  return parse(object.data.mesh);
}

describe("an IstioOperator", () => {
  test("becomes the shared ConfigMap with what the add-on accepts of its MeshConfig", () => {
    const { text, said } = migrated(
      operator(
        "{meshConfig: {accessLogFile: /dev/stdout, rootNamespace: istio-system, ingressSelector: ingressgateway, defaultConfig: {concurrency: 2, discoveryAddress: x}}, values: {global: {proxy: {holdApplicationUntilProxyStarts: true}}}}",
      ),
    );
    expect(meshConfigIn(text)).toEqual({
      accessLogFile: "/dev/stdout",
      ingressSelector: "aks-istio-ingressgateway-external",
      defaultConfig: { concurrency: 2, holdApplicationUntilProxyStarts: true },
    });
    expect(said).toEqual([
      "note IstioOperator own, spec.meshConfig",
      "change IstioOperator own: IstioOperator own → ConfigMap aks-istio-system/istio-shared-configmap-asm-1-30",
    ]);
  });

  test("without anything for the add-on, ends", () => {
    const { text, said } = migrated(operator("{profile: default}"));
    expect(text).toBeUndefined();
    expect(said).toEqual(["change IstioOperator own: IstioOperator own → removed"]);
  });

  test.each([
    [
      "{meshConfig: {configSources: [{address: x}]}}",
      "The add-on blocks the field configSources of MeshConfig. The add-on reads its configuration only from its own cluster.",
    ],
    [
      "{meshConfig: {enableAutoMtls: false}}",
      "The add-on blocks the field enableAutoMtls of MeshConfig. The add-on uses automatic mutual TLS.",
    ],
    ["{meshConfig: {enableAutoMtls: true}}", undefined],
    [
      "{meshConfig: {defaultConfig: {concurrency: 0}}}",
      expect.stringContaining("defaultConfig.concurrency must be an integer of at least 1"),
    ],
    ["{meshConfig: {nonsense: 1}}", "The add-on blocks the field nonsense of MeshConfig."],
    [
      "{components: {pilot: {k8s: {env: [{name: PILOT_X, value: a}]}}}}",
      "The environment of istiod cannot be set: PILOT_X.",
    ],
    ["{components: {pilot: {k8s: {env: [{name: POD_NAME}]}}}}", undefined],
    [
      "{components: {pilot: {k8s: {overlays: [{kind: Deployment}]}}}}",
      expect.stringContaining("k8s.overlays patch what Istio installs for pilot"),
    ],
    [
      "{components: {egressGateways: [{name: istio-egressgateway, enabled: true}]}}",
      expect.stringContaining("It is about an egress gateway."),
    ],
    [
      "{components: {ingressGateways: [{name: istio-ingressgateway, k8s: {service: {loadBalancerSourceRanges: [203.0.113.0/24, 198.51.100.0/24]}}}]}}",
      "The gateway lets only some clients in (loadBalancerSourceRanges: 203.0.113.0/24,198.51.100.0/24), and that of the add-on lets everybody in.",
    ],
    [
      "{components: {ingressGateways: [{name: istio-ingressgateway, enabled: false, k8s: {service: {loadBalancerSourceRanges: [203.0.113.0/24]}}}]}}",
      undefined,
    ],
    [
      "{values: {gateways: {istio-ingressgateway: {loadBalancerSourceRanges: [203.0.113.0/24]}}}}",
      "The gateway lets only some clients in (loadBalancerSourceRanges: 203.0.113.0/24), and that of the add-on lets everybody in.",
    ],
    [
      "{values: {gateways: {istio-egressgateway: {loadBalancerSourceRanges: [203.0.113.0/24]}}}}",
      undefined,
    ],
    ["{components: {egressGateways: [{name: istio-egressgateway, enabled: false}]}}", undefined],
    [
      "{components: {ingressGateways: [{name: istio-eastwestgateway, enabled: true}]}}",
      expect.stringContaining("It connects clusters"),
    ],
    [
      "{values: {pilot: {env: {PILOT_X: a}}}}",
      "pilot.env.PILOT_X: The environment of istiod cannot be set.",
    ],
    [
      "{values: {global: {network: east}}}",
      "global.network: The add-on does not support meshes of several clusters.",
    ],
    ["{values: {global: {network: ''}}}", undefined],
    [
      "{values: {global: {caAddress: csr:443}}}",
      expect.stringContaining("global.caAddress: The add-on signs certificates itself"),
    ],
    ["{values: {global: {pilotCertProvider: istiod}}}", undefined],
    [
      "{values: {sidecarInjectorWebhook: {enableNamespacesByDefault: true}}}",
      expect.stringContaining("The add-on injects only in namespaces"),
    ],
    ["{values: {sidecarInjectorWebhook: {enableNamespacesByDefault: false}}}", undefined],
    [
      "{values: {invented: {a: 1}}}",
      "The add-on has no value invented.a, and what it does is not known here.",
    ],
  ])("%s", (spec, blocker) => {
    expect(migrated(operator(spec)).blockers).toEqual(blocker === undefined ? [] : [blocker]);
  });

  test("what AKS determines is one note", () => {
    const { entries } = migrated(
      operator("{values: {pilot: {autoscaleMin: 2}, global: {hub: x, tag: y}}}"),
    );
    const notes = entries.filter(({ outcome }) => outcome === "note");
    expect(notes.map(({ message }) => message)).toEqual([
      "AKS determines images, resources, scheduling and scaling of the control plane and its gateways, so these values end: pilot.autoscaleMin, global.hub, global.tag.",
    ]);
  });
});

describe("a MeshConfig that cannot be read stands in the way, and stays", () => {
  const configMap = (data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\n${data}\n`;
  const argo = (helm: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a\nspec:\n  source: {repoURL: https://istio-release.storage.googleapis.com/charts, chart: istiod, helm: ${helm}}\n`;

  test.each([
    [configMap('data: {mesh: "a: [unclosed"}'), "data.mesh"],
    [configMap('data: {mesh: "a: *nothing"}'), "data.mesh"],
    [configMap("data: {mesh: a text}"), "data.mesh"],
    [configMap("data: {mesh: [1]}"), "data.mesh"],
    [configMap('data: {mesh: "defaultConfig: a text"}'), "data.mesh.defaultConfig"],
    [configMap("binaryData: {mesh: YTogMQ==}"), "binaryData.mesh"],
    [operator("a text"), "spec"],
    [operator("{meshConfig: a text}"), "spec.meshConfig"],
    [operator("{values: a text}"), "spec.values"],
    [operator("{values: {meshConfig: a text}}"), "spec.values.meshConfig"],
    [argo("{values: 'a: [unclosed'}"), "spec.source.helm.values"],
    [argo("{valuesObject: {meshConfig: [1]}}"), "spec.source.helm.valuesObject.meshConfig"],
  ])("%j", (before, field) => {
    const { text, entries } = migrated(before);
    expect(text).toBe(before);
    expect(entries.map(({ outcome, field: at, message }) => [outcome, at, message])).toContainEqual(
      ["blocker", field, "It is not a map in valid YAML, so its MeshConfig could not be judged."],
    );
  });

  test.each(['data: {mesh: ""}', 'data: {mesh: "# nothing"}', "data: {mesh: '{}'}"])(
    "%s is empty, and ends",
    (data) => {
      const { text, blockers } = migrated(configMap(data));
      expect({ text, blockers }).toEqual({ text: undefined, blockers: [] });
    },
  );
});

const release = (chart: string, more = "") =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: istio-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      sourceRef:\n        kind: HelmRepository\n        name: istio\n${more}`;

describe("charts", () => {
  test("a HelmRelease of istiod becomes the shared ConfigMap", () => {
    const values =
      "  values:\n    meshConfig:\n      outboundTrafficPolicy:\n        mode: REGISTRY_ONLY\n";
    const { text, blockers } = migrated(release("istiod", values));
    expect(meshConfigIn(text)).toEqual({ outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } });
    expect(blockers).toEqual([]);
  });

  test("values from elsewhere were not read, and that is said", () => {
    const { blockers } = migrated(
      release("istiod", "  valuesFrom:\n  - kind: ConfigMap\n    name: v\n"),
    );
    expect(blockers).toEqual([
      "Values of the chart are in other files or objects, which were not read.",
    ]);
  });

  test("a HelmRelease that waits for one that ends does not wait any more", () => {
    const { files } = migrated({
      "istiod.yaml": release("istiod"),
      "shop.yaml": release("shop", "  dependsOn:\n  - name: istiod\n  - name: db\n"),
    });
    expect(files["istiod.yaml"]).toBeUndefined();
    expect(files["shop.yaml"]).toBe(release("shop", "  dependsOn:\n  - name: db\n"));
  });

  const application = (source: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a\nspec:\n  ${source}\n`;
  test.each([
    ["source: {repoURL: https://istio-release.storage.googleapis.com/charts, chart: base}", false],
    ["source: {repoURL: https://charts.example.com, chart: base}", true],
    ["source: {repoURL: https://git.example.com/istio, path: istio}", true],
  ])("an Application with %s", (source, stays) => {
    expect(migrated(application(source)).text).toBe(stays ? application(source) : undefined);
  });

  test("an Application reads values in a text", () => {
    const { text } = migrated(
      application(
        "source: {repoURL: https://istio-release.storage.googleapis.com/charts, chart: istiod, helm: {values: 'meshConfig: {accessLogFile: x}'}}",
      ),
    );
    expect(meshConfigIn(text)).toEqual({ accessLogFile: "x" });
  });
});

describe("the Service of an own gateway", () => {
  const PREFIX = "service.beta.kubernetes.io/";
  const service = (annotations: string, spec: string) =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: istio-ingressgateway\n  namespace: istio-system\n  annotations: ${annotations}\nspec: ${spec}\n`;
  const chart = (annotations: string, spec: string) =>
    release(
      "gateway",
      `  values: {service: ${spec.replace("}", `, annotations: ${annotations}}`)}}\n`,
    );

  test.each([
    ["{}", "{type: LoadBalancer}", [], []],
    [
      "{}",
      "{type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]}",
      [
        "The gateway lets only some clients in (loadBalancerSourceRanges: 203.0.113.0/24), and that of the add-on lets everybody in.",
      ],
      [],
    ],
    ["{}", "{type: LoadBalancer, loadBalancerSourceRanges: []}", [], []],
    ...[
      "azure-allowed-ip-ranges",
      "azure-allowed-service-tags",
      "load-balancer-source-ranges",
      "azure-deny-all-except-load-balancer-source-ranges",
    ].map((name): [string, string, string[], string[]] => [
      `{${PREFIX}${name}: x}`,
      "{type: LoadBalancer}",
      [
        `The gateway lets only some clients in (${PREFIX}${name}: x), and that of the add-on lets everybody in.`,
      ],
      [],
    ]),
    [
      `{${PREFIX}azure-pip-name: a, ${PREFIX}azure-load-balancer-internal: "true", example.com/x: a}`,
      "{type: LoadBalancer}",
      [],
      [
        `The Service of the add-on's gateway does not have these annotations by itself: ${PREFIX}azure-pip-name.`,
        "AKS removes these annotations from the Service of its gateway: example.com/x.",
      ],
    ],
    [
      "{}",
      "{type: LoadBalancer, loadBalancerIP: 192.0.2.1, externalTrafficPolicy: Local}",
      [],
      [
        "AKS assigns the address of its gateways, and this one has 192.0.2.1.",
        "The Services of the add-on's gateways have externalTrafficPolicy Cluster, which hides the addresses of clients.",
      ],
    ],
  ])("%s %s", (annotations, spec, blockers, notes) => {
    for (const text of [service(annotations, spec), chart(annotations, spec)]) {
      const { entries, ...result } = migrated(text);
      expect(result.blockers).toEqual(blockers);
      const said = entries.filter(({ outcome }) => outcome === "note");
      expect(
        said.map(({ message }) => message).filter((one) => !one.startsWith("AKS determines")),
      ).toEqual(notes);
    }
  });

  test("a patch of it is not lost, either", () => {
    const { blockers } = migrated({
      "a.yaml": service("{}", "{}").replace(
        "istio-ingressgateway",
        "edge\n  labels: {app.kubernetes.io/part-of: istio}",
      ),
      "b.yaml": service("{}", "{loadBalancerSourceRanges: [203.0.113.0/24]}").replace(
        "istio-ingressgateway",
        "edge",
      ),
    });
    expect(blockers).toHaveLength(1);
  });
});

describe("plain manifests", () => {
  const object = (kind: string, name: string, more = "", ns = "istio-system") =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${ns}\n${more}`;

  test.each([
    [object("Deployment", "istiod"), false],
    [object("Deployment", "web", "  labels:\n    operator.istio.io/component: Pilot\n"), false],
    [object("Deployment", "istiod", "", "aks-istio-system"), true],
    [object("ConfigMap", "istio-sidecar-injector", "data:\n  values: x\n"), false],
    [object("ConfigMap", "istio-grafana-dashboards", "data:\n  a: x\n"), true],
    [object("ConfigMap", "istio", "data:\n  a: x\n"), true],
    [object("Service", "kiali"), true],
    [
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec:\n  group: networking.istio.io\n",
      false,
    ],
    [
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec:\n  group: example.com\n",
      true,
    ],
    [
      "apiVersion: v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: x\nwebhooks:\n- name: namespace.sidecar-injector.istio.io\n  clientConfig: {service: {namespace: istio-system}}\n",
      false,
    ],
    [
      "apiVersion: v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: x\nwebhooks:\n- name: namespace.sidecar-injector.istio.io\n  clientConfig: {service: {namespace: aks-istio-system}}\n",
      true,
    ],
    [
      "apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata:\n  name: default\nspec:\n  version: v1.30.0\n",
      false,
    ],
  ])("%j stays: %s", (text, stays) => {
    expect(migrated(text).text).toBe(stays ? text : undefined);
  });

  test("a document ends without a trace of it, and the others stay as they are", () => {
    const [first, last] = ["# one\na: 1 # x\n", "# three\nb:   2\n"];
    const { text } = migrated(`${first}---\n${object("Deployment", "istiod")}---\n${last}`);
    expect(text).toBe(`${first}---\n${last}`);
  });

  test("an item of a list ends, too", () => {
    const list = (...names: string[]) =>
      `apiVersion: v1\nkind: List\nitems:\n${names.map((name) => `- apiVersion: v1\n  kind: Service\n  metadata:\n    name: ${name}\n    namespace: istio-system\n`).join("")}`;
    expect(migrated(list("istiod", "kiali", "ztunnel")).text).toBe(list("kiali"));
  });

  test("the version of the own Istio is compared with the revision", () => {
    const istiod = (tag: string) =>
      object(
        "Deployment",
        "istiod",
        `spec:\n  template:\n    spec:\n      containers:\n      - image: docker.io/istio/pilot:${tag}\n`,
      );
    expect(migrated(istiod("1.27.3")).said).toContain("note Deployment istio-system/istiod");
    expect(migrated(istiod("1.30.1-distroless")).said).toEqual([
      "change Deployment istio-system/istiod: Deployment istio-system/istiod → removed",
    ]);
  });

  const shared = (annotations: string, selector: string) =>
    `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: x\n  annotations: ${annotations}\nspec:\n  selector: ${selector}\n  servers: []\n`;
  test.each([
    [shared("&s {istio: ingressgateway}", "*s"), "spec.selector is not written as a map"],
    [
      `${shared("{}", "&s {istio: ingressgateway}")}x: *s\n`,
      "a value is shared by an anchor, or written in an unusual way",
    ],
  ])("an object that an anchor shares is not edited, and that is said: %j", (text, reason) => {
    const result = migrated(text);
    expect(result.text).toBe(text);
    expect(result.blockers).toEqual([`The object cannot be edited in place, because ${reason}.`]);
  });
});

describe("Kustomize", () => {
  const kustomization = (...lines: string[]) =>
    ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization", ...lines, ""].join("\n");
  const istiod =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: istio-system\n";
  const gateway = (selector: string) =>
    `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: g\nspec:\n  selector:\n    istio: ${selector}\n`;
  const ADDONS = gateway("aks-istio-ingressgateway-external");

  test("a file of which nothing remains is not named any more", () => {
    const { files } = migrated({
      "k/kustomization.yaml": kustomization("resources:", "- istiod.yaml", "- shop.yaml # ours"),
      "k/istiod.yaml": istiod,
      "k/shop.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n",
    });
    expect(files["k/istiod.yaml"]).toBeUndefined();
    expect(files["k/kustomization.yaml"]).toBe(kustomization("resources:", "- shop.yaml # ours"));
  });

  test("directories of which nothing remains end, up to the one that has more", () => {
    const { files } = migrated({
      "kustomization.yaml": kustomization("resources:", "- mesh", "- other"),
      "mesh/kustomization.yaml": kustomization("resources:", "- ../base"),
      "base/kustomization.yaml": kustomization("resources:", "- istiod.yaml"),
      "base/istiod.yaml": istiod,
    });
    expect(files).toEqual({
      "kustomization.yaml": kustomization("resources:", "- other"),
      "mesh/kustomization.yaml": undefined,
      "base/kustomization.yaml": undefined,
      "base/istiod.yaml": undefined,
    });
  });

  test("the namespace that it sets moves with its objects", () => {
    const { files, blockers } = migrated({
      "kustomization.yaml": kustomization("namespace: istio-system", "resources:", "- g.yaml"),
      "g.yaml": gateway("ingressgateway"),
    });
    expect(blockers).toEqual([]);
    expect(files).toEqual({
      "kustomization.yaml": kustomization("namespace: aks-istio-ingress", "resources:", "- g.yaml"),
      "g.yaml": ADDONS,
    });
  });

  const POLICY =
    "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: deny-all\nspec: {}\n";
  const explicit = POLICY.replace("deny-all", "deny-all\n  namespace: default");

  test.each([
    ["resources", "../base", POLICY],
    ["bases", "../base/", POLICY],
    ["components", "../base", POLICY],
    // Kustomize replaces the namespace of the object.
    ["resources", "../base", explicit],
  ])("the namespace that an overlay sets through %s %s moves", (field, base, policy) => {
    const overlay = (namespace: string) =>
      kustomization(`namespace: ${namespace}`, `${field}:`, `- ${base}`);
    const { files, blockers } = migrated({
      "k/over/kustomization.yaml": overlay("istio-system"),
      "k/base/kustomization.yaml": kustomization("resources:", "- more"),
      "k/base/more/kustomization.yaml": kustomization("resources:", "- pol.yaml"),
      "k/base/more/pol.yaml": policy,
    });
    expect(blockers).toEqual([]);
    expect(files["k/over/kustomization.yaml"]).toBe(overlay("aks-istio-system"));
    expect(files["k/base/more/pol.yaml"]).toBe(policy);
  });

  test("an overlay with another namespace for the same base stays", () => {
    const overlay = (namespace: string) =>
      kustomization(`namespace: ${namespace}`, "resources:", "- ../base");
    const { files } = migrated({
      "a/kustomization.yaml": overlay("shop"),
      "b/kustomization.yaml": overlay("istio-system"),
      "base/kustomization.yaml": kustomization("resources:", "- pol.yaml"),
      "base/pol.yaml": POLICY,
    });
    expect(files["a/kustomization.yaml"]).toBe(overlay("shop"));
    expect(files["b/kustomization.yaml"]).toBe(overlay("aks-istio-system"));
  });

  test("Kustomize files that name each other do not hang", () => {
    const { blockers } = migrated({
      "a/kustomization.yaml": kustomization("namespace: shop", "resources:", "- ../b"),
      "b/kustomization.yaml": kustomization("resources:", "- ../a"),
    });
    expect(blockers).toEqual([]);
  });

  test.each([
    ["../base", "namespace: istio-system", "blocker"],
    ["../base", "namespace: shop", "note"],
    ["https://example.com/shop.yaml", "namespace: shop", "note"],
    ["https://example.com/istio.yaml", "namespace: shop", "blocker"],
    ["github.com/example/repo//base?ref=v1", "namespace: istio-system", "blocker"],
    ["git@github.com:example/repo.git", "namespace: istio-system", "blocker"],
  ])("%s with %s is not followed, which is a %s", (base, namespace, outcome) => {
    const { entries } = migrated({
      "over/kustomization.yaml": kustomization("resources:", "- ../mid"),
      "mid/kustomization.yaml": kustomization(namespace, "resources:", `- ${base}`),
    });
    expect(entries).toMatchObject([
      {
        outcome,
        field: "resources[0]",
        message: `${base} is not among the files, so it was not judged.`,
      },
    ]);
  });

  test("nor is one below an overlay with the namespace", () => {
    const { blockers } = migrated({
      "over/kustomization.yaml": kustomization("namespace: istio-system", "resources:", "- ../mid"),
      "mid/kustomization.yaml": kustomization("resources:", "- ../../elsewhere"),
    });
    expect(blockers).toEqual(["../../elsewhere is not among the files, so it was not judged."]);
  });

  test("istiod and a gateway have the namespace that a Kustomize file sets", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: edge\nspec: {type: LoadBalancer, selector: {istio: edge}}\n";
    const reader = (host: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\ndata:\n  host: ${host}\n`;
    const { files } = migrated({
      "m/kustomization.yaml": kustomization("namespace: mesh", "resources:", "- istiod.yaml"),
      "m/istiod.yaml": istiod.replace("  namespace: istio-system\n", ""),
      "g/kustomization.yaml": kustomization("namespace: edge", "resources:", "- s.yaml"),
      "g/s.yaml": service,
      "p.yaml": POLICY.replace("deny-all", "deny-all\n  namespace: mesh"),
      "c.yaml": reader("edge.edge.svc"),
    });
    expect(files["p.yaml"]).toContain("namespace: aks-istio-system");
    expect(files["c.yaml"]).toBe(reader("aks-istio-ingressgateway-external.aks-istio-ingress.svc"));
  });

  test("a namespace of objects that part is not decided", () => {
    const { blockers } = migrated({
      "kustomization.yaml": kustomization(
        "namespace: istio-system",
        "resources:",
        "- g.yaml",
        "- p.yaml",
      ),
      "g.yaml": gateway("ingressgateway"),
      "p.yaml":
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: p\n",
    });
    expect(blockers).toEqual([
      "It sets the namespace istio-system, and its objects belong to aks-istio-ingress and aks-istio-system.",
    ]);
  });

  test.each([
    ["istio", true],
    ["istio-1-27", true],
    ["istio-dashboards", false],
  ])("a generated ConfigMap %s stands in the way: %s", (name, blocks) => {
    const { blockers } = migrated({
      "kustomization.yaml": kustomization(
        "configMapGenerator:",
        `- name: ${name}`,
        "  files: [mesh=mesh.yaml]",
      ),
    });
    const message = `Kustomize generates the ConfigMap ${name}, so its MeshConfig could not be judged.`;
    expect(blockers).toEqual(blocks ? [message] : []);
  });

  test("a patch in a text whose target is a part of the own Istio, too", () => {
    const { blockers } = migrated({
      "kustomization.yaml": kustomization(
        "patches:",
        "- target: {kind: Service, name: istio-ingressgateway}",
        "  patch: |-",
        "    - op: add",
        "      path: /spec/loadBalancerSourceRanges",
      ),
    });
    expect(blockers).toEqual([
      "The patch is about ingressgateway, and patches inside of a Kustomize file are not edited.",
    ]);
  });

  test("a patch in a text is not edited, and that is said", () => {
    const { blockers } = migrated({
      "kustomization.yaml": kustomization(
        "patches:",
        "- patch: |-",
        "    - op: add",
        "      path: /metadata/labels/istio-injection",
        "      value: enabled",
      ),
    });
    expect(blockers).toEqual([
      "It is about the label istio-injection, by which only the own Istio injects. It was not edited.",
    ]);
  });
});

test("the shared ConfigMap has the line breaks of the file that it is in", () => {
  const before =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    accessLogFile: /dev/stdout\n    trustDomain: shop\n";
  const { text } = migrated(before.replaceAll("\n", "\r\n"));
  expect(text).toBe(migrated(before).text?.replaceAll("\n", "\r\n"));
});
