import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Plan, PlannedResource } from "../../../offline/plan/plan.ts";
import { nameOf } from "../../../offline/plan/urn.ts";
import { UNKNOWN, isSecret, redactSecrets } from "../../../offline/plan/values.ts";
import { initRepository } from "../../support/gitRepository.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { planOf } from "../../support/host.ts";
import type { PlanChoice } from "../../support/host.ts";
import { javascript, policyPack, scratch } from "../../support/programs.ts";
import type { Files } from "../../support/programs.ts";

const write = scratch();
const onPath = toolsOnPath();

const FLUX = "azure-native:kubernetesconfiguration:FluxConfiguration";
const URL = "https://git.example.com/team/fleet";

/** The source of a program with one Flux configuration. */
const configuration = (name: string, kustomizations: string, more = "", type = FLUX) =>
  `new Resource("${type}", "${name}", { namespace: "flux", gitRepository: { url: "${URL}" }, kustomizations: ${kustomizations}, ${more} });`;

const namespace = (name: string, revision: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    istio.io/rev: ${revision}
`;

/** The directory `infra` of a repository, with a program, beside which is the tree. */
function programIn(name: string, source: string, tree: Files): string {
  const root = write(name, tree);
  write(`${name}/infra`, javascript(name, source));
  return join(initRepository(root, "git@git.example.com:team/fleet.git"), "infra");
}

const planIn = (name: string, source: string, tree: Files, choice: PlanChoice = {}) =>
  planOf(programIn(name, source, tree), { trees: [], ...choice });

const shown = ({ contents }: Plan) =>
  contents.map(({ type, name, parent }) => `${nameOf(parent)} > ${type} ${name}`);

const places = ({ notJudged }: Plan) =>
  notJudged.map(
    ({ what, place, reason, broken }) =>
      `${place === undefined ? what : `${place.file}:${place.line}`}: ${reason}${broken === true ? " (broken)" : ""}`,
  );

function content({ contents }: Plan, name: string): PlannedResource {
  const found = contents.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not among the contents.`);
  return found;
}
const labelsOf = (resource: PlannedResource) =>
  (resource.inputs["metadata"] as { labels?: object } | undefined)?.labels;

describe("a configuration of the repository of the project", () => {
  const source = configuration(
    "gitops",
    `{
  base: { path: "./base", prune: true, postBuild: { substitute: { revision: "asm-1-30" } } },
  apps: { path: "apps/", dependsOn: ["base"] },
}`,
    `fluxConfigurationName: "fleet"`,
  );

  test("has what Flux applies as contents, with the places of the manifests", async () => {
    const plan = await planIn("own", source, {
      "base/shop.yaml": namespace("shop", "${revision}"),
      "apps/deep/cart.yaml": "apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n",
    });
    expect(plan.resources.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack", FLUX]);
    expect(shown(plan)).toEqual([
      "gitops > kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization gitops:flux/fleet-base",
      "gitops:flux/fleet-base > kubernetes:core/v1:Namespace gitops:shop",
      "gitops > kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization gitops:flux/fleet-apps",
      "gitops:flux/fleet-apps > kubernetes:core/v1:Service gitops:cart",
    ]);
    expect(content(plan, "gitops:flux/fleet-apps").inputs).toEqual({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "fleet-apps", namespace: "flux" },
      spec: {
        path: "apps/",
        sourceRef: { kind: "GitRepository", name: "fleet" },
        dependsOn: [{ name: "fleet-base" }],
      },
    });
    const shop = content(plan, "gitops:shop");
    expect(labelsOf(shop)).toEqual({ "istio.io/rev": "asm-1-30" });
    expect(shop.origin?.at(["metadata", "labels", "istio.io/rev"])).toEqual({
      file: "../base/shop.yaml",
      line: 6,
      column: 5,
    });
    expect(content(plan, "gitops:cart").inputs["metadata"]).toEqual({
      name: "cart",
      namespace: "default",
    });
    expect(plan.notJudged).toEqual([]);
  });

  test("has none if nobody asks for them", async () => {
    const root = write("unasked", javascript("unasked", source));
    const plan = await planOf(root);
    expect([plan.contents, plan.notJudged]).toEqual([[], []]);
  });
});

test.each([
  ["azure-native:kubernetesconfiguration/v20240401preview:FluxConfiguration"],
  ["azure-native_kubernetesconfiguration_v20250401:kubernetesconfiguration:FluxConfiguration"],
])("%s is read, too", async (type) => {
  const source = configuration("gitops", `{ base: { path: "base" } }`, "", type);
  const plan = await planIn(`version-${type.length}`, source, {
    "base/shop.yaml": namespace("shop", "x"),
  });
  expect(plan.contents.map(({ name }) => name)).toEqual(["gitops:flux/gitops-base", "gitops:shop"]);
});

test("a configuration of the classic provider has other names for its fields", async () => {
  const source = `new Resource("azure:containerservice/fluxConfiguration:FluxConfiguration", "gitops", {
    name: "fleet", namespace: "flux", gitRepository: { url: "${URL}" },
    kustomizations: [{
      name: "base", path: "base", dependsOns: ["crds"], garbageCollectionEnabled: true, recreatingEnabled: false,
      postBuild: { substitute: { revision: "asm-1-30" }, substituteFroms: [{ kind: "ConfigMap", name: "more" }] },
    }],
  });`;
  const plan = await planIn("classic", source, {
    "base/shop.yaml": namespace("shop", "${revision}"),
  });
  expect(content(plan, "gitops:flux/fleet-base").inputs["spec"]).toEqual({
    path: "base",
    sourceRef: { kind: "GitRepository", name: "fleet" },
    dependsOn: [{ name: "fleet-crds" }],
    prune: true,
    force: false,
    postBuild: {
      substitute: { revision: "asm-1-30" },
      substituteFrom: [{ kind: "ConfigMap", name: "more" }],
    },
  });
  expect(labelsOf(content(plan, "gitops:shop"))).toEqual({ "istio.io/rev": "asm-1-30" });
});

describe("the tree of a configuration of another repository", () => {
  const other = "https://user:hunter2@git.example.com/team/other";
  const flux = (name: string, url: string) =>
    `new Resource("${FLUX}", "${name}", { gitRepository: { url: ${url} }, kustomizations: { all: { path: "." } } });`;
  const source = `${flux("a", `"${other}"`)}
${flux("b", `"${URL}"`)}
${flux("c", `new pulumi.CustomResource("my:index:Store", "store", { url: undefined }).url`)}
new Resource("${FLUX}", "d", { bucket: { url: "https://s3.example.com" }, kustomizations: { all: { path: "." } } });
new Resource("${FLUX}", "e", { azureBlob: { url: "https://fleet.blob.core.windows.net/?sig=hunter2" }, kustomizations: { all: { path: "." } } });
new Resource("${FLUX}", "g", { sourceKind: "AzureBlob", azureBlob: new pulumi.CustomResource("my:index:Store", "other", { blob: undefined }).blob, kustomizations: { all: { path: "." } } });
new Resource("${FLUX}", "f", { ociRepository: { url: "oci://ghcr.io/team/fleet" }, kustomizations: { all: { path: "." } } });`;
  const files = { "infra/one.yaml": namespace("one", "x") };
  const names = (plan: Plan) => plan.contents.map(({ name }) => name);

  test("is not judged, which does not show its password", async () => {
    const plan = await planIn("elsewhere", source, files);
    const fix = "Pass the directory that has its files: --gitops DIR.";
    const sameFiles = "Pass a directory with the same files: --gitops DIR.";
    expect(plan.notJudged.map(({ what, reason, fix }) => [what, reason, fix])).toEqual([
      [
        `${FLUX} a`,
        "Its source https://git.example.com/team/other is not the repository of this project.",
        fix,
      ],
      [`${FLUX} c`, "The URL of its source is known only after deployment.", fix],
      [
        `${FLUX} d`,
        "Its source https://s3.example.com is a bucket, which a preview does not follow: it reads only Git repositories.",
        sameFiles,
      ],
      [
        `${FLUX} e`,
        "Its source https://fleet.blob.core.windows.net/?sig=… is a container of Azure Blob Storage, which a preview does not follow: it reads only Git repositories.",
        sameFiles,
      ],
      [
        `${FLUX} f`,
        "Its source oci://ghcr.io/team/fleet is an OCI artifact, which a preview does not follow: it reads only Git repositories.",
        sameFiles,
      ],
      [
        `${FLUX} g`,
        "Its source is a container of Azure Blob Storage, which a preview does not follow: it reads only Git repositories.",
        sameFiles,
      ],
    ]);
    expect(names(plan)).toContain("b:one");
  });

  test("may be given by its URL, or for everything that is not known", async () => {
    const one = write("tree-one", { "x.yaml": namespace("named", "x") });
    const rest = write("tree-rest", { "x.yaml": namespace("rest", "x") });
    const trees = [
      { url: "git@git.example.com:team/other.git", directory: one },
      { directory: rest },
    ];
    const plan = await planIn("given", source, files, { trees });
    expect(names(plan).filter((name) => !name.includes("/"))).toEqual([
      "a:named",
      "b:one",
      "c:rest",
      "d:rest",
      "e:rest",
      "f:rest",
      "g:rest",
    ]);
    expect(plan.notJudged).toEqual([]);
    expect(plan.diagnostics).toEqual([]);
  });

  test("may be another one than that of the project", async () => {
    const directory = write("tree-b", { "x.yaml": namespace("b", "x") });
    const plan = await planIn("instead", flux("b", `"${URL}"`), files, {
      trees: [{ url: `${URL}.git`, directory }],
    });
    expect(names(plan)).toContain("b:b");
    expect(names(plan)).not.toContain("b:one");
  });

  test("that nothing applies is said", async () => {
    const trees = [
      { url: "https://token@git.example.com/else", directory: "/" },
      { directory: "/unused" },
    ];
    const plan = await planIn("unused", flux("b", `"${URL}"`), files, { trees });
    expect(plan.diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
      [
        "warning",
        "No Flux configuration of the program applies https://git.example.com/else, which --gitops names. Check the URL.",
      ],
      [
        "warning",
        "No Flux configuration of the program applies /unused, which --gitops names. Check the option.",
      ],
    ]);
  });
});

describe("what is wrong in a tree", () => {
  test("a path that does not exist fails the preview, and hides nothing else", async () => {
    const source = configuration(
      "gitops",
      `{ apps: { path: "./missing" }, base: { path: "./base" } }`,
    );
    const plan = await planIn("missing", source, { "base/shop.yaml": namespace("shop", "x") });
    expect(places(plan)).toEqual([
      `${FLUX} gitops: kustomizations.apps.path is "./missing", which is not a directory of the repository, so Flux applies nothing. (broken)`,
    ]);
    expect(plan.notJudged[0]?.fix).toBe(
      "Correct the path, which starts at the root of the repository (here ..).",
    );
    expect(plan.notJudged[0]?.urn).toBe(plan.resources.find(({ type }) => type === FLUX)?.urn);
    expect(plan.contents.map(({ name }) => name)).toEqual([
      "gitops:flux/gitops-base",
      "gitops:shop",
      "gitops:flux/gitops-apps",
    ]);
  });

  test("a variable that is not set fails the preview; the Kustomization then does not show all of its parts", async () => {
    const source = configuration(
      "gitops",
      `{ base: { path: "base", postBuild: { substitute: { revison: "asm-1-30" } } } }`,
    );
    const plan = await planIn("unset", source, {
      "base/bad.yaml": namespace("bad", "${revision}"),
      "base/good.yaml": namespace("good", "x"),
    });
    expect(places(plan)).toEqual([
      '../base/bad.yaml:1: Namespace "bad": ${revision} is not set and has no default, so Flux applies nothing of Kustomization "gitops-base". (broken)',
    ]);
    expect(shown(plan)).toContain("gitops > kubernetes:core/v1:Namespace gitops:good");
  });

  const step = (name: string, path: string, after: string, source = "gitops") =>
    JSON.stringify({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name, namespace: "flux" },
      spec: {
        path,
        dependsOn: after === "" ? [] : [{ name: after }],
        sourceRef: { kind: "GitRepository", name: source },
      },
    });
  const all = configuration("gitops", `{ all: { path: "cluster" } }`);

  test("so does a dependency that nothing satisfies", async () => {
    const plan = await planIn("dependency", all, {
      "cluster/a.yaml": step("a", "a", "gitops-all"),
      "cluster/b.yaml": step("b", "a", "nothing"),
      "a/shop.yaml": namespace("shop", "x"),
    });
    expect(places(plan)).toEqual([
      '../cluster/b.yaml:1: spec.dependsOn[0] is Kustomization "flux/nothing", which does not exist, so Flux never applies Kustomization "b". (broken)',
    ]);
    // Two Kustomizations apply the same object.
    expect(shown(plan)).toEqual(
      expect.arrayContaining([
        "gitops:flux/a > kubernetes:core/v1:Namespace gitops:shop",
        "gitops:flux/b > kubernetes:core/v1:Namespace gitops:shop#2",
      ]),
    );
  });

  test("one that something unseen may satisfy does not", async () => {
    const tree = {
      "cluster/b.yaml": step("b", "a", "nothing"),
      "a/shop.yaml": namespace("shop", "x"),
    };
    const elsewhere = all.replace(URL, "https://git.example.com/else").replace("gitops", "else");
    expect(places(await planIn("unseen", all + elsewhere, tree))).toEqual([
      `${FLUX} else: Its source https://git.example.com/else is not the repository of this project.`,
    ]);
    const foreign = { "cluster/c.yaml": step("c", "a", "", "not-here") };
    const source = JSON.stringify({
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "not-here", namespace: "flux" },
      spec: { url: "https://git.example.com/else" },
    });
    const plan = await planIn("foreign", all, {
      ...tree,
      ...foreign,
      "cluster/source.yaml": source,
    });
    expect(places(plan)).toEqual([]);
    expect(shown(plan).filter((one) => one.startsWith("gitops:flux/c"))).toEqual([]);
  });

  test("a file that is no manifest is said once", async () => {
    const source = configuration("gitops", `{ a: { path: "base" }, b: { path: "./base" } }`);
    const plan = await planIn("template", source, {
      "base/t.yaml": "{{- if .Values.on }}\napiVersion: v1\n",
    });
    expect(places(plan)).toEqual(["../base/t.yaml:1: It is a template, not YAML."]);
  });
});

test("a path that leads around in a circle is no directory, and hides nothing else", async () => {
  const source = configuration("gitops", `{ a: { path: "loop" }, b: { path: "base" } }`);
  const program = programIn("loop", source, { "base/shop.yaml": namespace("shop", "x") });
  symlinkSync("loop", join(program, "../loop"));
  const plan = await planOf(program, { trees: [] });
  expect(places(plan)).toEqual([
    `${FLUX} gitops: kustomizations.a.path is "loop", which is not a directory of the repository, so Flux applies nothing. (broken)`,
  ]);
  expect(plan.contents.map(({ name }) => name)).toContain("gitops:shop");
});

test("an object whose name the API server chooses has no parts", async () => {
  const plan = await planIn("generated", configuration("gitops", `{ a: { path: "base" } }`), {
    "base/a.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: seed- }\n",
    "base/b.yaml": "{{ if }}\napiVersion: v1\n",
    "base/c.yaml": namespace("shop", "x"),
  });
  expect(shown(plan)).toEqual([
    "gitops > kubernetes:batch/v1:Job gitops:unnamed",
    "gitops > kubernetes:core/v1:Namespace gitops:shop",
    "gitops > kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization gitops:flux/gitops-a",
  ]);
});

describe("values of the plan in a tree", () => {
  test("that are not known are unknown where they are used", async () => {
    const source = `const store = new Resource("my:index:Store", "store", { url: undefined });
${configuration(
  "gitops",
  `{
  base: { path: "base", postBuild: { substitute: { revision: store.url, team: "us", name: store.url, kind: store.url } } },
  apps: { path: store.url },
}`,
)}`;
    const plan = await planIn("unknown", source, {
      "base/a.yaml": `${namespace("shop", "x-${revision,,}")}    team: \${team}\n`,
      "base/b.yaml": namespace("${name}", "x"),
      "base/c.yaml": "apiVersion: v1\nkind: ${kind}\nmetadata: { name: thing }\n",
      "base/d.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: d }\ndata:\n  ${name}: x\n",
    });
    expect(labelsOf(content(plan, "gitops:shop"))).toEqual({
      "istio.io/rev": UNKNOWN,
      team: "us",
    });
    expect(content(plan, "gitops:${name}").inputs["metadata"]).toMatchObject({ name: UNKNOWN });
    expect(content(plan, "gitops:d").inputs["data"]).toBe(UNKNOWN);
    expect(places(plan)).toEqual([
      `${FLUX} gitops: kustomizations.apps.path is known only after deployment.`,
      "../base/c.yaml:1: The kind of the object is known only after deployment.",
    ]);
    // Something with another name may exist.
    expect(content(plan, "gitops:shop").parent).toBe(
      plan.resources.find(({ type }) => type === FLUX)?.urn,
    );
  });

  test("that are secret stay secret, also in findings", async () => {
    const quoting = policyPack(
      "quoting",
      `{ name: "quotes", description: "It quotes.", enforcementLevel: "advisory",
         validateResource: (args, report) => { if (args.type.endsWith("Namespace")) report(JSON.stringify(args.props.metadata.labels)); } }`,
    );
    const packs = [{ directory: write("quoting", quoting), config: {} }];
    const base64 = Buffer.from("correct-horse").toString("base64");
    const source = `${configuration(
      "gitops",
      `{
  base: { path: "base", postBuild: { substitute: { token: pulumi.secret("hunter2-and-more") }, substituteFrom: [{ kind: "Secret", name: "of-program" }, { kind: "Secret", name: "of-tree" }] } },
}`,
    )}
new Resource("kubernetes:core/v1:Secret", "later", { apiVersion: "v1", kind: "Secret", metadata: { name: "of-program", namespace: "flux" }, data: { pin: "${base64}" } });`;
    const tree = {
      "base/secret.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata: { name: of-tree, namespace: flux }\nstringData: { key: battery-staple }\n",
      "base/shop.yaml": `${namespace("shop", "x-${token}")}    pin: \${pin}\n    key: is-\${key}\n    plain: text\n`,
    };
    const plan = await planIn("secret", source, tree, { packs });
    const labels = labelsOf(content(plan, "gitops:shop")) as Record<string, object>;
    expect(Object.keys(labels).filter((key) => isSecret(labels[key] as never))).toEqual([
      "istio.io/rev",
      "key",
      "pin",
    ]);
    expect(isSecret(content(plan, "gitops:flux/of-tree").inputs["stringData"] ?? null)).toBe(true);
    expect(plan.violations.map(({ message }) => message)).toEqual([
      '{"istio.io/rev":"[secret]","key":"[secret]","pin":"[secret]","plain":"text"}',
    ]);
  });

  test("that are secret stay secret when a variable changes them, in keys and in names", async () => {
    const source = `${configuration(
      "gitops",
      `{ base: { path: "base", postBuild: {
        substitute: { token: pulumi.secret("HunterTwo"), lines: pulumi.secret("two\\nlines") },
        substituteFrom: [{ kind: "ConfigMap", name: "map" }, { kind: "Secret", name: "pin" }],
      } } }`,
    )}
const object = (kind, name, data) => ({ apiVersion: "v1", kind, metadata: { name, namespace: "flux" }, ...data });
new Resource("kubernetes:core/v1:ConfigMap", "map", object("ConfigMap", "map", { data: { of: pulumi.secret("a-map") } }));
new Resource("kubernetes:core/v1:Secret", "pin", object("Secret", "pin", { stringData: { pin: "Staple" } }));`;
    const plan = await planIn("derived", source, {
      "base/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: is-\${pin,,}
  labels: { "of-\${pin}": x }
data:
  upper: \${token^^}
  part: \${token:0:6}
  lines: \${lines}
  map: \${of}
  open: text
`,
      "base/secret.yaml":
        "apiVersion: core/v1\nkind: Secret\nmetadata: { name: s }\ndata: { a: c2VjcmV0 }\n",
    });
    expect(places(plan)).toEqual([]);
    const { inputs } = content(plan, "gitops:is-[secret]");
    expect(redactSecrets(inputs)).toEqual({
      ...{ apiVersion: "v1", kind: "ConfigMap" },
      metadata: { name: "[secret]", labels: "[secret]", namespace: "default" },
      data: {
        upper: "[secret]",
        part: "[secret]",
        lines: "[secret]",
        map: "[secret]",
        open: "text",
      },
    });
    expect(redactSecrets(content(plan, "gitops:s").inputs)).toMatchObject({ data: "[secret]" });
  });

  test("may come from ConfigMaps of the program, and of the tree at any level", async () => {
    const map = (name: string, data: object) => ({
      ...{ apiVersion: "v1", kind: "ConfigMap" },
      ...{ metadata: { name, namespace: "flux" }, data },
    });
    const from = (...names: string[]) => ({
      postBuild: { substituteFrom: names.map((name) => ({ kind: "ConfigMap", name })) },
    });
    const source = `${configuration("gitops", `{ cluster: { path: "cluster" }, maps: { path: "maps" } }`)}
new Resource("kubernetes:core/v1:ConfigMap", "map", ${JSON.stringify(map("program", { a: "1" }))});
new Resource("kubernetes:core/v1:ConfigMap", "open", { ...${JSON.stringify(map("open", {}))}, data: pulumi.output(new Resource("my:index:Store", "store", { url: undefined }).url) });`;
    const plan = await planIn("variables", source, {
      "maps/map.yaml": JSON.stringify(map("tree", { b: "2" })),
      "cluster/apps.yaml": JSON.stringify({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name: "apps", namespace: "flux" },
        spec: { path: "apps", ...from("program", "tree", "beside", "open") },
      }),
      "apps/beside.yaml": JSON.stringify(map("beside", { c: "3" })),
      "apps/shop.yaml": namespace("shop", "v-${a}-${b}-${c}").concat("    other: ${d}\n"),
    });
    expect(labelsOf(content(plan, "gitops:shop"))).toEqual({
      "istio.io/rev": "v-1-2-3",
      other: UNKNOWN,
    });
    expect(places(plan)).toEqual([]);
  });
});

test("configurations of two clusters have their own sources, and do not share objects with one name", async () => {
  const flux = (name: string, url: string) =>
    `new Resource("${FLUX}", "${name}", { fluxConfigurationName: "fleet", namespace: "flux", gitRepository: { url: "${url}" },
      kustomizations: { all: { path: "base", postBuild: { substituteFrom: ["one", "same"].map((name) => ({ kind: "ConfigMap", name })) } } } });`;
  const map = (name: string, data: object) =>
    `{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "${name}", namespace: "flux" }, data: ${JSON.stringify(data)} }`;
  const maps = ["a", "b"].map(
    (
      cluster,
    ) => `new Resource("kubernetes:core/v1:ConfigMap", "one-${cluster}", ${map("one", { revision: cluster })});
new Resource("kubernetes:core/v1:ConfigMap", "same-${cluster}", ${map("same", { team: "us" })});`,
  );
  const shop = `${namespace("shop", "${revision}")}    team: \${team}\n`;
  const other = write("two-other", { "base/shop.yaml": shop });
  const plan = await planIn(
    "two",
    [flux("a", URL), flux("b", "https://git.example.com/other"), ...maps].join("\n"),
    { "base/shop.yaml": shop },
    { trees: [{ url: "https://git.example.com/other", directory: other }] },
  );
  expect(places(plan)).toEqual([]);
  for (const name of ["a:shop", "b:shop"]) {
    expect(labelsOf(content(plan, name))).toEqual({ "istio.io/rev": UNKNOWN, team: "us" });
  }
});

test("a HelmRelease with a chart of the tree has the objects of the chart", async () => {
  const program = programIn("release", configuration("gitops", `{ apps: { path: "apps" } }`), {
    "charts/web/Chart.yaml": "name: web\n",
    "apps/web.yaml": JSON.stringify({
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "web", namespace: "flux" },
      spec: {
        targetNamespace: "shop",
        chart: {
          spec: { chart: "./charts/web", sourceRef: { kind: "GitRepository", name: "gitops" } },
        },
      },
    }),
  });
  onPath({
    helm: `print(JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "web" } }));`,
  });
  const plan = await planOf(program, { trees: [] });
  expect(shown(plan)).toContain("gitops:flux/web > kubernetes:core/v1:Service gitops:shop/web");
});
