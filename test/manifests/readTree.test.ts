import { symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { readTree } from "../../manifests/readTree.ts";
import type { Tree } from "../../manifests/tree.ts";
import { toolsOnPath } from "../support/fakeTools.ts";
import { scratch } from "../support/programs.ts";

const onPath = toolsOnPath();
const write = scratch({ packages: false });

/** A tool that prints a file of its directory instead of rendering it. */
const printing = (file: string) =>
  `print(require("node:fs").readFileSync(args.find((arg) => arg.startsWith("/")) + "/${file}", "utf8"));`;
const TOOLS = { kustomize: printing("built.txt"), helm: printing("rendered.txt") };

const object = (kind: string, name: string, more = "") =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;
const objectsOf = ({ units }: Tree) =>
  units.map(({ manifests }) => manifests.map(({ kind, name }) => `${kind} ${name ?? ""}`));

test("files and directories are read, without hidden folders and packages", async () => {
  const root = write("plain", {
    "a.yaml": object("Pod", "a"),
    "b/c.yml": object("Pod", "c"),
    "b/d.json": JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "d" } }),
    "b/notes.txt": object("Pod", "no"),
    ".hidden/e.yaml": object("Pod", "no"),
    "node_modules/f.yaml": object("Pod", "no"),
    "other.yaml": "a: 1\n",
  });
  const tree = await readTree([root]);
  expect(objectsOf(tree)).toEqual([["Pod a"], ["Pod c"], ["Pod d"]]);
  expect(tree.passedOver).toBe(1);
  expect(objectsOf(await readTree([join(root, "b/c.yml"), join(root, "a.yaml")]))).toEqual([
    ["Pod c"],
    ["Pod a"],
  ]);
});

test("a named file that makes its directory one of Kustomize or a chart stands for the directory", async () => {
  onPath(TOOLS);
  const root = write("named", {
    "kustomize/kustomization.yaml": object("Kustomization", "k"),
    "kustomize/built.txt": object("Pod", "built"),
    "kustomize/deep/b.yaml": object("Pod", "other"),
    "chart/Chart.yaml": "name: chart\n",
    "chart/rendered.txt": object("Pod", "rendered"),
  });
  const of = async (file: string) => objectsOf(await readTree([join(root, file)]));
  expect(await of("kustomize/kustomization.yaml")).toEqual([["Pod built"]]);
  expect(await of("chart/Chart.yaml")).toEqual([["Pod rendered"]]);
});

test("a file that cannot be read is said, and hides no others", async () => {
  const root = write("unreadable", {
    "a.yaml": object("Pod", "a"),
    "link/b.yaml": object("Pod", "b"),
  });
  const bytes = (name: string, content: Buffer) => {
    writeFileSync(join(root, name), content);
  };
  const pod = `\uFEFF${object("Pod", "é")}`;
  bytes("latin.yaml", Buffer.from(pod, "latin1"));
  bytes("little.yaml", Buffer.from(pod, "utf16le"));
  bytes("big.yaml", Buffer.from(pod, "utf16le").swap16());
  bytes("unmarked.yaml", Buffer.from(object("Pod", "é"), "utf16le"));
  bytes("binary.yaml", Buffer.from([0, 255]));
  symlinkSync("a.yaml", join(root, "linked.yaml"));
  symlinkSync("nowhere", join(root, "dangling.yaml"));
  symlinkSync("loop.yaml", join(root, "loop.yaml"));
  symlinkSync("..", join(root, "link/up"));
  symlinkSync("/proc/self/mem", join(root, "mem.yaml"));
  const { units, unread, passedOver } = await readTree([root]);
  expect(units.map(({ path = "", manifests }) => [basename(path), manifests[0]?.name])).toEqual([
    ["a.yaml", "a"],
    ["big.yaml", "é"],
    ["linked.yaml", "a"],
    ["little.yaml", "é"],
    ["b.yaml", "b"],
  ]);
  expect(unread.map(({ file, reason, broken }) => [basename(file), reason, broken])).toEqual([
    ["latin.yaml", "It is not text in UTF-8.", true],
    ["mem.yaml", "It cannot be read: EIO: i/o error, read.", true],
    ["unmarked.yaml", "It is not text in UTF-8.", true],
  ]);
  expect(passedOver).toBe(1);
});

test("a device that never ends is not read to its end", async () => {
  expect(await readTree(["/dev/zero"])).toMatchObject({
    unread: [{ reason: "It cannot be read: it has more than 256 MB.", broken: true }],
  });
});

test.each(["garbage", "- a\n", "a: 1\n", "kind: Pod\n"])(
  "a tool that prints %j does not pass for one that prints objects",
  async (printed) => {
    onPath(TOOLS);
    const root = write("garbage", {
      "k/kustomization.yaml": "resources: []\n",
      "k/built.txt": printed,
      "c/Chart.yaml": "name: c\n",
      "c/rendered.txt": `${object("Pod", "a")}---\n# Nothing.\n---\n${printed}`,
    });
    const { units, unread } = await readTree([root]);
    expect(units).toEqual([]);
    const reason: unknown = expect.stringMatching(
      /cannot be read\. A document in it is not a Kubernetes object: it requires apiVersion and kind\.$/,
    );
    expect(unread).toMatchObject([
      { reason, broken: true },
      { reason, broken: true },
    ]);
  },
);

const OVERLAYS = {
  "base/kustomization.yaml": "resources: [pod.yaml]\n",
  "base/pod.yaml": object("Pod", "a", "spec:\n  x: 1\n  w: 1\n"),
  "base/forgotten.yaml": object("Pod", "forgotten"),
  "prod/kustomization.yaml":
    "resources: [../base]\ncomponents: [../part]\npatches: [{ path: patch.yaml }, { path: inner/patch.yaml }]\nconfigMapGenerator: [{ name: c, files: [k=values.yaml] }]\n",
  "prod/patch.yaml": object("Pod", "a", "spec:\n  w: 2\n"),
  "prod/inner/patch.yaml": object("Pod", "other"),
  "prod/values.yaml": object("Pod", "no"),
  "prod/built.txt": `${object("Pod", "a", "spec:\n  x: 1\n  w: 2\n")}---\n${object("ConfigMap", "c")}`,
  "part/kustomization.yaml": "kind: Component\n",
};

test("a Kustomize directory is built, without the directories that it refers to", async () => {
  onPath(TOOLS);
  const tree = await readTree([write("built", OVERLAYS)]);
  expect(objectsOf(tree)).toEqual([["Pod a", "ConfigMap c"]]);
  expect(tree.unread).toEqual([]);
});

test("a field has the place where the last overlay sets it", async () => {
  onPath(TOOLS);
  const root = write("places", OVERLAYS);
  const [pod, config] = (await readTree([root])).units[0]?.manifests ?? [];
  const at = (...steps: string[]) => pod?.origin.at(steps);
  expect(at("spec", "x")).toEqual({ file: join(root, "base/pod.yaml"), line: 6, column: 3 });
  expect(at("spec", "w")).toEqual({ file: join(root, "prod/patch.yaml"), line: 6, column: 3 });
  expect(at()).toEqual({ file: join(root, "base/pod.yaml"), line: 1, column: 1 });
  expect(config?.origin.at(["data"])).toEqual({
    file: join(root, "prod/kustomization.yaml"),
    line: 1,
    column: 1,
  });
});

test("without the tool, a Kustomize directory is not read, and the rest is", async () => {
  onPath({});
  const root = write("no-tool", { ...OVERLAYS, "a.yaml": object("Pod", "a") });
  const tree = await readTree([root]);
  expect(objectsOf(tree)).toEqual([["Pod a"]]);
  expect(tree.unread).toEqual([
    {
      file: join(root, "prod/kustomization.yaml"),
      reason: "`kustomize build` renders it, and neither `kustomize` nor `kubectl` is on PATH.",
      fix: "Install one of them.",
      broken: false,
    },
  ]);
});

test("a Kustomize directory that cannot be built is broken", async () => {
  onPath({ kustomize: "fail('Error: no such file: x.yaml\\n');" });
  const root = write("broken", { "kustomization.yaml": "resources: [x.yaml]\n" });
  expect((await readTree([root])).unread).toEqual([
    {
      file: join(root, "kustomization.yaml"),
      reason: "`kustomize build` failed: no such file: x.yaml",
      fix: "Correct the kustomization.",
      broken: true,
    },
  ]);
});

test("a chart is rendered, and its templates are not read", async () => {
  onPath(TOOLS);
  const root = write("chart", {
    "web/Chart.yaml": "apiVersion: v2\nname: web\n",
    "web/templates/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {{ x }}\n",
    "web/rendered.txt": object("Pod", "a"),
  });
  const tree = await readTree([root]);
  expect(objectsOf(tree)).toEqual([["Pod a"]]);
  expect(tree.units[0]?.manifests[0]?.origin.at(["spec"])).toEqual({
    file: join(root, "web/Chart.yaml"),
    line: 1,
    column: 1,
  });
  expect(tree.unread).toEqual([]);
});

test("without Helm, a chart is not read", async () => {
  onPath({});
  const root = write("no-helm", { "web/Chart.yaml": "name: web\n" });
  expect((await readTree([root])).unread).toEqual([
    {
      file: join(root, "web/Chart.yaml"),
      reason: "`helm template` renders it, and `helm` is not on PATH.",
      fix: "Install `helm`.",
      broken: false,
    },
  ]);
});

test("output of a tool that is not valid YAML is said", async () => {
  onPath({ kustomize: "print('apiVersion: v1\\nkind: Pod\\na: [\\n');" });
  const root = write("output", { "kustomization.yaml": "resources: [x.yaml]\n" });
  const { units, unread } = await readTree([root]);
  expect(units).toEqual([]);
  expect(unread.map(({ reason, broken }) => [reason.split(":")[0], broken])).toEqual([
    ["What Kustomize makes of it cannot be read. It is not valid YAML", true],
  ]);
});

test("a Kustomize file that is a template is not broken", async () => {
  onPath({ kustomize: "fail('Error: invalid Kustomization\\n');" });
  const root = write("template", { "kustomization.yaml": "namespace: {{ .namespace }}\n" });
  expect((await readTree([root])).unread).toMatchObject([
    { reason: "It is a template, not YAML.", broken: false },
  ]);
});
