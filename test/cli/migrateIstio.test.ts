import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const migrate = (directory: string, ...args: string[]) =>
  aksIstio(["migrate-istio", "--day", "2026-11-24", ...args], {}, directory);

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled # sidecars
`;
const AFTER = NAMESPACE.replace("istio-injection: enabled", "istio.io/rev: asm-1-30");
const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  selector:
    istio: ingressgateway
`;
const ISTIO = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: "accessLogFile: /dev/stdout"
`;
const WASM = "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: w\n";

test("a change is shown with its place, and nothing is written", async () => {
  const directory = write("shown", { "k8s/shop.yaml": NAMESPACE });
  const { code, stdout, stderr } = await migrate(directory, "-f", "k8s");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toContain("k8s, to asm-1-30\n");
  expect(stdout).toContain(
    "change   Namespace shop, metadata.labels.istio-injection (k8s/shop.yaml:6): ",
  );
  expect(stdout).toContain("\n         istio-injection: enabled → istio.io/rev: asm-1-30\n");
  expect(stdout).toContain(
    "\nBLOCKER  MeshConfig: The files lack the installation of the own Istio, so its defaults are assumed: ",
  );
  expect(stdout).toContain(
    "\n1 blocker, 1 change, 0 notes; 0 objects without findings\nNothing was written.",
  );
  expect(stdout).toMatch(/\nWith a second cluster\n.*\n *1\. Solve the blockers/s);
  expect(stdout).toContain("\nIn the same cluster\n");
  expect(readFileSync(join(directory, "k8s/shop.yaml"), "utf8")).toBe(NAMESPACE);
});

test("--out writes the whole tree, and a second run of it changes nothing", async () => {
  const files = {
    ...{ "k8s/shop.yaml": NAMESPACE, "k8s/istio.yaml": ISTIO },
    ...{ "k8s/notes.txt": "keep", "k8s/.git/config": "x" },
  };
  const directory = write("out", files);
  const { code, stdout } = await migrate(directory, "-f", "k8s", "--out", "new");
  expect(code).toBe(0);
  expect(stdout).toContain("The changed manifests are in new.");
  expect(readdirSync(join(directory, "new")).sort()).toEqual([
    "istio.yaml",
    "notes.txt",
    "shop.yaml",
  ]);
  expect(readFileSync(join(directory, "new/shop.yaml"), "utf8")).toBe(AFTER);
  const again = await migrate(directory, "-f", "new", "-o", "json");
  expect(JSON.parse(again.stdout)).toMatchObject({ exitCode: 0, entries: [], untouched: 2 });
});

test("a changed file keeps its byte order mark, and commands name the directory", async () => {
  const mark = "\uFEFF";
  const directory = write("mark", { "k8s/shop.yaml": mark + NAMESPACE, "k8s/w.yaml": mark + WASM });
  const { stdout } = await migrate(directory, "-f", "k8s", "--out", "it's new", "-o", "json");
  expect(readFileSync(join(directory, "it's new/shop.yaml"), "utf8")).toBe(mark + AFTER);
  expect(readFileSync(join(directory, "it's new/w.yaml"), "utf8")).toBe(mark + WASM);
  const report = JSON.parse(stdout) as { ways: unknown };
  const commands = JSON.stringify(report.ways);
  expect(commands).toContain(JSON.stringify(String.raw`kubectl apply -R -f 'it'\''s new'`));
  expect(report).toMatchObject({
    entries: expect.arrayContaining([
      expect.objectContaining({ place: { file: "k8s/w.yaml", line: 1, column: 1 } }),
    ]) as unknown,
  });
});

test("--out of the directory itself changes it in place", async () => {
  const directory = write("place", { "k8s/shop.yaml": NAMESPACE, "k8s/istio.yaml": ISTIO });
  expect((await migrate(directory, "-f", "k8s", "--out", "k8s")).code).toBe(0);
  expect(readFileSync(join(directory, "k8s/shop.yaml"), "utf8")).toBe(AFTER);
});

test("a blocker makes the exit code 1, with what to do", async () => {
  const directory = write("blocked", { "w.yaml": WASM });
  const { code, stdout } = await migrate(directory, "-f", "w.yaml", "-o", "markdown");
  expect(code).toBe(1);
  expect(stdout).toContain(
    "| ❌ | WasmPlugin w (w.yaml:1) | The add-on blocks the kind WasmPlugin.<br>Use RequestAuthentication",
  );
  expect(stdout).toContain("\n1. **Solve the blockers.**");
});

test("gateways about which nothing decides are asked for, all at once", async () => {
  const directory = write("asked", {
    "a.yaml": GATEWAY,
    "b.yaml": GATEWAY.replace("istio: ingressgateway", "istio: private-ingressgateway"),
  });
  const { code, stdout, stderr } = await migrate(directory, "-f", ".");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(
    "  ingressgateway: pass --ingress ingressgateway=external or --ingress ingressgateway=internal (Gateway shop/public, a.yaml:1)\n",
  );
  expect(stderr).toContain(
    "  private-ingressgateway: pass --ingress private-ingressgateway=external",
  );
  const decided = await migrate(
    directory,
    "-f",
    ".",
    "--ingress",
    "external",
    "--ingress",
    "private-ingressgateway=internal",
    "-o",
    "json",
  );
  const { entries } = JSON.parse(decided.stdout) as { entries: { after?: string }[] };
  expect(entries.flatMap(({ after }) => after ?? [])).toEqual([
    "aks-istio-ingressgateway-external",
    "aks-istio-ingressgateway-internal",
  ]);
});

test.each([
  [["-f", "missing"], "missing does not exist. Name a file, a directory or -.\n"],
  [["-f", "empty.yaml"], "Nothing to migrate: empty.yaml has no Kubernetes objects.\n"],
  [[], "Name the manifests with -f, or a cluster with --context or --from.\n"],
  [
    ["-f", ".", "--from", "x"],
    "-f names manifests, and --kubeconfig, --context and --from a cluster. Name one of them.\n",
  ],
  [["-f", "-", "--out", "new"], "--out writes one file or directory again. Name one with -f.\n"],
  [
    ["-f", ".", "--out", "new"],
    "--out new is in ., so the next run would read it. Pass a directory outside, or . itself.\n",
  ],
  [["-f", "shop", "--out", "full"], "full is not empty. Pass another directory with --out.\n"],
  [["-f", "shop", "--out", "empty.yaml"], "--out empty.yaml is a file. Pass a directory.\n"],
  [
    ["-f", "shop", "--ingress", "public"],
    "--ingress public is neither external nor internal, nor a gateway with one of them, such as ingressgateway=internal.\n",
  ],
])("%j is refused", async (args, message) => {
  const directory = write("refused", {
    "empty.yaml": "a: 1\n",
    "shop/n.yaml": NAMESPACE,
    "full/x": "",
  });
  const { code, stdout, stderr } = await migrate(directory, ...args);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: message });
});

test("a chart about Istio was not judged, and that stands in the way", async () => {
  const directory = write("chart", {
    "shop.yaml": NAMESPACE,
    "a chart/Chart.yaml": "name: c\n",
    "a chart/templates/a.yaml": "apiVersion: networking.istio.io/v1\nname: {{ .x }}\n",
  });
  const { code, stdout } = await migrate(directory, "-f", ".");
  expect(code).toBe(1);
  expect(stdout).toContain(
    "BLOCKER  a chart/Chart.yaml (a chart/Chart.yaml:1): It is a chart, and its templates are not YAML. It was not judged.\n",
  );
  expect(stdout).toContain("helm template 'a chart' | npx aks-istio migrate-istio -f -\n");
});

test("a Kustomize file without a kind is read", async () => {
  const directory = write("kustomize", {
    "kustomization.yaml": "namespace: istio-system\nresources:\n- g.yaml\n",
    "g.yaml": GATEWAY.replace("  namespace: shop\n", ""),
  });
  await migrate(directory, "-f", ".", "--out", ".", "--ingress", "external");
  expect(readFileSync(join(directory, "kustomization.yaml"), "utf8")).toBe(
    "namespace: aks-istio-ingress\nresources:\n- g.yaml\n",
  );
});

test("the revision is that of the own Istio if it is supported", async () => {
  const istiod = (tag: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  template:\n    spec:\n      containers:\n      - image: istio/pilot:${tag}\n`;
  const directory = write("revision", { "a.yaml": istiod("1.29.2") });
  const on = async (day: string) =>
    (await migrate(directory, "-f", ".", "--day", day)).stdout.split("\n")[0];
  expect(await on("2026-09-30")).toBe("., to asm-1-29");
  expect(await on("2026-10-01")).toBe("., to asm-1-30");
});

test("a snapshot of a cluster is judged, with what is left over of the own Istio", async () => {
  const list = {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
      },
      {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "gateways.networking.istio.io" },
        spec: { group: "networking.istio.io" },
      },
    ],
  };
  const directory = write("snapshot", {});
  writeFileSync(join(directory, "all.json"), JSON.stringify(list));
  const { code, stdout } = await migrate(directory, "--from", "all.json", "--complete");
  expect(code).toBe(0);
  expect(stdout).toContain("change   Namespace shop, metadata.labels.istio-injection: ");
  expect(stdout).toContain(
    "note     definitions of Istio: In the same cluster, it must end first. The cluster has 1 of another Istio: gateways.networking.istio.io.",
  );
  expect(stdout).toContain("\nTo change manifests, pass them with -f.\n");
  const partial = await migrate(directory, "--from", "all.json");
  expect(partial.code).toBe(1);
  expect(partial.stdout).toContain("BLOCKER  ");
});
