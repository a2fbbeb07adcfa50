import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { toolsOnPath } from "../support/fakeTools.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const onPath = toolsOnPath();
const check = (directory: string, ...args: string[]) => aksIstio(["check", ...args], {}, directory);

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: asm-1-30
`;
const LEGACY = NAMESPACE.replace("istio.io/rev: asm-1-30", "istio-injection: enabled");

test("a finding points at the field of the manifest", async () => {
  const directory = write("field", { "team/shop.yaml": `# Shop\n---\n${LEGACY}` });
  const { code, stdout, stderr } = await check(directory);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toContain("mandatory  ns-no-legacy-injection-label (critical)");
  expect(stdout).toContain("- Namespace shop (team/shop.yaml:8:5)");
  expect(stdout).toMatch(/^Checked {3}1 object$/m);
  expect(stdout).toMatch(/: 1 mandatory and 0 advisory violations$/m);
});

test("manifests without a violation pass, and files without objects are counted", async () => {
  const directory = write("fine", {
    "shop.yaml": NAMESPACE,
    "package.json": "{}",
    ".github/workflows/ci.yaml": LEGACY,
    "node_modules/a/b.yaml": LEGACY,
  });
  const { code, stdout } = await check(directory, "--revision", "asm-1-30", ".");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Checked {3}1 object, 1 file without objects$/m);
});

test("standard input is read", () => {
  const run = (input: string, ...args: string[]) =>
    spawnSync(
      process.execPath,
      [join(__dirname, "../../bin/aks-istio.js"), "check", "-", ...args],
      {
        input,
        encoding: "utf8",
      },
    );
  const found = run(LEGACY);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain("- Namespace shop (-:6:5)");
  const empty = run("");
  expect({ code: empty.status, stdout: empty.stdout, stderr: empty.stderr }).toEqual({
    code: 2,
    stdout: "",
    stderr: "Nothing was checked: standard input has no Kubernetes objects (1 file without any).\n",
  });
});

test("a chart without objects is not a check that passes", async () => {
  onPath({ helm: "" });
  const { code, stderr } = await check(write("empty", { "chart/Chart.yaml": "name: chart\n" }));
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "Nothing was checked: . has no Kubernetes objects.\n",
  });
});

test("a value of a variable that comes from a Secret is not shown", async () => {
  const directory = write("secret-variable", {
    ".git/config": "",
    "cluster.yaml": JSON.stringify({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "apps", namespace: "flux-system" },
      spec: {
        path: "./apps",
        sourceRef: { kind: "GitRepository", name: "flux-system" },
        postBuild: { substituteFrom: [{ kind: "Secret", name: "values" }] },
      },
    }),
    "secret.yaml": JSON.stringify({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "values", namespace: "flux-system" },
      stringData: { token: "correct-horse" },
    }),
    "apps/shop.yaml": NAMESPACE.replace("asm-1-30", "v-${token}"),
  });
  const { code, stdout } = await check(directory, "--revision", "asm-1-30", "--json", "-");
  expect(code).toBe(1);
  expect(stdout).toContain("v-[secret]");
  expect(stdout).not.toContain("correct-horse");
});

test("the revisions of the cluster decide about a label, and without them it is not judged", async () => {
  const directory = write("revision", { "shop.yaml": NAMESPACE });
  const unknown = await check(directory);
  expect(unknown.code).toBe(0);
  expect(unknown.stdout).toContain("Not judged  1");
  expect(unknown.stdout).toContain("Pass --revision");
  const other = await check(directory, "--revision", "asm-1-28,asm-1-29");
  expect(other.code).toBe(1);
  expect(other.stdout).toContain("mandatory  ns-revision-on-cluster (critical)");
  const required = await check(directory, "--require-judged");
  expect(required.code).toBe(1);
});

test.each([
  [["--revision", "1.30"], '"1.30" is not a valid revision. Use a revision such as asm-1-30.'],
  [["--revision", "asm-1-28,asm-1-29,asm-1-30"], "A cluster runs at most two revisions."],
  [["--revision", "asm-1-2"], "asm-1-2 is not a revision of the add-on."],
  [["--kubernetes", "new"], '"new" is not a valid Kubernetes version. Use a version such as 1.35.'],
  [
    ["--revision", "asm-1-30", "--kubernetes", "1.20"],
    "asm-1-30 runs on Kubernetes 1.32 to 1.36, not on 1.20. Check --revision and --kubernetes.",
  ],
  [
    ["missing.yaml", "-", "elsewhere"],
    "missing.yaml does not exist. Name a file, a directory or -.\nelsewhere does not exist.",
  ],
])("%j is refused", async (args, said) => {
  const { code, stdout, stderr } = await check(write("refused", { "a.yaml": NAMESPACE }), ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(said);
});

test("a manifest that is not valid YAML fails the check, and hides no other finding", async () => {
  const directory = write("broken", {
    "a.yaml": "apiVersion: v1\nkind: Service\nspec:\n  type: [\n",
    "b.yaml": LEGACY,
  });
  const { code, stdout } = await check(directory);
  expect(code).toBe(1);
  expect(stdout).toContain("Not judged  1, which stops the check");
  expect(stdout).toContain("    a.yaml:5:1\n");
  expect(stdout).toContain("mandatory  ns-no-legacy-injection-label");
});

test("a template is not judged, and does not fail the check", async () => {
  const directory = write("template", {
    "a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {{ .Values.metadata }}\n  a: b\n",
    "b.yaml": NAMESPACE,
  });
  const { code, stdout } = await check(directory, "--revision", "asm-1-30");
  expect(code).toBe(0);
  expect(stdout).toContain("It is a template, not YAML.");
});

test("a configuration sets levels and the scope, and is validated", async () => {
  const directory = write("configured", {
    "shop.yaml": LEGACY,
    "advisory.json": '{"ns-no-legacy-injection-label": "advisory"}',
    "elsewhere.json": '{"mesh-scope": {"clusterUsesAddon": false}}',
    "wrong.json": '{"ns-no-legacy-injection-lable": "advisory"}',
  });
  const advisory = await check(directory, "shop.yaml", "--policy-pack-config", "advisory.json");
  expect(advisory.code).toBe(0);
  expect(advisory.stdout).toMatch(/: 0 mandatory and 1 advisory violations$/m);
  const none = await check(directory, "shop.yaml", "--policy-pack-config", "elsewhere.json");
  expect(none.stdout).toMatch(/: 0 mandatory and 0 advisory violations$/m);
  const wrong = await check(directory, "shop.yaml", "--policy-pack-config", "wrong.json");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("did you mean ns-no-legacy-injection-label?");
});

test("every profile is a configuration", async () => {
  const directory = write("profile", { "shop.yaml": NAMESPACE });
  const profile = join(__dirname, "../../policy/profiles/advisory.json");
  const { code, stderr } = await check(directory, "--policy-pack-config", profile);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("reports have the places of the findings, and no values of the objects", async () => {
  const directory = write("reports", {
    "shop.yaml": LEGACY,
    "secret.yaml":
      "apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: shop }\nstringData: { password: hunter2 }\n",
  });
  const { code } = await check(
    directory,
    ...["--json", "a.json", "--sarif", "a.sarif", "--markdown", "a.md", "--junit", "a.xml"],
    ".",
  );
  expect(code).toBe(1);
  const text = (file: string) => readFileSync(join(directory, file), "utf8");
  const json = JSON.parse(text("a.json")) as { policyViolations: { place: object }[] };
  expect(json.policyViolations.map(({ place }) => place)).toEqual([
    { file: "shop.yaml", line: 6, column: 5 },
  ]);
  const sarif = JSON.parse(text("a.sarif")) as {
    runs: { results: { locations: { physicalLocation: object }[] }[] }[];
  };
  expect(sarif.runs[0]?.results[0]?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: "shop.yaml", uriBaseId: "SRCROOT" },
    region: { startLine: 6, startColumn: 5 },
  });
  expect(text("a.md")).toContain("## ❌ Check of `.`");
  expect(text("a.xml")).toContain("Namespace shop (shop.yaml:6:5)");
  for (const file of ["a.json", "a.sarif", "a.md", "a.xml"]) {
    expect(text(file)).not.toContain("hunter2");
  }
});

const PLAN = {
  steps: [
    {
      newState: {
        urn: "urn:pulumi:dev::fleet::azure-native:containerservice:ManagedCluster::fleet",
        type: "azure-native:containerservice:ManagedCluster",
        inputs: {
          serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } },
          windowsProfile: { adminPassword: "[secret]" },
        },
      },
    },
  ],
};

test("a plan says which revisions the cluster runs", async () => {
  const directory = write("plan", {
    "shop.yaml": NAMESPACE,
    "plan.json": JSON.stringify(PLAN),
    "empty.json": "{}",
  });
  const { code, stdout } = await check(directory, "shop.yaml", "--plan", "plan.json");
  expect(code).toBe(1);
  expect(stdout).toContain('neither a revision nor a tag of ManagedCluster "fleet" (asm-1-29)');
  const wrong = async (...args: string[]) => {
    const run = await check(directory, "shop.yaml", ...args);
    expect(run.code).toBe(2);
    return run.stderr;
  };
  expect(await wrong("--plan", "empty.json")).toContain("has no steps, so it is not a plan.");
  for (const step of [
    5,
    null,
    { newState: 5 },
    { newState: { urn: "a", type: "b", inputs: [] } },
  ]) {
    writeFileSync(join(directory, "wrong.json"), JSON.stringify({ steps: [...PLAN.steps, step] }));
    expect(await wrong("--plan", "wrong.json")).toContain(
      `wrong.json is not a valid plan: steps[${PLAN.steps.length}].newState must be an object with urn and type.`,
    );
  }
  writeFileSync(
    join(directory, "deleted.json"),
    JSON.stringify({ steps: [...PLAN.steps, { op: "delete", newState: null }] }),
  );
  expect((await check(directory, "shop.yaml", "--plan", "deleted.json")).code).toBe(1);
  expect(await wrong("--plan", "shop.yaml")).toContain("shop.yaml is not valid JSON");
  expect(await wrong("--plan", "plan.json", "--revision", "asm-1-30")).toContain(
    "Leave out --revision and --kubernetes: the plan says which versions its cluster runs.",
  );
  expect(await wrong("--plan", "plan.json", "--stack", "dev")).toContain(
    "Pass either --stack or --plan: both say which plan has the cluster.",
  );
});

test("a stack of the project here says it by its preview", async () => {
  const directory = write("stack", { "shop.yaml": NAMESPACE.replace("asm-1-30", "asm-1-28") });
  const file = join(directory, "shop.yaml");
  const { code, stdout } = await check(join(__dirname, "../.."), file, "--stack", "dev");
  expect(code).toBe(1);
  expect(stdout).toContain("neither a revision nor a tag of ManagedCluster");
});
