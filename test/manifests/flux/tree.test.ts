import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isUnknownText } from "../../../manifests/unknownText.ts";
import { dependencyProblems } from "../../../manifests/flux/dependencies.ts";
import { readTree } from "../../../manifests/readTree.ts";
import { clustersOf } from "../../../manifests/variants.ts";
import { toolsOnPath } from "../../support/fakeTools.ts";
import { scratch } from "../../support/programs.ts";

const onPath = toolsOnPath();
const write = scratch({ packages: false });

/** A Kustomization of Flux that applies a directory. */
const flux = (name: string, path: string, spec: object = {}) =>
  JSON.stringify({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { path, sourceRef: { kind: "GitRepository", name: "flux-system" }, ...spec },
  });
const substitute = (variables: object) => ({ postBuild: { substitute: variables } });
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: \${revision}
`;

async function read(name: string, files: Readonly<Record<string, string>>) {
  const git = ".git" in files ? {} : { ".git/config": "" };
  const root = write(name, { ...git, ...files });
  const { units, unread } = await readTree([root]);
  const clusters = clustersOf(units);
  return {
    root,
    /** The objects of each cluster, without those of Flux. */
    clusters: clusters.map((cluster) =>
      cluster.filter(({ apiVersion }) => !apiVersion.includes("toolkit")),
    ),
    problems: [...unread, ...clusters.flatMap((cluster) => dependencyProblems(cluster, false))].map(
      ({ file, line = 0, reason, broken }) =>
        `${file.slice(root.length + 1)}:${line} ${reason}${broken ? "" : " (not broken)"}`,
    ),
  };
}
const labelsOf = ({ object }: { readonly object: object }) =>
  (object as { metadata: { labels?: object } }).metadata.labels;

test("the directory of a Kustomization is read from the root of the repository, with its variables", async () => {
  const { root, clusters, problems } = await read("plain", {
    "clusters/prod/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-30" })),
    "apps/deep/namespace.yaml": NAMESPACE,
  });
  expect(problems).toEqual([]);
  expect(clusters.map((cluster) => cluster.map(labelsOf))).toEqual([
    [{ "istio.io/rev": "asm-1-30" }],
  ]);
  expect(clusters[0]?.[0]?.appliedBy?.file).toBe(join(root, "clusters/prod/shop.yaml"));
  expect(clusters[0]?.[0]?.origin.at(["metadata", "labels", "istio.io/rev"])).toEqual({
    file: join(root, "apps/deep/namespace.yaml"),
    line: 6,
    column: 5,
  });
});

test("each cluster has its own variables", async () => {
  const { clusters } = await read("two", {
    "clusters/dev/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-30" })),
    "clusters/prod/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-29" })),
    "apps/namespace.yaml": NAMESPACE,
  });
  expect(clusters.map((cluster) => cluster.map(labelsOf))).toEqual([
    [{ "istio.io/rev": "asm-1-30" }],
    [{ "istio.io/rev": "asm-1-29" }],
  ]);
});

test("a Kustomization may apply further ones, and itself", async () => {
  const { clusters, problems } = await read("nested", {
    "clusters/prod/flux-system/sync.yaml": flux("flux-system", "./clusters/prod"),
    "clusters/prod/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-30" })),
    "apps/namespace.yaml": NAMESPACE,
  });
  expect(problems).toEqual([]);
  expect(clusters.map((cluster) => cluster.map(labelsOf))).toEqual([
    [{ "istio.io/rev": "asm-1-30" }],
  ]);
});

test("Kustomizations that apply each other are read once each", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `k${index}`);
  const { clusters, problems } = await read("complete", {
    ...Object.fromEntries(names.map((name) => [`all/${name}.yaml`, flux(name, "./all")])),
    "all/namespace.yaml": NAMESPACE,
  });
  expect(problems).toEqual([]);
  expect(clusters.map((cluster) => cluster.map(({ kind }) => kind))).toEqual([["Namespace"]]);
});

test("a Kustomization that applies itself under ever new names is followed only so far", async () => {
  const { problems } = await read("endless", {
    "start.yaml": flux("start", "./all", substitute({ name: "x" })),
    "all/k.yaml": flux("k-${name}", "./all", substitute({ name: "${name}x" })),
  });
  expect(problems).toEqual([
    expect.stringMatching(
      /^all\/k.yaml:1 Kustomizations apply more than 50 levels of each other, or more than 10000 in all, so what Kustomization "k-x{51}" and further ones apply was not read. \(not broken\)$/,
    ),
  ]);
});

test.each([
  ["a: b: c", ": a value that contains a colon and a space must be in quotes"],
  ["*a", ": this alias has no anchor; a value that begins with * must be in quotes"],
  ["[1, 2]", ""],
])("a variable whose value %j breaks the YAML is a problem", async (value, why) => {
  const { clusters, problems } = await read(`breaks-${value.length}`, {
    "shop.yaml": flux("shop", "./apps", substitute({ value })),
    "apps/map.yaml":
      why === ""
        ? "${value}: x\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\n"
        : "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\ndata:\n  a: ${value}\n",
  });
  expect(clusters).toEqual([[]]);
  expect(problems).toEqual([
    expect.stringContaining(
      `ConfigMap "map": with the values of its variables, it is not valid YAML${why}, so Flux applies nothing of Kustomization "shop".`,
    ),
  ]);
});

test("variables that make an object larger than any API server accepts are a problem", async () => {
  const { problems } = await read("grows", {
    "shop.yaml": flux("shop", "./apps", substitute({ value: "x".repeat(1_000_000) })),
    "apps/map.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\ndata: { a: "${"${value}".repeat(10)}" }\n`,
  });
  expect(problems).toEqual([
    'apps/map.yaml:1 ConfigMap "map": variables make it larger than 10 MB, so Flux applies nothing of Kustomization "shop".',
  ]);
});

test("a path that no file can have is a problem, and hides nothing else", async () => {
  const { clusters, problems } = await read("no-path", {
    "shop.yaml": flux("shop", "./a\0b"),
    "namespace.yaml": NAMESPACE,
  });
  expect(clusters[0]?.map(({ kind }) => kind)).toEqual(["Namespace"]);
  expect(problems).toEqual([
    expect.stringContaining(
      'spec.path is "./a\\u0000b", which is not a directory of this repository, so Flux applies nothing.',
    ),
  ]);
});

test("without postBuild, or with the switch off, the text stays", async () => {
  const off = "  annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }\n";
  const { clusters } = await read("literal", {
    "a.yaml": flux("a", "./a"),
    "a/namespace.yaml": NAMESPACE,
    "b.yaml": flux("b", "./b", substitute({ revision: "asm-1-30" })),
    "b/namespace.yaml": NAMESPACE.replace("shop", "b").replace("  labels", `${off}  labels`),
  });
  expect(clusters[0]?.map(labelsOf)).toEqual([
    { "istio.io/rev": "${revision}" },
    { "istio.io/rev": "${revision}" },
  ]);
});

test("a variable without a value and without a default is a problem", async () => {
  const { clusters, problems } = await read("strict", {
    "shop.yaml": flux("shop", "./apps", substitute({ other: "1" })),
    "apps/namespace.yaml": NAMESPACE,
  });
  expect(clusters).toEqual([[]]);
  expect(problems).toEqual([
    'apps/namespace.yaml:1 Namespace "shop": ${revision} is not set and has no default, so Flux applies nothing of Kustomization "shop".',
  ]);
});

test("what Flux applies beside an object that cannot be read has no source", async () => {
  const files = {
    "clusters/prod/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-30" })),
    "apps/namespace.yaml": NAMESPACE,
  };
  const sourcesOf = async (name: string, more: Readonly<Record<string, string>>) =>
    (await read(name, { ...files, ...more })).clusters.flat().map(({ source }) => source);
  const identity = "kustomize.toolkit.fluxcd.io|Kustomization|flux-system|shop";
  expect(await sourcesOf("all-read", {})).toEqual([identity]);
  expect(
    await sourcesOf("not-set", { "apps/other.yaml": NAMESPACE.replace("revision", "other") }),
  ).toEqual([undefined]);
  expect(await sourcesOf("not-yaml", { "apps/other.yaml": "apiVersion: [" })).toEqual([undefined]);
});

test("a variable may set the kind and the name of an object", async () => {
  const { clusters } = await read("kinds", {
    "a.yaml": flux("a", "./apps", substitute({ kind: "Service", name: "cart" })),
    "apps/any.yaml": "apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n",
  });
  expect(clusters.flat().map(({ kind, name }) => [kind, name])).toEqual([["Service", "cart"]]);
});

test("a malformed substitution in a Secret is not quoted", async () => {
  const secret =
    "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: 'x${hunter2' }\n";
  const { problems } = await read("secret", {
    "shop.yaml": flux("shop", "./apps", substitute({ other: "1" })),
    "apps/secret.yaml": secret,
    "apps/other.yaml": secret.replace("Secret", "Other"),
  });
  expect(problems).toEqual([
    'apps/other.yaml:1 Other "s": ${hunter2 is not a substitution that Flux understands, so Flux applies nothing of Kustomization "shop".',
    'apps/secret.yaml:1 Secret "s": a value is not a substitution that Flux understands, so Flux applies nothing of Kustomization "shop".',
  ]);
});

test("a path does not leave the repository", async () => {
  const { clusters, problems } = await read("outside", {
    "a.yaml": flux("a", "../../etc"),
    "b.yaml": flux("b", "../../b"),
    "b/namespace.yaml": NAMESPACE,
    "c.yaml": flux("c", "/b/../c/"),
    "c/namespace.yaml": NAMESPACE.replace("shop", "c"),
  });
  expect(clusters[0]).toHaveLength(2);
  expect(problems).toEqual([
    'a.yaml:1 spec.path is "../../etc", which is not a directory of this repository, so Flux applies nothing.',
  ]);
});

test("without a temporary directory, what needs one is not judged", async () => {
  vi.stubEnv("TMPDIR", "/nowhere");
  const { clusters, problems } = await read("temporary", {
    "a.yaml": flux("a", "./a", { targetNamespace: "a" }),
    "a/namespace.yaml": NAMESPACE,
    "b.yaml": flux("b", "./b"),
    "b/namespace.yaml": NAMESPACE,
  });
  vi.unstubAllEnvs();
  expect(clusters[0]).toHaveLength(1);
  expect(problems).toEqual([
    expect.stringMatching(
      /^a\.yaml:1 A temporary directory cannot be created: ENOENT: .* \(not broken\)$/,
    ),
  ]);
});

test("variables come from ConfigMaps and Secrets of the tree; others are not known", async () => {
  const from = (kind: string, name: string) => ({
    postBuild: { substituteFrom: [{ kind, name }], substitute: { own: "1" } },
  });
  const namespace = (name: string) => NAMESPACE.replace("shop", name);
  const { clusters, problems } = await read("from", {
    "a.yaml": flux("a", "./a", from("ConfigMap", "vars")),
    "a/namespace.yaml": namespace("a"),
    "vars.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: vars, namespace: flux-system }\ndata: { revision: asm-1-30 }\n",
    "b.yaml": flux("b", "./b", from("Secret", "secret")),
    "b/namespace.yaml": namespace("b"),
    "secret.yaml": `apiVersion: v1\nkind: Secret\nmetadata: { name: secret, namespace: flux-system }\ndata: { revision: ${Buffer.from("asm-1-29").toString("base64")} }\n`,
    "c.yaml": flux("c", "./c", from("Secret", "sealed")),
    "c/namespace.yaml": namespace("c"),
    "sealed.yaml":
      "apiVersion: v1\nkind: Secret\nmetadata: { name: sealed, namespace: flux-system }\nstringData: { revision: 'ENC[AES256_GCM,data:x]' }\n",
    "d.yaml": flux("d", "./d", from("ConfigMap", "elsewhere")),
    "d/namespace.yaml": namespace("d"),
  });
  expect(problems).toEqual([]);
  const revisions = new Map(
    clusters[0]
      ?.filter(({ kind }) => kind === "Namespace")
      .map((one) => [one.name, Object.values(labelsOf(one) ?? {})[0] as string]),
  );
  expect(revisions.get("a")).toBe("asm-1-30");
  expect(revisions.get("b")).toBe("asm-1-29");
  expect(isUnknownText(revisions.get("c"))).toBe(true);
  expect(isUnknownText(revisions.get("d"))).toBe(true);
});

test("a missing path is a problem, unless the source is another repository", async () => {
  const other = { sourceRef: { kind: "GitRepository", name: "other" } };
  const { problems } = await read("missing", {
    "a.yaml": flux("a", "./missing"),
    "b.yaml": flux("b", "./missing", other),
    "c.yaml": flux("c", "./missing", { sourceRef: { kind: "OCIRepository", name: "flux-system" } }),
  });
  expect(problems).toEqual([
    'a.yaml:1 spec.path is "./missing", which is not a directory of this repository, so Flux applies nothing.',
  ]);
});

test("a named file is followed like a directory", async () => {
  const { root } = await read("named", {
    "clusters/shop.yaml": flux("shop", "./apps", substitute({ revision: "asm-1-30" })),
    "apps/namespace.yaml": NAMESPACE,
  });
  const { units, unread } = await readTree([join(root, "clusters/shop.yaml")]);
  expect(unread).toEqual([]);
  expect(units.flatMap(({ manifests }) => manifests).map(labelsOf)).toEqual([
    undefined,
    { "istio.io/rev": "asm-1-30" },
  ]);
});

test("a missing path is mended from the root, which is the checked directory if nothing has .git", async () => {
  const fixFrom = async (name: string, files: Readonly<Record<string, string>>) => {
    const root = write(name, { "clusters/a.yaml": flux("a", "./missing"), ...files });
    const { unread } = await readTree([join(root, "clusters")]);
    return unread.map(({ fix }) => fix.replace(root, "ROOT"));
  };
  const fix = "Correct the path, which starts at the root of the repository";
  expect(await fixFrom("with-git", { ".git/config": "" })).toEqual([`${fix} (here ROOT).`]);
  expect(await fixFrom("no-git", {})).toEqual([`${fix} (here ROOT/clusters).`]);
});

const source = (name: string, url: string) =>
  JSON.stringify({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: "flux-system" },
    spec: { url },
  });
const from = (name: string) => ({ sourceRef: { kind: "GitRepository", name } });

test("a missing path of a source whose repository is not known is not a problem", async () => {
  const { problems } = await read("addressless", {
    "other.yaml": source("other", "https://github.com/team/other"),
    "a.yaml": flux("a", "./missing", from("other")),
  });
  expect(problems).toEqual([]);
});

test("a worktree is of the repository that it shares", async () => {
  const { problems } = await read("worktree", {
    ".git": "gitdir: main/.git/worktrees/one\n",
    "main/.git/config": '[remote "origin"]\n\turl = git@github.com:team/fleet.git\n',
    "main/.git/worktrees/one/commondir": "../..\n",
    "own.yaml": source("own", "https://github.com/team/fleet"),
    "other.yaml": source("other", "https://github.com/team/other"),
    "a.yaml": flux("a", "./missing-a", from("own")),
    "b.yaml": flux("b", "./missing-b", from("other")),
  });
  expect(problems).toEqual([
    'a.yaml:1 spec.path is "./missing-a", which is not a directory of this repository, so Flux applies nothing.',
  ]);
});

test("a submodule is another repository than the one that contains it", async () => {
  const { problems } = await read("submodule", {
    ".git/config": `[submodule "charts"]
\turl = git@github.com:team/charts.git
[url "git@github.com:"]
\tinsteadOf = gh:
[Remote "origin"] URL = "https://github.com/team/fleet"
`,
    "own.yaml": source("own", "https://github.com/team/fleet.git"),
    "other.yaml": source("other", "https://github.com/team/charts"),
    "a.yaml": flux("a", "./missing-a", from("own")),
    "b.yaml": flux("b", "./missing-b", from("other")),
  });
  expect(problems).toEqual([
    'a.yaml:1 spec.path is "./missing-a", which is not a directory of this repository, so Flux applies nothing.',
  ]);
});

test("the sources of the tree say which repository is meant", async () => {
  const { clusters, problems } = await read("sources", {
    ".git/config": '[remote "origin"]\n\turl = git@github.com:team/fleet.git\n',
    "own.yaml": source("own", "https://github.com/team/fleet"),
    "other.yaml": source("other", "https://github.com/team/other"),
    "a.yaml": flux("a", "./a", from("own")),
    "b.yaml": flux("b", "./b", from("other")),
    "c.yaml": flux("c", "./missing", from("own")),
    "a/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: of-a }\n",
    "b/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: of-b }\n",
  });
  const [pod, other] = clusters[0] ?? [];
  expect([pod?.name, pod?.source]).toEqual([
    "of-a",
    "kustomize.toolkit.fluxcd.io|Kustomization|flux-system|a",
  ]);
  // Read as a plain file: nothing says that Flux applies this directory.
  expect([other?.name, other?.source]).toEqual(["of-b", undefined]);
  expect(problems).toHaveLength(1);
});

test("dependencies that do not exist, or that form a circle, are problems", async () => {
  const after = (...names: string[]) => ({ dependsOn: names.map((name) => ({ name })) });
  const { problems } = await read("depends", {
    "a.yaml": flux("a", "./x", after("b")),
    "b.yaml": flux("b", "./x", after("a")),
    "c.yaml": flux("c", "./x", after("d", "missing")),
    "d.yaml": flux("d", "./x"),
    "x/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n",
  });
  expect(problems).toEqual([
    'a.yaml:1 Kustomization "a" waits for itself through spec.dependsOn, so Flux never applies it.',
    'b.yaml:1 Kustomization "b" waits for itself through spec.dependsOn, so Flux never applies it.',
    'c.yaml:1 spec.dependsOn[1] is Kustomization "flux-system/missing", which does not exist, so Flux never applies Kustomization "c".',
  ]);
});

test("what Flux changes is built by Kustomize, and common metadata is added afterwards", async () => {
  // Prints the Kustomize file that it is given, as a ConfigMap.
  onPath({
    kustomize: `const file = JSON.parse(require("node:fs").readFileSync(args.at(-1) + "/kustomization.yaml", "utf8"));
print(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "built", labels: { a: "1", b: "1" } }, data: file }));`,
  });
  const { root, clusters } = await read("changed", {
    "shop.yaml": flux("shop", "./apps", {
      targetNamespace: "shop",
      patches: [{ patch: "- op: remove\n  path: /spec", target: { kind: "Pod" } }],
      images: [{ name: "web", newTag: "2" }],
      components: ["../part"],
      commonMetadata: { labels: { b: "2", c: "2" } },
    }),
    "apps/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n",
    "apps/inner/kustomization.yaml": "resources: []\n",
    "part/kustomization.yaml": "kind: Component\n",
  });
  const [built] = clusters[0] ?? [];
  const data = built?.object["data"] as Record<string, unknown>;
  const ends = (paths: unknown) =>
    (paths as string[]).map((path) => path.slice(path.indexOf("/changed/") + 9));
  expect(labelsOf(built ?? { object: {} })).toEqual({ a: "1", b: "2", c: "2" });
  expect(ends(data["resources"])).toEqual(["apps/pod.yaml", "apps/inner"]);
  expect(ends(data["components"])).toEqual(["part"]);
  expect(data["namespace"]).toBe("shop");
  expect(data["patches"]).toEqual([
    { patch: "- op: remove\n  path: /spec", target: { kind: "Pod" } },
  ]);
  expect(data["images"]).toEqual([{ name: "web", newTag: "2" }]);
  expect(built?.origin.at([])).toMatchObject({ file: join(root, "shop.yaml") });
});

test("a directory with a Kustomize file is built, and not read on its own", async () => {
  onPath({ kustomize: `print("apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: \${name}\\n");` });
  const { clusters, problems } = await read("kustomize", {
    "shop.yaml": flux("shop", "./apps", substitute({ name: "web" })),
    "apps/kustomization.yaml": "resources: [pod.yaml]\n",
    "apps/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: plain }\n",
  });
  expect(problems).toEqual([]);
  expect(clusters.map((cluster) => cluster.map(({ name }) => name))).toEqual([["web"]]);
});

const release = (spec: object = {}) =>
  JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      chart: {
        spec: {
          chart: "./charts/web",
          sourceRef: { kind: "GitRepository", name: "flux-system", namespace: "flux-system" },
        },
      },
      values: { replicas: 2 },
      ...spec,
    },
  });
/** Prints its arguments and values as the data of a ConfigMap, and a cluster-scoped object. */
const HELM = `const data = { args: args.join(" "), values: input() };
print(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "made" }, data }));
print("\\n---\\napiVersion: v1\\nkind: Namespace\\nmetadata: { name: made }\\n");`;

test("a HelmRelease is rendered if its chart is in the tree, and the chart is not read on its own", async () => {
  onPath({ helm: HELM });
  const { root, clusters, problems } = await read("release", {
    "release.yaml": release({ targetNamespace: "live" }),
    "charts/web/Chart.yaml": "name: web\n",
  });
  expect(problems).toEqual([]);
  const [made, cluster, ...others] = clusters[0] ?? [];
  expect(others).toEqual([]);
  expect([made?.namespace, cluster?.namespace]).toEqual(["live", undefined]);
  expect(made?.object["metadata"]).toEqual({ name: "made", namespace: "live" });
  expect(made?.source).toBe("helm.toolkit.fluxcd.io|HelmRelease|shop|web");
  expect(made?.appliedBy?.file).toBe(join(root, "release.yaml"));
  const data = made?.object["data"] as { args: string; values: string };
  expect(data.values).toBe('{"replicas":2}');
  expect(data.args).toContain(`-- live-web ${root}/charts/web`);
});

test.each([
  ["values from elsewhere", { valuesFrom: [{ kind: "Secret", name: "a" }] }],
  ["another cluster", { kubeConfig: { secretRef: { name: "a" } } }],
  [
    "a chart of a Helm repository",
    { chart: { spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "a" } } } },
  ],
])("a HelmRelease with %s is not rendered", async (_, spec) => {
  onPath({ helm: HELM });
  const { clusters, problems } = await read("elsewhere", {
    "release.yaml": release(spec),
    "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n",
  });
  expect(problems).toEqual([]);
  expect(clusters.map((cluster) => cluster.map(({ name }) => name))).toEqual([["p"]]);
});

test("without Helm, the release is said not to be read, once", async () => {
  onPath({});
  const { problems } = await read("no-helm", {
    "release.yaml": release(),
    "charts/web/Chart.yaml": "name: web\n",
  });
  expect(problems).toEqual([
    "release.yaml:1 `helm template` renders it, and `helm` is not on PATH. (not broken)",
  ]);
});
