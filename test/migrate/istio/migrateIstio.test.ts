import { describe, expect, test } from "vitest";
import { FILE, authorization, migrated, networking } from "./migrated.ts";

const namespace = (...labels: string[]) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop # ours\n  labels:\n    team: a\n${labels.map((one) => `    ${one}\n`).join("")}`;

test.each([
  ["new", "new"],
  ["it's", String.raw`'it'\''s'`],
])("the commands name the directory %s as %s", (out, word) => {
  const { commands } = migrated(networking("WorkloadEntry", "{}"), { out });
  const naming = commands.filter((command) => /check|apply -R/.test(command));
  const expected = [`npx aks-istio check ${word}`, `kubectl apply -R -f ${word}`];
  expect(naming).toEqual([...expected, ...expected]);
});

describe("labels of namespaces", () => {
  test.each([
    [["istio-injection: enabled # why"], ["istio.io/rev: asm-1-30 # why"]],
    [["istio.io/rev: default"], ["istio.io/rev: asm-1-30"]],
    [['istio.io/rev: "1-27-0"'], ['istio.io/rev: "asm-1-30"']],
    [["istio-injection: enabled", "istio.io/rev: stable"], ["istio.io/rev: asm-1-30"]],
    [["istio.io/dataplane-mode: ambient"], ["istio.io/rev: asm-1-30"]],
    [
      ["istio.io/dataplane-mode: ambient", "istio.io/use-waypoint: waypoint"],
      ["istio.io/rev: asm-1-30"],
    ],
    [["istio-injection: disabled"], ["istio-injection: disabled"]],
    [["istio.io/rev: asm-1-29"], ["istio.io/rev: asm-1-29"]],
    [["istio.io/rev: ${mesh_revision}"], ["istio.io/rev: ${mesh_revision}"]],
    [["istio.io/dataplane-mode: none"], ["istio.io/dataplane-mode: none"]],
  ])("%s becomes %s", (before, after) => {
    const { text, blockers } = migrated(namespace(...before));
    expect({ text, blockers }).toEqual({ text: namespace(...after), blockers: [] });
  });

  test("with a variable of Flux, the label is that variable", () => {
    const { text } = migrated(namespace("istio-injection: enabled"), {
      revision: "${mesh_revision}",
    });
    expect(text).toBe(namespace("istio.io/rev: ${mesh_revision}"));
  });

  test("a namespace that opts out and names a revision is not decided", () => {
    const before = namespace("istio-injection: disabled", "istio.io/rev: default");
    const { blockers, text } = migrated(before);
    expect(blockers).toEqual([
      "Both labels are set, and the add-on skips a namespace with istio-injection.",
    ]);
    expect(text).toContain("istio-injection: disabled");
  });
});

const deployment = (labels: string, annotations = "") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  template:\n    metadata:\n${annotations}      labels:\n        app: web\n${labels}`;

describe("pods", () => {
  const ASKS = '        sidecar.istio.io/inject: "true"\n';

  test("one that asks for a sidecar outside of the mesh names the revision", () => {
    const { files } = migrated({ "n.yaml": namespace(), "d.yaml": deployment(ASKS) });
    expect(files["d.yaml"]).toBe(deployment(`${ASKS}        istio.io/rev: asm-1-30\n`));
  });

  test.each([
    ["in a namespace of the mesh", namespace("istio-injection: enabled"), []],
    ["in a namespace that nothing shows", "", ["note"]],
  ])("one that asks for it %s stays", (_, first, outcomes) => {
    const { files, entries } = migrated({ "n.yaml": first, "d.yaml": deployment(ASKS) });
    expect(files["d.yaml"]).toBe(deployment(ASKS));
    expect(
      entries
        .filter(({ subject }) => subject.startsWith("Deployment"))
        .map(({ outcome }) => outcome),
    ).toEqual(outcomes);
  });

  test.each([
    ["        istio.io/rev: canary\n", "", "change"],
    ["        istio.io/dataplane-mode: ambient\n", "", "blocker"],
    ["", "      annotations:\n        sidecar.istio.io/proxyImage: x\n", "blocker"],
    ["", "      annotations:\n        proxy.istio.io/config: '{concurrency: 2}'\n", undefined],
    ["", "      annotations:\n        proxy.istio.io/config: '{image: {}}'\n", "note"],
    [
      "",
      "      annotations:\n        proxy.istio.io/config: 'discoveryAddress: istiod.istio-system.svc:15012'\n",
      "blocker",
    ],
    [
      "",
      "      annotations:\n        proxy.istio.io/config: 'discoveryAddress: 192.0.2.1:15012'\n",
      "blocker",
    ],
  ])("%j %j: %s", (labels, annotations, outcome) => {
    const { entries } = migrated(deployment(labels, annotations));
    expect(entries.map((one) => one.outcome)).toEqual(outcome === undefined ? [] : [outcome]);
  });
});

describe("gateways", () => {
  const gateway = (selector: string, port = 80, ns = "shop") =>
    networking("Gateway", `selector:\n  ${selector}\nservers:\n- port:\n    number: ${port}`, ns);

  test.each([
    ["istio: ingressgateway # x", "istio: aks-istio-ingressgateway-external # x"],
    ["app: istio-ingressgateway", "app: aks-istio-ingressgateway-external"],
    ["istio: aks-istio-ingressgateway-internal", "istio: aks-istio-ingressgateway-internal"],
    ["istio.io/gateway-name: own", "istio.io/gateway-name: own"],
  ])("the selector %s becomes %s", (before, after) => {
    const { text, blockers } = migrated(gateway(before));
    expect({ text, blockers }).toEqual({ text: gateway(after), blockers: [] });
  });

  test.each([
    ["istio: egressgateway", 80, "It is about an egress gateway."],
    ["istio: eastwestgateway", 15443, "It is about a gateway between clusters"],
    ["role: edge", 80, "The Gateway selects pods that none of the manifests create."],
    ["istio: ingressgateway", 8081, "The port is 8081"],
    ["istio: ingressgateway", 31400, "The port is 31400"],
  ])("%s with port %d stands in the way", (selector, port, message) => {
    const { blockers } = migrated(gateway(selector, port));
    expect(blockers).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [80, 80],
    [443, 443],
    [8080, 80],
    [8443, 443],
  ])("the port %d becomes %d", (before, after) => {
    const { text } = migrated(gateway("istio: ingressgateway", before));
    expect(text).toBe(gateway("istio: aks-istio-ingressgateway-external", after));
  });

  test("a gateway that the user deploys himself stays", () => {
    const { files, said } = migrated({
      "d.yaml": deployment("        role: edge\n"),
      "g.yaml": gateway("role: edge"),
    });
    expect(files["g.yaml"]).toBe(gateway("role: edge"));
    expect(said).toEqual(["note Gateway shop/x, spec.selector"]);
  });

  const service = (type: string, annotations = "{}") =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: istio-ingressgateway\n  namespace: istio-system\n  annotations: ${annotations}\nspec:\n  type: ${type}\n  selector:\n    istio: ingressgateway\n`;
  const INTERNAL = '{ service.beta.kubernetes.io/azure-load-balancer-internal: "true" }';

  test.each([
    ["a public load balancer", service("LoadBalancer"), "external", []],
    ["an internal one", service("LoadBalancer", INTERNAL), "internal", []],
    ["no load balancer", service("ClusterIP"), "external", ["ingressgateway"]],
    [
      "a patch that takes it away",
      `${service("LoadBalancer")}---\n${service("NodePort")}`,
      "external",
      ["ingressgateway"],
    ],
  ])("%s decides which one it is", (_, text, kind, undecided) => {
    const result = migrated(
      { "s.yaml": text, "g.yaml": gateway("istio: ingressgateway") },
      { otherIngress: undefined },
    );
    expect(result.files["g.yaml"]).toBe(gateway(`istio: aks-istio-ingressgateway-${kind}`));
    expect(result.undecided).toEqual(undecided);
  });

  test("the user decides about one by its label, with or without Istio's prefix", () => {
    for (const label of ["ingressgateway", "istio-ingressgateway"]) {
      const result = migrated(gateway("istio: ingressgateway"), {
        ingress: new Map([[label, "Internal"]]),
        otherIngress: undefined,
      });
      expect(result.text).toBe(gateway("istio: aks-istio-ingressgateway-internal"));
      expect(result.undecided).toEqual([]);
    }
  });
});

describe("the root namespace", () => {
  test.each([
    [networking("Sidecar", "egress: []", "istio-system"), "aks-istio-system"],
    [networking("DestinationRule", "host: '*.local'", "istio-system"), "aks-istio-system"],
    [authorization("{}", "istio-system"), "aks-istio-system"],
    [authorization("selector:\n  matchLabels:\n    app: web", "istio-system"), "aks-istio-system"],
    [networking("VirtualService", "gateways: [g]", "istio-system"), "aks-istio-ingress"],
    [networking("VirtualService", "gateways: [mesh]", "istio-system"), "aks-istio-system"],
    [
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: x\n  namespace: istio-system\n",
      "aks-istio-ingress",
    ],
  ])("%j moves to %s", (before, target) => {
    expect(migrated(before).text).toBe(
      before.replace("namespace: istio-system", `namespace: ${target}`),
    );
  });

  const INSTALLED = {
    operator: `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: own
spec:
  meshConfig:
    rootNamespace: istio-config
`,
    release: `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: istiod
  namespace: istio-system
spec:
  chart: {spec: {chart: istiod, sourceRef: {name: istio}}}
  values: {meshConfig: {rootNamespace: istio-config}}
`,
    "ConfigMap istio": `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: "rootNamespace: istio-config"
`,
  };
  describe.each(Object.entries(INSTALLED))("with the rootNamespace of: %s", (_, installed) => {
    const moved = (text: string) => migrated({ "i.yaml": installed, [FILE]: text });

    test.each([
      [authorization("{}", "istio-config"), "aks-istio-system"],
      [
        authorization("selector:\n  matchLabels:\n    app: web", "istio-config"),
        "aks-istio-system",
      ],
      [networking("DestinationRule", "host: '*.local'", "istio-config"), "aks-istio-system"],
      [networking("ServiceEntry", "hosts: [a.example.com]", "istio-config"), "istio-config"],
      [networking("VirtualService", "gateways: [g]", "istio-config"), "istio-config"],
    ])("%j gets %s", (before, target) => {
      const { text, blockers } = moved(before);
      expect(text).toBe(before.replace("namespace: istio-config", `namespace: ${target}`));
      expect(blockers).toEqual([]);
    });

    test("the other root namespace is noted", () => {
      expect(moved("").entries).toContainEqual(
        expect.objectContaining({
          outcome: "note",
          message:
            "The add-on blocks the field rootNamespace of MeshConfig. The root namespace of the add-on is aks-istio-system. What applies to the whole mesh from istio-config moves there.",
        }),
      );
    });

    test("what applied to the pods of the control plane's namespace alone is not decided", () => {
      const policy = authorization("{}", "istio-system");
      const { text, blockers } = moved(policy);
      expect(text).toBe(policy);
      expect(blockers).toEqual([
        "It applies only to istio-system, because the root namespace of the mesh is istio-config, and the add-on does not use istio-system.",
      ]);
    });
  });

  test("a policy of the gateway moves to its namespace with its selector", () => {
    const policy = (selector: string, ns: string) =>
      authorization(`selector:\n  matchLabels:\n    istio: ${selector}`, ns);
    expect(migrated(policy("ingressgateway", "istio-system")).text).toBe(
      policy("aks-istio-ingressgateway-external", "aks-istio-ingress"),
    );
  });

  test("a certificate of a Gateway moves to the gateways, and another one stays", () => {
    const certificate = (name: string, ns: string) =>
      `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: ${name}\n  namespace: ${ns}\nspec:\n  secretName: ${name}\n`;
    const { files } = migrated({
      "g.yaml": networking(
        "Gateway",
        "selector:\n  istio: ingressgateway\nservers:\n- tls:\n    credentialName: shop-tls",
      ),
      "c.yaml": certificate("shop-tls", "istio-system"),
      "d.yaml": certificate("other", "istio-system"),
    });
    expect(files["c.yaml"]).toBe(certificate("shop-tls", "aks-istio-ingress"));
    expect(files["d.yaml"]).toBe(certificate("other", "istio-system"));
  });

  test("a route to a Service that has a short name does not move", () => {
    const route = networking(
      "VirtualService",
      "gateways: [g]\nhttp:\n- route:\n  - destination:\n      host: kiali",
      "istio-system",
    );
    const { text, blockers } = migrated(route);
    expect(text).toBe(route);
    expect(blockers).toEqual([
      "It belongs to aks-istio-ingress, where kiali would be another Service than in istio-system.",
    ]);
  });

  test.each([
    [
      "stays while something is in it",
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: kiali\n  namespace: istio-system\n",
      true,
    ],
    ["ends when nothing is", authorization("{}", "istio-system"), false],
  ])("%s", (_, other, stays) => {
    const root = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n";
    const { files } = migrated({ "n.yaml": root, "o.yaml": other });
    expect(files["n.yaml"]).toBe(stays ? root : undefined);
  });
});

describe("references", () => {
  const INGRESS = "aks-istio-ingressgateway-external";
  const source = (field: string, value: string) =>
    authorization(`rules:\n- from:\n  - source:\n      ${field}:\n      - ${value}`);

  test.each([
    [
      "principals",
      "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
      `cluster.local/ns/aks-istio-ingress/sa/${INGRESS}`,
    ],
    ["notPrincipals", '"*/ns/istio-system/sa/*"', '"*/ns/aks-istio-ingress/sa/*"'],
    ["namespaces", "istio-system", "aks-istio-ingress"],
    ["serviceAccounts", "istio-system/istio-ingressgateway", `aks-istio-ingress/${INGRESS}`],
    ["notNamespaces", "istio-system", "aks-istio-ingress"],
    ["principals", '"*/sa/istio-ingressgateway-service-account"', `"*/sa/${INGRESS}"`],
    ["notPrincipals", '"*/istio-ingressgateway"', `"*/${INGRESS}"`],
    ["principals", "cluster.local/ns/istio-system/*", "cluster.local/ns/aks-istio-ingress/*"],
    ["notServiceAccounts", '"istio-system/*"', '"aks-istio-ingress/*"'],
    ["principals", '"*"', '"*"'],
    ["principals", "cluster.local/*", "cluster.local/*"],
    ["principals", '"*/sa/web"', '"*/sa/web"'],
    ["principals", "cluster.local/ns/aks-istio-*", "cluster.local/ns/aks-istio-*"],
    ["namespaces", "aks-istio-*", "aks-istio-*"],
    ["namespaces", "shop-*", "shop-*"],
    ["namespaces", '"*"', '"*"'],
    ["principals", "cluster.local/ns/shop/sa/web", "cluster.local/ns/shop/sa/web"],
    ["namespaces", "shop", "shop"],
    ["ipBlocks", "10.0.0.0/8", "10.0.0.0/8"],
  ])("%s %s becomes %s", (field, before, after) => {
    const { text, blockers } = migrated(source(field, before));
    expect({ text, blockers }).toEqual({ text: source(field, after), blockers: [] });
  });

  const condition = (key: string, list: string, value: string) =>
    authorization(`action: DENY\nrules:\n- when:\n  - key: ${key}\n    ${list}: [${value}]`);
  test.each([
    ["source.namespace", "values", "istio-system", "aks-istio-ingress"],
    ["source.namespace", "notValues", "istio-system", "aks-istio-ingress"],
    [
      "source.principal",
      "notValues",
      "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account",
      `cluster.local/ns/aks-istio-ingress/sa/${INGRESS}`,
    ],
    [
      "source.principal",
      "values",
      '"*/sa/istio-ingressgateway-service-account"',
      `"*/sa/${INGRESS}"`,
    ],
    [
      "source.serviceAccount",
      "values",
      "istio-system/istio-ingressgateway",
      `aks-istio-ingress/${INGRESS}`,
    ],
    ["request.headers[x]", "values", "istio-system", "istio-system"],
  ])("the condition %s, %s %s becomes %s", (key, list, before, after) => {
    const { text, blockers } = migrated(condition(key, list, before));
    expect({ text, blockers }).toEqual({ text: condition(key, list, after), blockers: [] });
  });

  test.each([
    ["namespaces", "istio-*"],
    ["notNamespaces", '"*-system"'],
    ["principals", '"*-service-account"'],
    ["principals", '"*gressgateway"'],
    ["principals", '"*system/sa/istio-ingressgateway"'],
    ["notPrincipals", "cluster.local/ns/istio-*"],
  ])("a pattern that matches only own gateways stands in the way: %s %s", (field, value) => {
    const { text, blockers } = migrated(source(field, value));
    expect(text).toBe(source(field, value));
    expect(blockers).toEqual([
      `${value.replaceAll('"', "")} matches gateways of the self-installed Istio, and not those of the add-on.`,
    ]);
  });

  test("a pattern in a condition stands in the way, too", () => {
    expect(migrated(condition("source.namespace", "values", "istio-*")).blockers).toHaveLength(1);
  });

  test("a pattern that matches the add-on's gateways only is noted", () => {
    const { entries } = migrated(source("namespaces", "aks-*"));
    expect(entries.map(({ outcome, message }) => [outcome, message])).toEqual([
      [
        "note",
        "aks-* matches the gateways of the add-on, and not those of the self-installed Istio.",
      ],
    ]);
  });

  test("a service account without a namespace is one of the policy's", () => {
    const of = (name: string, namespace: string) =>
      authorization(`rules:\n- from:\n  - source:\n      serviceAccounts: [${name}]`, namespace);
    expect(migrated(of("istio-ingressgateway", "istio-system")).text).toBe(
      of(`aks-istio-ingress/${INGRESS}`, "aks-istio-system"),
    );
    expect(migrated(of("istio-ingressgateway", "shop")).text).toBe(
      of("istio-ingressgateway", "shop"),
    );
  });

  test.each([
    ["principals", "cluster.local/ns/istio-system/sa/istio-ingressgateway*"],
    ["principals", "cluster.local/ns/istio-system/sa/istio-*"],
  ])("%s %s may be another workload there, and stands in the way", (field, value) => {
    expect(migrated(source(field, value)).blockers).toEqual([
      `${value} is an identity in a namespace of the self-installed Istio.`,
    ]);
  });

  test("an identity of another workload there stands in the way", () => {
    expect(
      migrated(source("principals", "cluster.local/ns/istio-system/sa/kiali")).blockers,
    ).toEqual([
      "cluster.local/ns/istio-system/sa/kiali is an identity in a namespace of the self-installed Istio.",
    ]);
  });

  test.each([
    [
      "VirtualService",
      "gateways:\n- istio-system/public\n- mesh",
      "gateways:\n- aks-istio-ingress/public\n- mesh",
    ],
    ["VirtualService", "exportTo:\n- istio-system", "exportTo:\n- aks-istio-ingress"],
    [
      "Sidecar",
      "egress:\n- hosts:\n  - ./*\n  - istio-system/*",
      "egress:\n- hosts:\n  - ./*\n  - aks-istio-system/*",
    ],
    [
      "DestinationRule",
      "host: istio-ingressgateway.istio-system.svc.cluster.local",
      `host: ${INGRESS}.aks-istio-ingress.svc.cluster.local`,
    ],
    [
      "DestinationRule",
      "subjectAltNames:\n- spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway",
      `subjectAltNames:\n- spiffe://cluster.local/ns/aks-istio-ingress/sa/${INGRESS}`,
    ],
    ["ServiceEntry", "hosts:\n- istio-system.example.com", "hosts:\n- istio-system.example.com"],
  ])("%s %j becomes %j", (kind, before, after) => {
    const { text, blockers } = migrated(networking(kind, before));
    expect({ text, blockers }).toEqual({ text: networking(kind, after), blockers: [] });
  });

  test.each([
    ["istiod.istio-system.svc", "is the control plane of the self-installed Istio"],
    ["zipkin.istio-system.svc.cluster.local", "is in the namespace of the self-installed Istio"],
  ])("the host %s stands in the way", (host, message) => {
    const { blockers } = migrated(networking("DestinationRule", `host: ${host}`));
    expect(blockers).toEqual([expect.stringContaining(message)]);
  });

  test("addresses in other objects change in any text, and those of others are noted", () => {
    const config = (gateway: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: |\n    url: http://${gateway}.svc:80/x # keep\n    trace: zipkin.istio-system:9411\n`;
    const { text, said } = migrated(config("istio-ingressgateway.istio-system"));
    expect(text).toBe(config(`${INGRESS}.aks-istio-ingress`));
    expect(said).toEqual([
      `change ConfigMap c, data.a: istio-ingressgateway.istio-system → ${INGRESS}.aks-istio-ingress`,
      "note ConfigMap c, data.a",
    ]);
  });

  const ofGatewayApi = (kind: string, spec: string) =>
    networking(kind, spec).replace("networking.istio.io", "gateway.networking.k8s.io");
  test.each([
    ["HTTPRoute", "parentRefs:\n- name: g\n  namespace: NS"],
    ["ReferenceGrant", "from:\n- kind: HTTPRoute\n  namespace: NS"],
    [
      "Gateway",
      "listeners:\n- allowedRoutes:\n    namespaces:\n      selector:\n        matchLabels:\n          kubernetes.io/metadata.name: NS",
    ],
    [
      "Gateway",
      "listeners:\n- allowedRoutes:\n    namespaces:\n      selector:\n        matchExpressions:\n        - key: kubernetes.io/metadata.name\n          operator: In\n          values: [NS]",
    ],
  ])("a %s names the namespace to which Gateways and routes move: %j", (kind, spec) => {
    const of = (namespace: string) => ofGatewayApi(kind, spec.replace("NS", namespace));
    expect(migrated(of("istio-system")).text).toBe(of("aks-istio-ingress"));
    expect(migrated(of("other")).text).toBe(of("other"));
  });

  const policy = (direction: string, selector: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec:\n  ${direction}:\n  - namespaceSelector:\n${selector}`;
  const byName = (name: string) =>
    `      matchLabels:\n        kubernetes.io/metadata.name: ${name}\n`;
  const byExpression = (name: string) =>
    `      matchExpressions:\n      - key: kubernetes.io/metadata.name\n        operator: In\n        values:\n        - ${name}\n`;

  test.each([
    ["ingress", byName, "aks-istio-ingress"],
    ["egress", byName, "aks-istio-system"],
    ["ingress", byExpression, "aks-istio-ingress"],
  ])("a network policy for %s selects the add-on's namespace", (direction, selector, target) => {
    const { text } = migrated(policy(direction, selector("istio-system")));
    expect(text).toBe(policy(direction, selector(target)));
  });

  test("a network policy that selects by another label stands in the way", () => {
    const { blockers } = migrated(
      policy("ingress", "      matchLabels:\n        name: istio-system\n"),
    );
    expect(blockers).toHaveLength(1);
  });
});

describe("kinds", () => {
  const of = (apiVersion: string, kind: string, spec = "{}") =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: shop\nspec: ${spec}\n`;

  test.each([
    ["networking.istio.io/v1", "WorkloadEntry", "The add-on blocks the kind WorkloadEntry."],
    ["extensions.istio.io/v1alpha1", "WasmPlugin", "The add-on blocks the kind WasmPlugin."],
    ["rbac.istio.io/v1alpha1", "ServiceRole", "Istio removed the API rbac.istio.io in 1.8."],
    [
      "maistra.io/v2",
      "ServiceMeshControlPlane",
      "ServiceMeshControlPlane configures Red Hat OpenShift Service Mesh.",
    ],
  ])("%s %s stands in the way", (apiVersion, kind, message) => {
    expect(migrated(of(apiVersion, kind)).blockers).toEqual([message]);
  });

  test.each([
    ["{accessLogging: [{filter: {expression: x}}]}", 1],
    ["{accessLogging: [{providers: [{name: envoy}]}]}", 0],
  ])("Telemetry %s has %d blockers", (spec, count) => {
    expect(migrated(of("telemetry.istio.io/v1", "Telemetry", spec)).blockers).toHaveLength(count);
  });

  test.each([
    ["^1\\\\.30.*", []],
    ["^1\\\\.(29|30).*", []],
    [
      "^1\\\\.22.*",
      [
        "The patch is for proxies of the version ^1\\.22.*, and those of asm-1-30 do not match, so it would silently end.",
      ],
    ],
  ])("EnvoyFilter for %s", (version, blockers) => {
    const spec = `{configPatches: [{match: {proxy: {proxyVersion: "${version}"}}}]}`;
    expect(migrated(of("networking.istio.io/v1alpha3", "EnvoyFilter", spec)).blockers).toEqual(
      blockers,
    );
  });

  test("a route for the mesh, and a policy of a waypoint, stand in the way", () => {
    const { blockers } = migrated({
      "r.yaml": of(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        "{parentRefs: [{kind: Service, name: a}]}",
      ),
      "p.yaml": of(
        "security.istio.io/v1",
        "AuthorizationPolicy",
        "{targetRefs: [{kind: Service, name: a}]}",
      ),
    });
    expect(blockers).toHaveLength(2);
  });

  const secret = (name: string, labels = "{}") =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: istio-system\n  labels: ${labels}\n`;
  test.each([
    [secret("cacerts"), "It is the certificate authority of the mesh"],
    [
      secret("east", '{ istio/multiCluster: "true" }'),
      "The secret lets istiod read another cluster",
    ],
    [
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cert-manager-istio-csr\n",
      "istio-csr signs the certificates",
    ],
  ])("trust: %j", (text, message) => {
    expect(migrated(text).blockers).toEqual([expect.stringContaining(message)]);
  });

  test("another secret is nothing to say of", () => {
    expect(migrated(secret("other")).said).toEqual([]);
  });
});
