import { delimiter } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Plan } from "../../offline/plan/plan.ts";
import { planOf } from "../support/host.ts";
import { javascript, scratch } from "../support/programs.ts";

// The tests in test/offline/contents have stand-ins for Helm and Kustomize. Here, the real ones run.

const write = scratch();
const packs = [
  {
    directory: `${__dirname}/../../policy`,
    config: {
      "mesh-scope": { today: "2026-08-24" },
      "ns-no-legacy-injection-label": { enforcementLevel: "mandatory" as const },
    },
  },
];

beforeAll(() => {
  process.env["PATH"] = `${inject("renderers")}${delimiter}${process.env["PATH"] ?? ""}`;
});

const CLUSTER = `
const { ManagedCluster } = require("@pulumi/azure-native/containerservice");
const k8s = require("@pulumi/kubernetes");
const cluster = new ManagedCluster("mesh", {
  resourceGroupName: "orders",
  kubernetesVersion: "1.34",
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
});
const provider = new k8s.Provider("mesh", { kubeconfig: cluster.fqdn }, { dependsOn: [cluster] });
const opts = { provider };
new k8s.core.v1.Namespace("shop", { metadata: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } } }, opts);
const route = (host) => new k8s.apiextensions.CustomResource(host, {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  metadata: { name: host, namespace: "shop" },
  spec: { hosts: [host], http: [{ route: [{ destination: { host } }] }] },
}, opts);`;

/** A chart with a Service, a Deployment that opts out of the mesh, a hook and a test. */
const CHART = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": 'inject: "true"\nport: 80\n',
  "web/crds/thing.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.a.test }
spec: { group: a.test, scope: Cluster, names: { kind: Thing } }
`,
  "web/templates/all.yaml": `apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }
spec:
  selector: { app: web }
  ports: [{ name: http, port: {{ .Values.port }} }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web, sidecar.istio.io/inject: {{ .Values.inject | quote }} }
    spec: { containers: [{ name: web, image: "a.test/web:1" }] }
---
apiVersion: a.test/v1
kind: Thing
metadata: { name: thing }
`,
  "web/templates/hook.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: hook, annotations: { helm.sh/hook: pre-install } }
`,
  "web/templates/test.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: test, annotations: { helm.sh/hook: test } }
`,
};

const kubernetes = (resources: Plan["resources"]) =>
  resources
    .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`)
    .filter((id) => /^(Service|Deployment|ConfigMap|Thing|CustomResourceDefinition) /.test(id))
    .sort();
const findings = ({ violations }: Plan, ...names: readonly string[]) =>
  violations
    .filter(({ policy }) => names.includes(policy))
    .map(({ policy, urn }) => `${policy} ${urn?.split("::").at(-1) ?? ""}`);

describe("the objects of a chart are those that Helm renders, and are judged", () => {
  const charts = [
    {
      kind: "helm.v4.Chart",
      source:
        'new k8s.helm.v4.Chart("web", { chart: "./web", namespace: "shop", values: VALUES }, opts);',
      resources: [
        "CustomResourceDefinition web:things.a.test",
        "Deployment web:shop/web",
        "Service web:shop/web",
        "Thing web:thing",
      ],
      contents: [],
      deployment: "web:shop/web",
    },
    {
      kind: "helm.v3.Chart",
      source:
        'new k8s.helm.v3.Chart("web", { path: "web", namespace: "shop", values: VALUES }, opts);',
      resources: [
        "ConfigMap shop/hook",
        "CustomResourceDefinition things.a.test",
        "Deployment shop/web",
        "Service shop/web",
        "Thing thing",
      ],
      contents: [],
      deployment: "shop/web",
    },
    {
      kind: "helm.v3.Release",
      source:
        'new k8s.helm.v3.Release("web", { name: "web", chart: "./web", namespace: "shop", values: VALUES }, opts);',
      resources: [],
      contents: [
        "ConfigMap web:shop/hook",
        "CustomResourceDefinition web:things.a.test",
        "Deployment web:shop/web",
        "Service web:shop/web",
        "Thing web:thing",
      ],
      deployment: "web:shop/web",
    },
  ];

  test.each(charts)("$kind", async ({ kind, source, resources, contents, deployment }) => {
    const program = (values: string) =>
      `${CLUSTER}\n${source.replace("VALUES", values)}\nroute("web"); route("api");`;
    const bad = await planOf(
      write(kind, { ...javascript("web", program('{ inject: "false" }')), ...CHART }),
      { packs },
    );
    expect(kubernetes(bad.resources)).toEqual(resources);
    expect(kubernetes(bad.contents)).toEqual(contents);
    expect(findings(bad, "pod-no-injection-optout", "istio-config-conflicts")).toEqual([
      "istio-config-conflicts api",
      `pod-no-injection-optout ${deployment}`,
    ]);
    expect(findings(bad, "mesh-coverage")).toEqual([]);

    const good = await planOf(write(kind, { ...javascript("web", program("{}")), ...CHART }), {
      packs,
    });
    expect(findings(good, "pod-no-injection-optout")).toEqual([]);
  });
});

describe("the objects of a Kustomize directory are those that Kustomize builds, and are judged", () => {
  const files = {
    "base/kustomization.yaml": "namespace: legacy\nresources: [ns.yaml, config.yaml]\n",
    "base/ns.yaml":
      "apiVersion: v1\nkind: Namespace\nmetadata: { name: any, labels: { istio-injection: enabled } }\n",
    "base/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
  };

  test.each([
    ["kustomize.v2.Directory", "legacy:legacy", "legacy:legacy/a"],
    ["kustomize.Directory", "legacy", "legacy/a"],
  ])("%s", async (kind, namespace, config) => {
    const source = `${CLUSTER}\nnew k8s.${kind}("legacy", { directory: "base" }, opts);`;
    const plan = await planOf(write(kind, { ...javascript("kustomized", source), ...files }), {
      packs,
    });
    expect(kubernetes(plan.resources)).toEqual([`ConfigMap ${config}`]);
    expect(findings(plan, "ns-no-legacy-injection-label", "mesh-coverage")).toEqual([
      `ns-no-legacy-injection-label ${namespace}`,
    ]);
  });

  test("files from another machine are not fetched", async () => {
    const source = `${CLUSTER}\nnew k8s.kustomize.v2.Directory("far", { directory: "far" }, opts);`;
    const plan = await planOf(
      write("far", {
        ...javascript("far", source),
        "far/kustomization.yaml": "resources: [https://a.invalid/ns.yaml]\n",
      }),
      { packs },
    );
    expect(plan.notJudged).toMatchObject([
      {
        what: "kubernetes:kustomize/v2:Directory far",
        reason:
          "It includes https://a.invalid/ns.yaml, and `kustomize build` runs without a network.",
      },
    ]);
    expect(findings(plan, "mesh-coverage")).toContain("mesh-coverage far");
  });
});
