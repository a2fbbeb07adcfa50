import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { afterAll, describe, expect, test } from "vitest";
import { maskedReport, withoutSecrets } from "../../cli/migrate/withoutSecrets.ts";
import { SecretMask } from "../../offline/plan/secretMask.ts";
import type { ToldMigration } from "../../cli/reports/migration.ts";
import { aksIstio } from "../support/command.ts";

const root = mkdtempSync(join(tmpdir(), "migrate-osm-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    openservicemesh.io/monitored-by: osm
  annotations:
    openservicemesh.io/sidecar-injection: enabled
`;
const MESH = `apiVersion: config.openservicemesh.io/v1alpha2
kind: MeshConfig
metadata: { name: osm-mesh-config, namespace: kube-system }
spec: { traffic: { enableEgress: true, enablePermissiveTrafficPolicyMode: false } }
`;
const SPLIT = `apiVersion: split.smi-spec.io/v1alpha2
kind: TrafficSplit
metadata: { name: site, namespace: shop }
spec: { service: site, backends: [{ service: site, weight: 0 }] }
`;

let count = 0;
/** A directory with files. */
function files(contents: Readonly<Record<string, string>>): string {
  const directory = join(root, String(++count));
  mkdirSync(directory);
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(directory, name), text);
  return directory;
}

const run = (...args: readonly string[]) => aksIstio(["migrate-osm", ...args]);

describe("migrate-osm", () => {
  test("writes the new objects in a folder for each namespace, and a later run replaces them", async () => {
    const from = files({ "namespace.yaml": NAMESPACE, "mesh.yaml": MESH });
    const out = join(root, "out");
    const args = ["-f", from, "--out", out, "--revision"];
    expect(await run(...args, "asm-1-29")).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout } = await run(...args, "asm-1-30");
    expect(code).toBe(0);
    expect(stdout).toContain(`translated      Namespace shop (${from}/namespace.yaml:1): Its pods`);
    expect(stdout).toContain("                → Namespace shop\n");
    expect(stdout).toContain("0 not translated, 0 approximated, 3 translated, 0 unneeded;");
    expect(stdout).toContain(` 1. Solve what could not be translated.`);
    expect(stdout).toContain(`for folder in ${out}/*/; do kubectl apply -k "$folder"; done`);
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      ".aks-istio-migrate-osm.json",
      "aks-istio-system",
      "aks-istio-system/01-configmap-istio-shared-configmap-asm-1-30.yaml",
      "aks-istio-system/kustomization.yaml",
      "shop",
      "shop/01-namespace-shop.yaml",
      "shop/02-peerauthentication-default.yaml",
      "shop/03-authorizationpolicy-default-deny.yaml",
      "shop/kustomization.yaml",
    ]);
    expect(readFileSync(join(out, "shop/kustomization.yaml"), "utf8")).toMatch(
      /^# Written by `aks-istio migrate-osm`; a later run replaces these files.\n/,
    );
  });

  test("ends with 1 if something could not be translated, and says where it is", async () => {
    const from = files({ "all.yaml": `${NAMESPACE}---\n${MESH}---\n${SPLIT}` });
    const { code, stdout } = await run("-f", from, "-o", "json");
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as ToldMigration & { readonly exitCode: number };
    expect(report.exitCode).toBe(1);
    expect(report.entries.filter(({ fate }) => fate === "untranslated")).toEqual([
      {
        fate: "untranslated",
        subject: "TrafficSplit shop/site",
        place: { file: join(from, "all.yaml"), line: 15, column: 1 },
        becomes: [],
        message: "All weights are 0, so no backend gets requests.",
        fix: "Correct it, or write the VirtualService yourself.",
      },
    ]);
  });

  test("a file that cannot be read may have what must be translated", async () => {
    const from = files({ "all.yaml": `${NAMESPACE}---\n${MESH}`, "bad.yaml": "apiVersion: [" });
    const { code, stdout } = await run("-f", from);
    expect(code).toBe(1);
    expect(stdout).toContain(`NOT TRANSLATED  ${from}/bad.yaml (${from}/bad.yaml:1): It is not`);
  });

  test("a pull request shows the report as Markdown", async () => {
    const from = files({ "all.yaml": `${NAMESPACE}---\n${MESH}---\n${SPLIT}` });
    const { stdout } = await run("-f", join(from, "all.yaml"), "-o", "markdown");
    expect(stdout).toMatch(/^### from Open Service Mesh to asm-\d+-\d+\n/);
    expect(stdout).toMatch(
      /\n\| ❌ \| TrafficSplit shop\/site<br>\S+all.yaml:15 \|  \| All weights/,
    );
    expect(stdout).toMatch(
      /\n\| ✅ \| Namespace shop<br>\S+all.yaml:1 \| Namespace shop \| Its pods/,
    );
    expect(stdout).toContain("\n5. **Enable the Istio add-on.** Azure refuses");
  });

  test("Flux replaces a variable by the revision", async () => {
    const from = files({ "all.yaml": `${NAMESPACE}---\n${MESH}` });
    const out = join(root, "variable");
    const { code } = await run("-f", from, "--revision", "${mesh_revision}", "--out", out);
    expect(code).toBe(0);
    expect(parse(readFileSync(join(out, "shop/01-namespace-shop.yaml"), "utf8"))).toEqual({
      ...{ apiVersion: "v1", kind: "Namespace" },
      metadata: { name: "shop", labels: { "istio.io/rev": "${mesh_revision}" } },
    });
    expect(readdirSync(join(out, "aks-istio-system"))).toEqual([
      "01-configmap-istio-shared-configmap---mesh-revision-.yaml",
      "kustomization.yaml",
    ]);
  });

  const place = { file: "a.yaml", line: 1, column: 1 };
  const said = { subject: "Pod a", place, becomes: ["Pod a"], message: "It changed." };

  test.each(["hunter2", "9\\hunter2", `8"hunter's"`])(
    "no value of a Secret is written: %s",
    (value) => {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "a" },
        password: `is ${value}`,
      };
      const translation = { objects: [pod], entries: [{ ...said, fate: "translated" as const }] };
      expect(withoutSecrets(translation, new SecretMask(["", "other"]))).toEqual(translation);
      expect(withoutSecrets(translation, new SecretMask([value]))).toEqual({
        objects: [],
        entries: [
          {
            ...{ ...said, fate: "untranslated" },
            message:
              "It changed. The Pod a was not written, because Flux puts the value of a Secret into it.",
            fix: "Change its source in the repository.",
          },
        ],
      });
    },
  );

  test("a report shows no value of a Secret", () => {
    const entry = {
      ...said,
      fate: "untranslated" as const,
      message: "/hunter2",
      fix: "No hunter2.",
    };
    const step = { title: "Act", about: "On hunter2.", commands: ["kubectl get ns hunter2"] };
    expect(maskedReport({ entries: [entry], steps: [step] }, new SecretMask(["hunter2"]))).toEqual({
      entries: [{ ...entry, message: "/[secret]", fix: "No [secret]." }],
      steps: [{ title: "Act", about: "On [secret].", commands: ["kubectl get ns [secret]"] }],
    });
  });

  test("standard input that is not YAML is not called empty", () => {
    const migrate = (input: string, ...args: readonly string[]) => {
      const command = [join(__dirname, "../../bin/aks-istio.js"), "migrate-osm", "-f", "-"];
      return spawnSync(process.execPath, [...command, ...args], { input, encoding: "utf8" });
    };
    const broken = migrate("a: [b\n");
    expect([broken.status, broken.stdout]).toEqual([2, ""]);
    expect(broken.stderr).toMatch(/^Nothing to migrate: standard input has no objects/);
    expect(broken.stderr).toMatch(
      /\nstandard input:2: It is not valid YAML: .+ Correct the file\.\n$/,
    );
    const empty = migrate("a: [b]\n");
    expect([empty.status, empty.stdout]).toEqual([2, ""]);
    expect(empty.stderr).not.toContain("valid YAML");
    // Something that can be migrated does not hide the rest.
    const both = migrate(`${NAMESPACE}---\na: [b\n`);
    expect(both.status).toBe(1);
    expect(both.stdout).toMatch(
      /\nNOT TRANSLATED {2}standard input \(-:\d+\): It is not valid YAML: /,
    );
  });

  test.each([
    ["no file", () => [], "required option '-f, --file <path>' not specified"],
    ["a missing file", () => ["-f", "absent.yaml"], "absent.yaml does not exist."],
    [
      "files without Open Service Mesh",
      () => ["-f", files({ "a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n" })],
      "has no objects, labels or annotations of Open Service Mesh or SMI.",
    ],
    [
      "another revision",
      () => ["-f", files({ "a.yaml": NAMESPACE }), "--revision", "1.30"],
      '"1.30" is neither a revision such as asm-1-30 nor a variable',
    ],
    [
      "a revision that never existed",
      () => ["-f", files({ "a.yaml": NAMESPACE }), "--revision", "asm-1-2"],
      "asm-1-2 is not a revision that AKS has offered; the known revisions are asm-1-",
    ],
    [
      "a directory within the files",
      () => {
        const from = files({ "a.yaml": NAMESPACE });
        return ["-f", from, "--out", join(from, "out")];
      },
      "so the next run would read it. Pass a directory outside.",
    ],
    [
      "the files of two clusters",
      () => {
        const other = NAMESPACE.replace("monitored-by: osm", "monitored-by: other");
        return ["-f", files({ "a.yaml": NAMESPACE }), "-f", files({ "b.yaml": other })];
      },
      "The files describe 2 clusters: the Namespace shop differs between",
    ],
    [
      "a namespace that leads out of the directory",
      () => {
        const text = SPLIT.replace("namespace: shop", "namespace: ../../outside");
        return ["-f", files({ "a.yaml": text }), "--out", join(root, "inside/out")];
      },
      'a.yaml:1): the name of the namespace "../../outside" must contain only lowercase letters',
    ],
    [
      "a namespace that is a variable",
      () => {
        const text = NAMESPACE.replace("name: shop", "name: ${ns}");
        return ["-f", files({ "a.yaml": text }), "--out", join(root, "inside/out")];
      },
      "Namespace ${ns} (",
    ],
    [
      "an object that is written twice",
      () => {
        const other = NAMESPACE.replace("monitored-by: osm", "monitored-by: other");
        return ["-f", files({ "a.yaml": `${NAMESPACE}---\n${other}` })];
      },
      "a.yaml:1 and ",
    ],
    [
      "a directory that something else wrote",
      () => ["-f", files({ "a.yaml": NAMESPACE }), "--out", files({ "mine.txt": "" })],
      "is not empty and was not written by `aks-istio migrate-osm`.",
    ],
  ])("%s is refused", async (_, args, message) => {
    const { code, stdout, stderr } = await run(...args());
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
