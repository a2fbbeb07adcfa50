import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const validate = (file: string) => aksIstio(["validate", "--config-file", file]);
const LEAST = `config:
  azure-native:location: westeurope
  aks-istio:mesh: { revision: asm-1-30 }
  aks-istio:access: { administrators: [7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42] }
`;

test("says that the settings can be used", async () => {
  const file = join(process.cwd(), "examples/production.yaml");
  expect(await validate(file)).toEqual({
    code: 0,
    stdout: `The settings in ${file} can be used.\n`,
    stderr: "",
  });
});

test("says a warning of the program's", async () => {
  const cluster = `  aks-istio:cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] }, autoUpgrade: { upgradeChannel: rapid } }\n`;
  const file = join(write("warned", { "stack.yaml": LEAST + cluster }), "stack.yaml");
  const { code, stdout, stderr } = await validate(file);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `The settings in ${file} can be used.\n` });
  expect(stderr).toMatch(
    /^warning: aks-istio:cluster\.autoUpgrade\.upgradeChannel: rapid takes the cluster .*\n$/,
  );
});

test("says all that is wrong, in the lines of the program's report", async () => {
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

test("says what Pulumi ignores and was probably meant, also beside what is wrong", async () => {
  const typo = `konfig: {}\n${LEAST}  aksistio:cluster: {}\n`;
  const file = join(write("typo", { "stack.yaml": typo }), "stack.yaml");
  const hints = [
    `${file}:6:3: aksistio:cluster: is no setting of this project, whose keys begin with aks-istio:; did you mean aks-istio:cluster?`,
    `${file}: konfig: Pulumi ignores a section of this name; did you mean config?`,
  ];
  expect((await validate(file)).stderr.trimEnd().split("\n").slice(-2)).toEqual(
    hints.map((hint) => `  ${hint}`),
  );
});
