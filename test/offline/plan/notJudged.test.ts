import { describe, expect, test } from "vitest";
import { notJudgedCalls } from "../../../offline/plan/notJudged.ts";
import type { Plan } from "../../../offline/plan/plan.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import { planOf } from "../../support/host.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { javascript, program, scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();
const onPath = toolsOnPath();

const PULL_OR_ASSUME =
  "Download it with `helm pull --untar`, and use its path. Alternatively, provide the objects that `helm template` prints with --assume FILE, under invokes.";

describe("coverage gaps", () => {
  const source = `
class Remote extends pulumi.ComponentResource {
  constructor(type, name, args = {}) { super(type, name, args, {}, true); }
}
new Remote("kubernetes:helm.sh/v4:Chart", "chart", { chart: "web" });
new Remote("acme:index:Platform", "platform");
new Component("acme:index:Local", "local", {});
const get = (type, name, id) => new Resource(type, name, {}, { id });
get("azure-native:resources:ResourceGroup", "hub", "/hub");
get("azure-native:resources:ResourceGroup", "known", "/known");
new pulumi.StackReference("acme/network/prod");
new pulumi.StackReference("acme/known/prod");
const { invoke } = pulumi.runtime;
invoke("kubernetes:helm:template", { jsonOpts: '{"chart":"web"}' });
invoke("kubernetes:helm:template", { jsonOpts: '{"chart":"web"}' });
invoke("kubernetes:helm:template", { jsonOpts: '{"chart":"api"}' });
invoke("a:b:getThing", { x: 1 });
invoke("a:b:getThing", { x: 2 });
invoke("a:b:getThing", { x: 3 });
`;
  const directory = write("unjudged", {
    ...javascript("unjudged", source),
    "assume.yaml": [
      "invokes: { a:b:getThing: [{ args: { x: 3 }, returns: {} }, { args: { x: 4 }, returns: {} }], constructor: [{ returns: {} }] }",
      "reads: { 'azure-native:resources:ResourceGroup': { /known: {}, /other: {} } }",
      "stackReferences: { acme/known/prod: {}, acme/other/prod: {} }",
      "environment: { a:b: 1 }",
    ].join("\n"),
  });

  test("are remote components, resources and outputs that are read, and calls, each with the reason and the fix", async () => {
    const plan = await planOf(directory, { assume: `${directory}/assume.yaml` });
    const urn = (typeAndName: string) => `urn:pulumi:dev::unjudged::${typeAndName}`;
    expect(plan.notJudged).toEqual([
      {
        what: "acme:index:Platform platform",
        reason: "Its provider creates the resources in it, and no provider runs offline.",
        urn: urn("acme:index:Platform::platform"),
      },
      {
        what: "azure-native:resources:ResourceGroup hub",
        reason: "It already exists, and its properties are unknown offline.",
        fix: "Provide its properties with --assume FILE, under reads.",
        urn: urn("azure-native:resources:ResourceGroup::hub"),
      },
      {
        what: "kubernetes:helm.sh/v4:Chart chart",
        reason: "A preview does not fetch the chart web.",
        fix: "Download it with `helm pull --untar`, and use its path.",
        urn: urn("kubernetes:helm.sh/v4:Chart::chart"),
      },
      {
        what: "stack reference acme/network/prod",
        reason: "The outputs of another stack are unknown offline.",
        fix: "Provide them with --assume FILE, under stackReferences.",
        urn: urn("pulumi:pulumi:StackReference::acme/network/prod"),
      },
      {
        what: "a:b:getThing (2 calls)",
        reason: "No provider runs offline, so the result is unknown.",
        fix: "Provide the result with --assume FILE, under invokes.",
      },
      {
        what: "kubernetes:helm:template (1 call)",
        reason: "A preview does not fetch the chart api.",
        fix: PULL_OR_ASSUME,
      },
      {
        what: "kubernetes:helm:template (2 calls)",
        reason: "A preview does not fetch the chart web.",
        fix: PULL_OR_ASSUME,
      },
    ]);
    expect(plan.diagnostics).toEqual([
      {
        severity: "warning",
        message:
          "The program did not use these answers of --assume: invokes: a:b:getThing (answer 2); invokes: constructor (answer 1); reads: azure-native:resources:ResourceGroup /other; stackReferences: acme/other/prod; environment. Check the token, type or name, and the arguments.",
      },
    ]);
  });

  test("are empty for a program without requests", async () => {
    const plain = write("plain", javascript("plain", 'new Resource("a:b:C", "c", {});'));
    const plan = await planOf(plain);
    expect([plan.notJudged, plan.diagnostics]).toEqual([[], []]);
  });
});

test("include unknown YAML, which no assumption resolves", () => {
  const call = { token: "kubernetes:yaml:decode" };
  expect(notJudgedCalls([call, call])).toEqual([
    {
      what: "kubernetes:yaml:decode (2 calls)",
      reason: "The text is known only after deployment.",
    },
  ]);
});

test.each([
  ["yaml-and-kustomize", "dev", ["kubernetes:kustomize/v2:Directory k2"]],
  ["kubernetes-only", "dev", ["stack reference acme/cluster/prod"]],
  [
    "own-program",
    "prod",
    [
      "stack reference acme/network/prod",
      "kubernetes:helm.sh/v3:Release cert-manager",
      "azuread:index/getClientConfig:getClientConfig (1 call)",
    ],
  ],
])("of %s are reported", async (name, stack, what) => {
  onPath({});
  const plan = await planOf(program(name), { stack });
  expect(plan.notJudged.map((item) => item.what)).toEqual(what);
});

test("a program that fails for lack of a value reports which", async () => {
  const source = `
pulumi.runtime.invoke("kubernetes:helm:template", { jsonOpts: '{"chart":"web"}' }).then(() => { throw new TypeError("of undefined"); });`;
  const directory = write("ends", javascript("ends", source));
  const lines = (await usageErrorOf(() => planOf(directory))).split("\n");
  expect(lines[0]).toContain("TypeError: of undefined");
  expect(lines.slice(-2)).toEqual([
    "The cause may be an unanswered call:",
    `  kubernetes:helm:template (1 call). ${PULL_OR_ASSUME}`,
  ]);
});

describe("YAML files in kubernetes.yaml resources are read", () => {
  const kinds = ({ resources }: Plan) =>
    resources
      .map(({ type, name }) => `${type} ${name}`)
      .filter((id) => id.startsWith("kubernetes:"));

  test("and the program gets their objects by name", async () => {
    const plan = await planOf(program("istio-injection-in-a-yaml-file"));
    expect(kinds(plan)).toContain("kubernetes:core/v1:Namespace shop");
    expect(plan.resources[0]?.outputs).toEqual({ namespace: "shop" });
    expect(plan.notJudged).toEqual([]);
  });

  test("by ConfigFile and ConfigGroup, from files, texts and objects", async () => {
    const source = `
const k8s = require("@pulumi/kubernetes");
const config = (name) => "apiVersion: v1\\nkind: ConfigMap\\nmetadata: { name: " + name + " }\\n";
const all = new k8s.yaml.ConfigGroup("all", {
  files: "yaml/*.yaml",
  yaml: [config("text") + "---\\n" + config("more")],
  objs: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "object" } }],
  resourcePrefix: "p",
});
const list = new k8s.yaml.ConfigFile("yaml/list.yaml");
module.exports = {
  text: all.getResource("v1/ConfigMap", "p-text").metadata.name,
  debug: list.getResource("v1/ConfigMap", "shop", "listed").data.debug,
  uid: list.getResource("v1/ConfigMap", "shop", "listed").metadata.uid,
};`;
    const directory = write("group", {
      ...javascript("group", source),
      "yaml/list.yaml":
        "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: listed, namespace: shop }\n    data: { debug: yes }\n",
    });
    const plan = await planOf(directory);
    expect(kinds(plan).sort()).toEqual([
      "kubernetes:core/v1:ConfigMap p-more",
      "kubernetes:core/v1:ConfigMap p-object",
      "kubernetes:core/v1:ConfigMap p-shop/listed",
      "kubernetes:core/v1:ConfigMap p-text",
      "kubernetes:core/v1:ConfigMap shop/listed",
      "kubernetes:yaml:ConfigFile p-./yaml/list.yaml",
      "kubernetes:yaml:ConfigFile yaml/list.yaml",
      "kubernetes:yaml:ConfigGroup all",
    ]);
    expect(plan.resources[0]?.outputs).toEqual({ text: "text", debug: true, uid: UNKNOWN });
    expect(plan.notJudged).toEqual([]);
  });

  test("and invalid YAML ends the program with the line", async () => {
    const directory = write("no-yaml", {
      ...javascript(
        "no-yaml",
        'const k8s = require("@pulumi/kubernetes"); new k8s.yaml.ConfigFile("broken.yaml");',
      ),
      "broken.yaml": "a: [1\nb: 2\n",
    });
    expect(await usageErrorOf(() => planOf(directory))).toMatch(/kubernetes:yaml:decode: line 2: /);
  });
});
