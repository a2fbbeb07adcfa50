import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import type { Outcome } from "../support/command.ts";
import { javascript, pack, policyPack, scratch } from "../support/programs.ts";
import { PASSPHRASE, SALT, encrypted } from "../support/secrets.ts";

const write = scratch();

const SOURCE = `
const group = new Resource("azure-native:resources:ResourceGroup", "group", { tags: { team: "us" } });
const site = new Component("my:index:Site", "site");
new Resource("azure-native:containerservice:ManagedCluster", "cluster", {
  agentPoolProfiles: [{ name: "system", count: 3 }], group: group.id,
}, { parent: site });
module.exports = { size: 3, id: group.id };
`;
const shop = write("shop", javascript("shop", SOURCE));
const PACK = ["--policy-pack", pack("advisory-pack")];

describe("a preview with violations", () => {
  const json = join(shop, "plan.json");
  const markdown = join(shop, "plan.md");
  const sarif = join(shop, "plan.sarif");
  const junit = join(shop, "plan.xml");
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await aksIstio([
      ...["preview", shop, ...PACK, "--json", json, "--markdown", markdown],
      ...["--sarif", sarif, "--junit", junit],
    ]);
  });

  test("exits with 1", () => {
    expect(outcome.code).toBe(1);
  });

  test("prints the plan to stdout, without colours if it is not a terminal", () => {
    expect(outcome.stdout.replace(/\d+\.\d s\n$/, "N s\n"))
      .toBe(`Preview of shop, stack dev  (offline, first deployment)

    Type                                                Name      Plan
 +  pulumi:pulumi:Stack                                 shop-dev  create
 +  ├─ azure-native:resources:ResourceGroup             group     create
 +  └─ my:index:Site                                    site      create
 +     └─ azure-native:containerservice:ManagedCluster  cluster   create

Outputs
    id: [unknown]
    size: 3

Advice  1 finding of 1 rule; show all with --details
    group-has-owner  low         1  ResourceGroup group (index.js:6)

Stops the deployment  1 finding of 1 rule
    mandatory  cluster-size (high)
        A cluster keeps within its budget.
        - ManagedCluster cluster (index.js:8)
          Pool system has 3 nodes; at most 2 are allowed.
        Fix: Lower the count of the pool.
        https://learn.microsoft.com/azure/aks/scale-cluster

Resources  4 to create
Policies   advisory-pack 1.0.0 (4 policies): 1 mandatory and 1 advisory violations
Time       N s
`);
  });

  test("shows its progress on stderr, line by line", () => {
    expect(outcome.stderr).toBe("Starting the program and the policy packs\nPlanned 4 resources\n");
  });

  test("writes its reports", () => {
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({
      changeSummary: { create: 4 },
      policyViolations: [{ policy: "cluster-size" }, { policy: "group-has-owner" }],
    });
    expect(readFileSync(markdown, "utf8")).toMatch(/^## ❌ Preview of `shop`, stack `dev`\n/);
    expect(readFileSync(junit, "utf8")).toContain(
      '<testsuite name="advisory-pack" tests="4" failures="1" skipped="0" errors="0">',
    );
    // The program is in no repository.
    expect(JSON.parse(readFileSync(sarif, "utf8"))).toMatchObject({
      runs: [
        {
          tool: { driver: { name: "advisory-pack", version: "1.0.0" } },
          results: [
            {
              ruleId: "cluster-size",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "index.js" },
                    region: { startLine: 8 },
                  },
                },
              ],
            },
            { ruleId: "group-has-owner" },
          ],
        },
      ],
    });
  });
});

test.concurrent("several packs each have a configuration; advice alone exits with 0", async () => {
  const second = write(
    "second",
    policyPack("second", '{ name: "quiet", description: "d", validateResource: () => undefined }'),
  );
  const settings = write("settings", {
    "first.json": '{"cluster-size": {"maxNodes": 3}}',
    "second.json": '{"quiet": "disabled"}',
  });
  const { code, stdout } = await aksIstio([
    ...["preview", shop],
    ...[...PACK, "--policy-pack-config", join(settings, "first.json")],
    ...["--policy-pack", second, "--policy-pack-config", join(settings, "second.json")],
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "\nPolicies   advisory-pack 1.0.0 (4 policies), second 1.2.3 (0 policies): 0 mandatory and 1 advisory violations\n",
  );
});

test.concurrent("--json - prints nothing else to stdout", async () => {
  const { code, stdout } = await aksIstio(["preview", shop, "--no-policy-pack", "--json", "-"]);
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual([
    "config",
    "steps",
    "diagnostics",
    "changeSummary",
    "contents",
    "policyViolations",
    "policyRemediations",
    "notJudged",
    "judgement",
  ]);
});

test.concurrent("--markdown - prints nothing else to stdout", async () => {
  const { stdout } = await aksIstio(["preview", shop, "--no-policy-pack", "--markdown", "-"]);
  expect(stdout).toMatch(/^## ✅ Preview of `shop`, stack `dev`\n[^]*first deployment: .*_\n$/);
});

test.concurrent(
  "--sarif - prints nothing else to stdout, with paths relative to the repository root",
  async () => {
    const directory = write("checkout", {
      ".git/HEAD": "",
      ...Object.fromEntries(
        Object.entries(javascript("shop", SOURCE)).map(([file, text]) => [`deploy/${file}`, text]),
      ),
    });
    const { stdout } = await aksIstio([
      ...["preview", join(directory, "deploy"), ...PACK, "--sarif", "-"],
    ]);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(["$schema", "version", "runs"]);
    expect([...stdout.matchAll(/"uri": "(.*)"/g)].map(([, uri]) => uri)).toEqual([
      "deploy/index.js",
      "deploy/index.js",
    ]);
  },
);

test.concurrent("--junit - prints nothing else to stdout", async () => {
  const { stdout } = await aksIstio(["preview", shop, "--no-policy-pack", "--junit", "-"]);
  expect(stdout).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="shop/dev" tests="0" failures="0" skipped="0" errors="0"/>\n`,
  );
});

test.concurrent("--details prints advice in full", async () => {
  const { stdout } = await aksIstio(["preview", shop, ...PACK, "--details"]);
  expect(stdout).toContain(`
Advice  1 finding of 1 rule
    advisory  group-has-owner (low)
        A resource group names its owner.
        - ResourceGroup group (index.js:6)
          The tag owner is missing.

Stops`);
});

test.concurrent("--require-judged exits with 1 if something was not judged", async () => {
  const blind = write(
    "blind",
    policyPack(
      "blind",
      '{ name: "coverage", description: "d", tags: ["not-judged"], enforcementLevel: "advisory",' +
        ' validateStack: (_, report) => { report("Nothing is known of it."); } }',
    ),
  );
  const args = ["preview", shop, "--policy-pack", blind];
  const [without, required] = await Promise.all([
    aksIstio(args),
    aksIstio([...args, "--require-judged"]),
  ]);
  expect([without.code, required.code]).toEqual([0, 1]);
  expect(without.stdout).toContain(
    "\nNot judged  1\n    the stack\n        Nothing is known of it.\n",
  );
  expect(without.stdout).toContain(": 0 mandatory and 0 advisory violations, 1 not judged\n");
  expect(required.stdout).toContain("\nNot judged  1, which stops the deployment\n");
});

describe("a preview that fails", () => {
  const flags = ["--json", "--markdown", "--sarif", "--junit"];

  async function reportsOf(directory: string): Promise<{ outcome: Outcome; texts: string[] }> {
    const files = flags.map((flag) => join(directory, `plan${flag}`));
    const outcome = await aksIstio([
      ...["preview", directory, "--no-policy-pack"],
      ...flags.flatMap((flag, i) => [flag, files[i] ?? ""]),
    ]);
    return { outcome, texts: files.map((file) => readFileSync(file, "utf8")) };
  }

  test.concurrent("because of its stack file writes every report, with the line", async () => {
    const directory = write("misconfigured", {
      ...javascript("misconfigured", "", "config:\n  port: { type: integer }\n"),
      "Pulumi.dev.yaml": "config:\n  misconfigured:port: three\n",
      ".git/HEAD": "",
    });
    const { outcome, texts } = await reportsOf(directory);
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toMatch(
      /Pulumi\.dev\.yaml:2:3: misconfigured:port: must be of type integer/,
    );
    const [json = "", markdown, sarif = "", junit] = texts;
    expect(JSON.parse(json)).toMatchObject({
      diagnostics: [{ severity: "error", place: { file: "Pulumi.dev.yaml", line: 2, column: 3 } }],
    });
    expect(markdown).toMatch(
      /^## ❌ Preview of `misconfigured`, stack `dev`\n[^]*\*\*Pulumi\.dev\.yaml:2\*\*/,
    );
    expect(JSON.parse(sarif)).toMatchObject({
      runs: [
        {
          automationDetails: { id: "misconfigured/dev/" },
          results: [
            {
              ruleId: "preview-failed",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "Pulumi.dev.yaml" },
                    region: { startLine: 2, startColumn: 3 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(junit).toContain('file="Pulumi.dev.yaml" line="2">\n<error message="');
  });

  test.concurrent(
    "because of its program writes every report, with the lines of the settings that it names",
    async () => {
      const directory = write("refusing", {
        ...javascript(
          "refusing",
          'throw new pulumi.RunError("The settings cannot be used:\\n  refusing:a.b: is odd\\n  refusing:c: missing");',
        ),
        "Pulumi.dev.yaml": "config:\n  refusing:a:\n    b: 1\n",
      });
      const { outcome, texts } = await reportsOf(directory);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain(
        "The settings cannot be used:\n  Pulumi.dev.yaml:1: refusing:c: missing\n  Pulumi.dev.yaml:3: refusing:a.b: is odd\n",
      );
      expect(JSON.parse(texts[0] ?? "")).toMatchObject({
        diagnostics: [
          { message: "refusing:c: missing", place: { line: 1, column: 1 } },
          { message: "refusing:a.b: is odd", place: { line: 3, column: 5 } },
        ],
      });
    },
  );

  test.concurrent("because of its project file writes every report", async () => {
    const directory = write("no-project", { "Pulumi.yaml": "name: [\n" });
    const { outcome, texts } = await reportsOf(directory);
    expect(outcome.code).toBe(2);
    expect(texts[1]).toMatch(
      /^## ❌ Preview of `no-project`, stack `dev`\n[^]*\*\*Pulumi\.yaml:2\*\*: a \\\] is missing,/,
    );
  });

  test.concurrent("prints nothing that a terminal or a CI system interprets", async () => {
    const directory = write("hostile", {
      ...javascript("hostile", ""),
      "Pulumi.dev.yaml": 'config:\n  "bare\\n##[error]x\\e[2J:b:c": 1\n',
    });
    const { code, stderr } = await aksIstio(["preview", directory, "--no-policy-pack"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      ": bare\n\\x23#[error]x\\x1b[2J:b:c: is not a valid configuration key",
    );
    expect(stderr).not.toMatch(/\u001b|^\s*::|##\[/m);
  });
});

test("survives a reader that closes the pipe early", () => {
  const many = write(
    "many",
    javascript("many", `for (let i = 0; i < 20_000; i++) console.log("line " + i);`),
  );
  const command = `"${process.execPath}" bin/aks-istio.js preview "${many}" --no-policy-pack | head -n 1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect(stdout).toBe("Preview of many, stack dev  (offline, first deployment)\n");
  expect(stderr).toBe("Starting the program and the policy packs\nPlanned 1 resource\n");
});

describe("help", () => {
  test.concurrent.each([[["--help"]], [["help"]]])("%j lists the commands", async (args) => {
    const { code, stdout, stderr } = await aksIstio(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: aks-istio \[options\] \[command\]\n[^]* preview [^]* render /);
  });

  test.concurrent.each([
    [
      "preview",
      [
        "--stack",
        "--config-file",
        "--assume",
        "--policy-pack",
        "--no-policy-pack",
        "--policy-pack-config",
        "--policy-timeout",
        "--gitops",
        "--against",
        "--new-only",
        "--require-judged",
        "--details",
        "--json",
        "--markdown",
        "--sarif",
        "--junit",
        "--html",
        "--help",
      ],
    ],
    [
      "render",
      [
        "--stack",
        "--config-file",
        "--assume",
        "--policy-pack",
        "--policy-pack-config",
        "--allow-incomplete",
        "--out",
        "--help",
      ],
    ],
  ])("%s --help lists its options, once", async (command, options) => {
    const { code, stdout } = await aksIstio([command, "--help"]);
    expect(code).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}(?:-., )?(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(listed).toEqual(options);
  });
});

test("planted secrets appear nowhere", async () => {
  const planted = ["hunter2-text", "hunter2-nested", "hunter2-made", "hunter2-object"];
  const directory = write("secrets", {
    ...javascript(
      "secrets",
      `
const config = new pulumi.Config();
const token = config.requireSecret("token");
const database = config.requireSecretObject("database");
const provider = new pulumi.ProviderResource("kubernetes", "cluster", { kubeconfig: token });
const made = pulumi.secret("hunter2-made");
new Resource("kubernetes:core/v1:Secret", "secret", {
  apiVersion: "v1", kind: "Secret", metadata: { name: pulumi.interpolate\`name-\${made}\` },
  stringData: { token, password: database.apply(({ password }) => password) },
}, { provider });
new Resource("azure-native:resources:ResourceGroup", "group", { tags: { token, deep: [{ made }] } });
new Component("my:index:Site", "site", { token });
module.exports = { token, database, deep: { list: [made] }, length: token.apply(({ length }) => length) };
`,
      "config:\n  port: { type: integer, default: 1 }\n",
    ),
    "Pulumi.dev.yaml": `encryptionsalt: ${SALT}
config:
  secrets:token: { secure: ${encrypted("hunter2-text")} }
  secrets:database: { user: u, password: { secure: ${encrypted("hunter2-nested")} } }
`,
    "Pulumi.wrong.yaml": `encryptionsalt: ${SALT}
config:
  secrets:port: { secure: ${encrypted("hunter2-object")} }
`,
  });
  const env = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
  const flags = ["--json", "--markdown", "--sarif", "--junit"];
  const files = flags.map((flag) => join(directory, `plan${flag}`));
  const out = join(directory, "manifests");
  const outcomes = await Promise.all([
    aksIstio(
      [
        ...["preview", directory, "-s", "dev", ...PACK],
        ...flags.flatMap((flag, i) => [flag, files[i] ?? ""]),
      ],
      env,
    ),
    aksIstio(["render", directory, "-s", "dev", "--allow-incomplete", "--out", out], env),
    aksIstio(["render", directory, "-s", "dev", "--out", `${out}-refused`], env),
    aksIstio(["preview", directory, "-s", "wrong"], env),
  ]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 2, 2]);
  const manifest = readFileSync(join(out, "1-secret.yaml"), "utf8");
  const texts = [
    ...outcomes.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...files.map((file) => readFileSync(file, "utf8")),
    manifest,
  ];
  for (const secret of planted) {
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  }
  // The values would be there: their replacement is.
  expect(outcomes[0].stdout).toContain('token: "[secret]"');
  expect(outcomes[3].stderr).toContain("secrets:port: must be of type integer, but is a string");
  expect(manifest).toContain('stringData: "[secret]"\n');
});
