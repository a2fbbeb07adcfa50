import { describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { javascript, pack, program, scratch } from "../support/programs.ts";
import { SALT, encrypted } from "../support/secrets.ts";

const write = scratch();

/** The command's output after the progress of a preview that did start. */
async function complaint(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await aksIstio(args, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).not.toMatch(/at .*\((node:|\/).*\)|node_modules|defect/);
  return stderr.replace(/^Starting the program and the policy packs\nPlanned \d+ resources?\n/, "");
}

describe("usage", () => {
  test.concurrent.each<[string[], string]>([
    [["previeww"], "error: unknown command 'previeww'\n(Did you mean preview?)\n"],
    [["preview", "--jsn", "x"], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
    [["preview", "--json"], "error: option '--json <file>' argument missing\n"],
    [
      ["preview", "a", "b"],
      "error: too many arguments for 'preview'. Expected 1 argument but got 2.\n",
    ],
    [
      ["preview", "", "--gitops", ".", "--gitops", "", "--policy-pack="],
      `directory "" is empty. Give it a value, or leave it out.
--policy-pack "" is empty. Give it a value, or leave it out.
--gitops "" is empty. Give it a value, or leave it out.
`,
    ],
    [["comment", ""], 'report "" is empty. Give it a value, or leave it out.\n'],
    [["explain", "request", "a", ""], 'to "" is empty. Give it a value, or leave it out.\n'],
    [["render", "a"], "error: required option '-o, --out <directory>' not specified\n"],
    [
      ["preview", "--json", "-", "--junit", "-"],
      "Only one of --json, --markdown, --sarif, --junit and --html can go to stdout. Pass a file for the others.\n",
    ],
    [
      [
        "preview",
        program("javascript"),
        "--policy-pack",
        "a",
        "--policy-pack-config",
        "b",
        "--policy-pack-config",
        "c",
      ],
      "The number of --policy-pack-config files (2) must equal the number of policy packs (1). Pass one for each --policy-pack, in the same order, or none.\n",
    ],
  ])("aks-istio %j", async (args, said) => {
    expect(await complaint(args)).toBe(said);
  });

  test.concurrent("no command prints the help", async () => {
    expect(await complaint([])).toMatch(/^Usage: aks-istio \[options\] \[command\]\n/);
  });
});

describe("a program", () => {
  const nowhere = write("nowhere", {});
  const unreadable = write("unreadable", { "Pulumi.yaml": "name: [\n" });
  const python = write("python", { "Pulumi.yaml": "name: shop\nruntime: python\n" });
  const bad = program("bad-config");

  test.concurrent.each<[string, string[], string]>([
    [
      "a directory that is not a program",
      [nowhere],
      `${nowhere} is not a Pulumi project: no Pulumi.yaml found. Pass the directory that contains one.\n`,
    ],
    [
      "a directory that does not exist",
      ["no-such-directory"],
      "no-such-directory is not a Pulumi project: no Pulumi.yaml found. Pass the directory that contains one.\n",
    ],
    [
      "unreadable YAML",
      [unreadable],
      `${unreadable}/Pulumi.yaml:2:1: a ] is missing, or this line is not indented more than the line with the opening bracket; add the ], or indent this line\n`,
    ],
    [
      "another language",
      [python],
      `${python}/Pulumi.yaml: runtime python is not supported; only nodejs programs run offline.\n`,
    ],
    [
      "a stack without a file",
      [bad, "--stack", "prod"],
      `Stack prod has no Pulumi.prod.yaml in ${bad}. Use --stack with one of: dev.\n`,
    ],
    [
      "a stack file that does not exist",
      [bad, "--config-file", `${nowhere}/none.yaml`],
      `${nowhere}/none.yaml cannot be read: ENOENT: no such file or directory, open '${nowhere}/none.yaml'\n`,
    ],
    [
      "several wrong settings, in one report",
      [bad],
      `${bad}/Pulumi.dev.yaml:1:1: bad-config:owner: is required; ${bad}/Pulumi.yaml declares it without a default.\n` +
        `${bad}/Pulumi.dev.yaml:3:3: bad-config:retentionDays: must be of type integer, but is a string.\n`,
    ],
    [
      "invalid assumptions",
      [program("javascript"), "--assume", `${python}/Pulumi.yaml`],
      `${python}/Pulumi.yaml: has no name, runtime; an answers file `,
    ],
    [
      "a program with a syntax error",
      [program("syntax-error"), "--no-policy-pack"],
      `The program at ${program("syntax-error")} failed: SyntaxError: Error transforming index.ts: Unexpected token, expected "," (3:52)\n`,
    ],
    [
      "a program that throws, with the position in its own file",
      [program("throws"), "--no-policy-pack"],
      `The program at ${program("throws")} failed: Error: the archive has no owner\n    at index.ts:5:7\n`,
    ],
    [
      "a pack that does not start",
      [program("no-exports-empty"), "--policy-pack", pack("broken-pack")],
      `The policy pack at ${pack("broken-pack")} did not start (exit code 32): Error: the list of allowed regions is missing\n    at index.js:3:7\n`,
    ],
    [
      "a directory that is not a pack",
      [program("no-exports-empty"), "--policy-pack", nowhere],
      `${nowhere} is not a policy pack: no PulumiPolicy.yaml found. Pass the directory that contains one.\n`,
    ],
    [
      "invalid policy configuration",
      [
        program("javascript"),
        "--policy-pack",
        nowhere,
        "--policy-pack-config",
        `${python}/Pulumi.yaml`,
      ],
      `${python}/Pulumi.yaml is not valid JSON: Unexpected token 'a', "name: shop`,
    ],
  ])("%s", async (_, args, said) => {
    expect((await complaint(["preview", ...args])).slice(0, said.length)).toBe(said);
  });

  test.concurrent("settings that this project's own program refuses, in one report", async () => {
    const directory = write("settings", {
      "Pulumi.dev.yaml": `config:
  azure-native:location: westeurope
  aks-istio:cluster: { kubernetesVersion: "1.30", nodeCont: 3 }
  aks-istio:mesh: { revision: asm-1-30 }
  aks-istio:namespaces: { Shop_1: {} }
  aks-istio:meshes: {}
`,
    });
    const file = `${directory}/Pulumi.dev.yaml`;
    const said = await complaint(["preview", "--no-policy-pack", "--config-file", file]);
    const [head, ...lines] = said.trimEnd().split("\n");
    expect(head).toMatch(
      /^The program at \/.* failed: The settings of the stack "dev" cannot be used:$/,
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^ {2}\S*Pulumi\.dev\.yaml:3: aks-istio:cluster\.nodeCont: no such setting; .*supportPlan/,
        ),
        expect.stringMatching(
          /^ {2}\S*Pulumi\.dev\.yaml:4: aks-istio:mesh\.revision: found "asm-1-30"; .*Kubernetes 1\.30/,
        ),
        expect.stringMatching(
          /^ {2}\S*Pulumi\.dev\.yaml:6: aks-istio:meshes: no such setting; did you mean mesh\?$/,
        ),
        expect.stringMatching(
          /^ {2}\S*Pulumi\.dev\.yaml:5: aks-istio:namespaces\.Shop_1: .*lowercase/,
        ),
      ]),
    );
  });

  test.concurrent("a passphrase that is not the stack's", async () => {
    const directory = write("locked", {
      ...javascript("locked", ""),
      "Pulumi.dev.yaml": `encryptionsalt: ${SALT}\nconfig:\n  locked:token:\n    secure: ${encrypted("hunter2")}\n`,
    });
    expect(await complaint(["preview", directory], { PULUMI_CONFIG_PASSPHRASE: "guess" })).toBe(
      "PULUMI_CONFIG_PASSPHRASE is not the passphrase of this stack. Set the correct one, or unset it to preview with unknown secrets.\n",
    );
  });
});

describe("an output path", () => {
  const directory = write("occupied", { "notes.txt": "mine" });

  test.concurrent("a report that cannot be written", async () => {
    const file = `${directory}/notes.txt/plan.json`;
    expect(
      await complaint(["preview", program("no-exports-empty"), "--no-policy-pack", "--json", file]),
    ).toBe(`${file} cannot be written: ENOTDIR: not a directory, stat '${file}'\n`);
  });

  test.concurrent("a directory with other files", async () => {
    expect(await complaint(["render", program("no-exports-empty"), "--out", directory])).toBe(
      `${directory} is not empty and was not written by \`aks-istio render\`. Pass another directory with --out.\n`,
    );
  });

  test.concurrent("a directory that is a file", async () => {
    const file = `${directory}/notes.txt`;
    expect(await complaint(["render", program("no-exports-empty"), "--out", file])).toBe(
      `${file} cannot be written: ENOTDIR: not a directory, scandir '${file}'\n`,
    );
  });
});
