import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const validate = (file: string, ...more: string[]) =>
  aksIstio(["validate", "--config-file", file, ...more]);
const LEAST = `config:
  azure-native:location: westeurope
  aks-istio:mesh: { revision: asm-1-30 }
  aks-istio:access: { administrators: [7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42] }
`;

test("reports that the settings are valid", async () => {
  const file = join(process.cwd(), "examples/production.yaml");
  expect(await validate(file)).toEqual({
    code: 0,
    stdout: `The settings in ${file} are valid.\n`,
    stderr: "",
  });
});

test("prints a warning of the program", async () => {
  const cluster = `  aks-istio:cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] }, autoUpgrade: { upgradeChannel: rapid } }\n`;
  const file = join(write("warned", { "stack.yaml": LEAST + cluster }), "stack.yaml");
  const { code, stdout, stderr } = await validate(file);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `The settings in ${file} are valid.\n` });
  expect(stderr).toMatch(
    /^warning: aks-istio:cluster\.autoUpgrade\.upgradeChannel: rapid moves the cluster .*\n$/,
  );
});

test("reports every file of manual injection that the program could not read", async () => {
  const workload = (name: string, file: string) =>
    `    ${name}: { namespace: ${name}, injection: manual, injected: ${file} }\n`;
  const namespace = (name: string) => `    ${name}: { mesh: false }\n`;
  const stack = (...files: readonly string[]) =>
    `${LEAST}  aks-istio:cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] } }\n  aks-istio:namespaces:\n${["a", "b", "c"].map(namespace).join("")}  aks-istio:workloads:\n${files.map((file, i) => workload("abc".charAt(i), file)).join("")}`;
  const manifest = "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n";
  const directory = write("injected", {
    "ok.yaml": manifest,
    "broken.yaml": `${manifest}spec: [\n`,
    "good-stack.yaml": "",
    "stack.yaml": "",
  });
  const ok = join(directory, "ok.yaml");
  const broken = join(directory, "broken.yaml");
  const gone = join(directory, "gone.yaml");
  writeFileSync(join(directory, "good-stack.yaml"), stack(ok));
  writeFileSync(join(directory, "stack.yaml"), stack(ok, broken, gone));
  const good = await validate(join(directory, "good-stack.yaml"));
  expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: "" });
  const { code, stdout, stderr } = await validate(join(directory, "stack.yaml"));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`aks-istio:workloads.b.injected: ${broken} cannot be read: `);
  expect(stderr).toContain(`aks-istio:workloads.c.injected: ${gone} cannot be read: ENOENT`);
  expect(stderr).not.toContain("workloads.a");
});

test("reports every mistake, in the lines of the program's report", async () => {
  const wrong = "  aks-istio:cluster: { kubernetesVersion: 1.30, nodeCont: 3 }\n";
  const file = join(write("wrong", { "stack.yaml": LEAST + wrong }), "stack.yaml");
  const [said, program] = await Promise.all([
    validate(file),
    aksIstio(["preview", "--no-policy-pack", "--config-file", file]),
  ]);
  const lines = (stderr: string) =>
    stderr.split("\n").filter((line) => /\.yaml:\d+: aks-istio:/.test(line));
  expect({ code: said.code, stdout: said.stdout }).toEqual({ code: 2, stdout: "" });
  expect(said.stderr.split("\n")[0]).toBe(`The settings in ${file} cannot be used:`);
  expect(lines(said.stderr)).toHaveLength(3);
  expect(lines(said.stderr)).toEqual(lines(program.stderr));
});

test.each([
  ["asm", 'found "asm"'],
  ["3", "found 3"],
  ["[a]", "found a list"],
  ["", 'found ""'],
])("a text or a list for a map, mesh: %s, hides no other mistake", async (mesh, found) => {
  const text = `config:
  azure-native:location: westeurope
  aks-istio:cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] }, nodeCont: 3 }
  aks-istio:mesh: ${mesh}
  aks-istio:access: { administrators: [7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42] }
`;
  const file = join(write("mistyped", { "stack.yaml": text }), "stack.yaml");
  const [said, previewed] = await Promise.all([
    validate(file),
    aksIstio(["preview", "--no-policy-pack", "--config-file", file]),
  ]);
  const lines = said.stderr.trimEnd().split("\n");
  expect(lines).toEqual([
    `The settings in ${file} cannot be used:`,
    expect.stringMatching(/^ {2}.*:3: aks-istio:cluster\.nodeCont: no such setting/),
    `  ${file}:4: aks-istio:mesh: ${found}; must be a map of settings`,
  ]);
  expect(previewed).toEqual({ ...said, code: 2 });
});

test("reports keys that Pulumi ignores, also together with other problems", async () => {
  const typo = `konfig: {}\n${LEAST}  aksistio:cluster: {}\n`;
  const file = join(write("typo", { "stack.yaml": typo }), "stack.yaml");
  const hints = [
    `${file}:6:3: aksistio:cluster: is not a setting of this project, whose keys begin with aks-istio:; did you mean aks-istio:cluster?`,
    `${file}: konfig: Pulumi ignores a section with this name; did you mean config?`,
  ];
  expect((await validate(file)).stderr.trimEnd().split("\n").slice(-2)).toEqual(
    hints.map((hint) => `  ${hint}`),
  );
});

test("reads a stack with an ESC environment, with assumed values", async () => {
  const home = write("environment", {
    "stack.yaml": `environment: [acme/prod]\n${LEAST}`,
    "plain.yaml": LEAST,
    "answers.yaml":
      'environment: { aks-istio:cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] } } }\n',
    "other.yaml": "environment: { aks-istio:cluster: { kubernetesVersion: 1.35 } }\n",
  });
  const [file, plain] = [join(home, "stack.yaml"), join(home, "plain.yaml")];
  const assume = (answers: string) => ["--assume", join(home, answers)];
  expect(await validate(file, ...assume("answers.yaml"))).toEqual({
    code: 0,
    stdout: `The settings in ${file} are valid.\n`,
    stderr: "",
  });
  expect((await validate(file)).stderr).toContain("Provide their configuration with");
  expect((await validate(file, ...assume("other.yaml"))).stderr).toContain(
    "aks-istio:cluster.apiServer: missing;",
  );
  expect((await validate(plain, ...assume("answers.yaml"))).stderr).toContain(
    "aks-istio:cluster.kubernetesVersion: missing;",
  );
});

test("warns about assumed settings for a stack without an ESC environment", async () => {
  const home = write("unused", { "answers.yaml": "environment: { aks-istio:mesh: {} }\n" });
  const answers = join(home, "answers.yaml");
  const { code, stderr } = await validate("examples/minimal.yaml", "--assume", answers);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      "warning: The stack has no ESC environment, so environment in the --assume file has no effect.\n",
  });
});

test("writes problems as SARIF and JSON, with the lines of the stack file", async () => {
  const wrong =
    '  aks-istio:tags: { azure-x: y }\n  aks-istio:cluster: { kubernetesVersion: "1.35" }\n';
  const home = write("reported", { "stack.yaml": LEAST + wrong, ".git/HEAD": "" });
  const [file, json, sarif] = ["stack.yaml", "plan.json", "plan.sarif"].map((name) =>
    join(home, name),
  ) as [string, string, string];
  const { code, stdout } = await validate(file, "--json", json, "--sarif", sarif);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  const place = (line: number, column: number) =>
    expect.objectContaining({ line, column }) as unknown;
  expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
    steps: [],
    diagnostics: [
      { severity: "error", place: place(5, 21) },
      { severity: "error", place: place(6, 3) },
    ],
  });
  const { runs } = JSON.parse(readFileSync(sarif, "utf8")) as { runs: unknown };
  expect(runs).toMatchObject([
    {
      automationDetails: { id: "aks-istio/stack/" },
      invocations: [{ executionSuccessful: false, exitCode: 2 }],
      results: [{ ruleId: "preview-failed" }, { ruleId: "preview-failed" }],
    },
  ]);
});

test("writes reports without findings if the settings are valid", async () => {
  const home = write("sound", {});
  const sarif = join(home, "plan.sarif");
  const { code, stdout } = await validate("examples/minimal.yaml", "--json", "-", "--sarif", sarif);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ steps: [], diagnostics: [] });
  expect(JSON.parse(readFileSync(sarif, "utf8"))).toMatchObject({
    runs: [{ invocations: [{ executionSuccessful: true, exitCode: 0 }], results: [] }],
  });
});
