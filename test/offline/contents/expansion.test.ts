import { describe, expect, test } from "vitest";
import type { Plan } from "../../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { finder, planOf } from "../../support/host.ts";
import { javascript, policyPack, scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
const onPath = toolsOnPath();

const CONFIG = `
const k8s = require("@pulumi/kubernetes");
const config = (name) => "apiVersion: v1\\nkind: ConfigMap\\nmetadata: { name: " + name + " }\\ndata: { debug: yes }\\n";`;

/** A tool that prints a Service and a ConfigMap with what it got. */
const PRINT = `print([
  { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { ports: [{ port: 80 }] } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "got" }, data: { args: args.join(" "), input: input() } },
].map((object) => JSON.stringify(object)).join("\\n---\\n"));`;

const kubernetes = (resources: Plan["resources"]) =>
  resources.map(({ type, name }) => `${type} ${name}`).filter((id) => id.startsWith("kubernetes:"));

describe("components of the Kubernetes provider", () => {
  const source = `${CONFIG}
const provider = new k8s.Provider("p", { namespace: "team", kubeconfig: "x" });
const all = new k8s.yaml.v2.ConfigGroup("all", {
  files: ["yaml/*.yaml"],
  yaml: config("text"),
  objs: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "object" }, data: { id: provider.id } }],
}, { provider, protect: true });
const file = new k8s.yaml.v2.ConfigFile("file", { file: "yaml/list.yaml", resourcePrefix: "" });
new k8s.yaml.v2.ConfigGroup("empty", {});
new k8s.yaml.v2.ConfigGroup("hidden", { yaml: pulumi.secret(config("hidden")) });
new k8s.yaml.v2.ConfigFile("url", { file: "https://a.test/crds.yaml" });
new k8s.helm.v4.Chart("chart", { chart: "web", values: { password: pulumi.secret("hunter2") } });
new k8s.kustomize.v2.Directory("directory", { directory: "base", namespace: "shop" });
module.exports = {
  names: file.resources.apply((all) => all.map((one) => one.metadata.name)),
  number: all.resources.apply((all) => all.length),
};`;
  const files = {
    ...javascript("expanded", source),
    "yaml/list.yaml": `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: listed, namespace: new }
  - apiVersion: v1
    kind: Namespace
    metadata: { name: new }
`,
    "web/Chart.yaml": "name: web\n",
    "base/kustomization.yaml": "resources: []\n",
  };

  test("create a resource for each object", async () => {
    onPath({ helm: PRINT, kustomize: PRINT });
    const plan = await planOf(write("expanded", files));
    expect(kubernetes(plan.resources).sort()).toEqual([
      "kubernetes:core/v1:ConfigMap all:new/listed",
      "kubernetes:core/v1:ConfigMap all:team/object",
      "kubernetes:core/v1:ConfigMap all:team/text",
      "kubernetes:core/v1:ConfigMap chart:default/got",
      "kubernetes:core/v1:ConfigMap directory:shop/got",
      "kubernetes:core/v1:ConfigMap hidden:default/hidden",
      "kubernetes:core/v1:ConfigMap new/listed",
      "kubernetes:core/v1:Namespace all:new",
      "kubernetes:core/v1:Namespace new",
      "kubernetes:core/v1:Service chart:default/web",
      "kubernetes:core/v1:Service directory:shop/web",
      "kubernetes:helm.sh/v4:Chart chart",
      "kubernetes:kustomize/v2:Directory directory",
      "kubernetes:yaml/v2:ConfigFile file",
      "kubernetes:yaml/v2:ConfigFile url",
      "kubernetes:yaml/v2:ConfigGroup all",
      "kubernetes:yaml/v2:ConfigGroup empty",
      "kubernetes:yaml/v2:ConfigGroup hidden",
    ]);
    expect(plan.contents).toEqual([]);
    expect(plan.notJudged.map(({ what }) => what)).toEqual(["kubernetes:yaml/v2:ConfigFile url"]);

    const find = finder(plan);
    const group = find("kubernetes:yaml/v2:ConfigGroup::all");
    const namespace = find("kubernetes:core/v1:Namespace::all:new");
    const listed = find("kubernetes:core/v1:ConfigMap::all:new/listed");
    expect(listed).toMatchObject({
      urn: "urn:pulumi:dev::expanded::kubernetes:yaml/v2:ConfigGroup$kubernetes:core/v1:ConfigMap::all:new/listed",
      op: "create",
      custom: true,
      parent: group.urn,
      provider: group.provider,
      dependencies: [namespace.urn],
      options: { protect: true },
      sourcePosition: group.sourcePosition,
    });
    expect(group.provider).toContain("::p::");
    expect(find("kubernetes:core/v1:ConfigMap::all:team/object").inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "object", namespace: "team" },
      data: { id: UNKNOWN },
    });
    expect(find("kubernetes:core/v1:ConfigMap::hidden:default/hidden").inputs).toMatchObject({
      metadata: { name: "hidden" },
      data: markSecret({ debug: true }),
    });
    expect(find("kubernetes:core/v1:ConfigMap::chart:default/got").inputs["data"]).toMatchObject({
      input: markSecret('{"password":"hunter2"}'),
    });
    expect(plan.resources[0]?.outputs).toEqual({ names: ["new", "listed"], number: 4 });
  });

  test("that their provider cannot create fail the program", async () => {
    const group = (args: string) =>
      write(
        "failing",
        javascript("failing", `${CONFIG} new k8s.yaml.v2.ConfigGroup("g", ${args});`),
      );
    expect(await usageErrorOf(() => planOf(group('{ files: ["missing.yaml"] }')))).toMatch(
      /failed: kubernetes:yaml\/v2:ConfigGroup g: ENOENT: .*missing\.yaml/,
    );
    expect(await usageErrorOf(() => planOf(group('{ yaml: "kind: A" }')))).toContain(
      'kubernetes:yaml/v2:ConfigGroup g: each object requires apiVersion, kind and metadata.name; found {"kind":"A","metadata":{}}',
    );
  });
});

describe("resources that a tool or the SDK expands", () => {
  const source = `${CONFIG}
new k8s.helm.v3.Release("release", { chart: "./web", namespace: "shop", values: { a: pulumi.secret("hunter2") } });
new k8s.helm.v3.Release("published", { chart: "web", repositoryOpts: { repo: "https://a.test" } });
const chart = new k8s.helm.v3.Chart("chart", { path: "web", namespace: "shop" });
const directory = new k8s.kustomize.Directory("directory", { directory: "base" });
module.exports = {
  chart: chart.getResource("v1/Service", "shop/web").spec.ports[0].port,
  directory: directory.getResourceProperty("v1/Service", "web", "metadata").name,
};`;
  const files = {
    ...javascript("released", source),
    "web/Chart.yaml": "name: web\n",
    "base/kustomization.yaml": "resources: []\n",
  };

  test("have their objects: those of a release beside the resources", async () => {
    onPath({ helm: PRINT, kustomize: PRINT });
    const plan = await planOf(write("released", files));
    expect(kubernetes(plan.resources).sort()).toEqual([
      "kubernetes:core/v1:ConfigMap got",
      "kubernetes:core/v1:ConfigMap shop/got",
      "kubernetes:core/v1:Service shop/web",
      "kubernetes:core/v1:Service web",
      "kubernetes:helm.sh/v3:Chart chart",
      "kubernetes:helm.sh/v3:Release published",
      "kubernetes:helm.sh/v3:Release release",
      "kubernetes:kustomize:Directory directory",
    ]);
    expect(plan.resources[0]?.outputs).toEqual({ chart: 80, directory: "web" });
    const release = finder(plan)("kubernetes:helm.sh/v3:Release::release");
    expect(kubernetes(plan.contents)).toEqual([
      "kubernetes:core/v1:ConfigMap release:shop/got",
      "kubernetes:core/v1:Service release:shop/web",
    ]);
    expect(plan.contents.map(({ parent }) => parent)).toEqual([release.urn, release.urn]);
    expect(plan.contents[0]?.inputs["data"]).toMatchObject({
      input: markSecret('{"a":"hunter2"}'),
    });
    expect(plan.notJudged.map(({ what }) => what)).toEqual([
      "kubernetes:helm.sh/v3:Release published",
    ]);
  });

  test("are not judged without the tool", async () => {
    onPath({});
    const plan = await planOf(
      write("not-released", {
        ...files,
        ...javascript("not-released", source.replace(/module\.exports[^]*/, "")),
      }),
    );
    expect(plan.contents).toEqual([]);
    expect(plan.notJudged.map(({ what, reason }) => [what, reason])).toEqual([
      [
        "kubernetes:helm.sh/v3:Release published",
        "A preview does not fetch the chart web of https://a.test.",
      ],
      [
        "kubernetes:helm.sh/v3:Release release",
        "`helm template` renders it, and `helm` is not on PATH.",
      ],
      [
        "kubernetes:helm:template (1 call)",
        "`helm template` renders it, and `helm` is not on PATH.",
      ],
      [
        "kubernetes:kustomize:directory (1 call)",
        "`kustomize build` renders it, and neither `kustomize` nor `kubectl` is on PATH.",
      ],
    ]);
  });
});

test("no policy changes the objects of a release, which the engine does not create", async () => {
  onPath({ helm: PRINT });
  const source = `${CONFIG}
new k8s.helm.v3.Release("release", { chart: "./web" });
new k8s.core.v1.ConfigMap("own", {});`;
  const directory = write("judged", { ...javascript("judged", source), "web/Chart.yaml": "" });
  const pack = write(
    "labelling",
    policyPack(
      "labelling",
      `{
  name: "owned", description: "d", enforcementLevel: "remediate",
  remediateResource: ({ type, props }) =>
    type.endsWith(":ConfigMap") && props.owner === undefined ? { ...props, owner: "us" } : undefined,
  validateResource: ({ type, props }, report) => {
    if (type.endsWith(":ConfigMap") && props.owner === undefined) report("has no owner");
  },
}`,
    ),
  );
  const plan = await planOf(directory, { packs: [{ directory: pack, config: {} }] });
  const inside = "kubernetes:core/v1:ConfigMap::release:default/got";
  expect(plan.remediations.map(({ urn }) => urn)).toEqual([
    "urn:pulumi:dev::judged::kubernetes:core/v1:ConfigMap::own",
  ]);
  expect(
    plan.violations.map(({ urn, enforcementLevel, message }) => [urn, enforcementLevel, message]),
  ).toEqual([
    [
      `urn:pulumi:dev::judged::kubernetes:helm.sh/v3:Release$${inside}`,
      "mandatory",
      "has no owner",
    ],
  ]);
});

test("an error of a tool does not show the secret that it quotes", async () => {
  onPath({ helm: 'fail("Error: cannot use " + input() + "\\n");' });
  const source = `${CONFIG}
new k8s.helm.v4.Chart("chart", { chart: "web", values: { a: pulumi.secret("hunter2") } });`;
  const directory = write("quoting", { ...javascript("quoting", source), "web/Chart.yaml": "" });
  const { notJudged } = await planOf(directory);
  expect(notJudged.map(({ reason }) => reason)).toEqual([
    '`helm template` failed: cannot use {"a":"[secret]"}',
  ]);
});
