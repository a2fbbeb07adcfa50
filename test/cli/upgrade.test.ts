import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalog } from "../../mesh/catalog.ts";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

/** A day on which every revision in the examples is supported. */
const DAY = "2026-08-24";

const write = scratch({ packages: false });
const example = (name: string) => `examples/${name}.yaml`;
const upgrade = (name: string, ...more: string[]) =>
  aksIstio(["upgrade", "--day", DAY, "--config-file", example(name), ...more]);

const CANARY = `Mesh: asm-1-29 to asm-1-30, canary
  AKS runs    asm-1-29, asm-1-30
  namespace   api: asm-1-29
  namespace   web: asm-1-30
  next: set upgrade.phase to promoted; every namespace then follows asm-1-30
    first: the workloads in web have been restarted and are healthy on asm-1-30
  back: unset canary on web to follow asm-1-29 again
`;

test("shows the state of an upgrade, with the steps forward and back", async () => {
  expect(await upgrade("upgrade-canary")).toEqual({ code: 0, stdout: CANARY, stderr: "" });
});

test("shows egress gateways, and revisions that AKS manages", async () => {
  const [egress, external] = await Promise.all([upgrade("egress"), upgrade("external-revisions")]);
  expect(egress.stdout).toBe(`Mesh: asm-1-30, no upgrade in progress
  AKS runs    asm-1-30
  namespace   egress: asm-1-30
  namespace   shop: asm-1-30
  support     until 2026-12 (expected, as of ${catalog.asOf})
  next: the release calendar of ${catalog.asOf} lists no newer revision that can follow. Ask Azure: az aks mesh get-upgrades --resource-group GROUP --name CLUSTER

Egress gateway partners: routed
  back: set phase to enabled; traffic to its hosts then no longer leaves through it
`);
  expect(external.stdout).toBe(
    "Mesh: AKS manages the revisions, and namespaces follow the newest one that runs.\n",
  );
});

test("accepts a legal step from what was deployed", async () => {
  const before = example("upgrade-prepared");
  expect(await upgrade("upgrade-canary", "--before", before)).toEqual({
    code: 0,
    stdout: `${CANARY}\nCompared with ${before}, this is a legal step: mesh.upgrade.phase.\n`,
    stderr: "",
  });
});

test("shows the upgrade options if no upgrade is in progress", async () => {
  expect(await upgrade("upgrade-before")).toEqual({
    code: 0,
    stdout: `Mesh: asm-1-29, no upgrade in progress
  AKS runs    asm-1-29
  namespace   api: asm-1-29
  namespace   web: asm-1-29
  support     until 2026-09 (expected, as of ${catalog.asOf})
  next: set upgrade to { to: asm-1-30, phase: prepared }
    asm-1-30: support until 2026-12 (expected, as of ${catalog.asOf})
`,
    stderr: "",
  });
});

test("reports that nothing changed", async () => {
  const before = example("upgrade-canary");
  expect((await upgrade("upgrade-canary", "--before", before)).stdout).toBe(
    `${CANARY}\nCompared with ${before}, no setting has changed.\n`,
  );
});

test("lists what it did not check, and prints warnings without an exit code", async () => {
  const text = readFileSync(example("upgrade-canary"), "utf8")
    .replace("aks-istio:cluster:", "aks-istio:cluster:\n    tier: Premium")
    .replace("apiServer:", "apiServer:\n      access: vnet-integrated");
  const file = join(write("changed", { "after.yaml": text }), "after.yaml");
  const before = example("upgrade-canary");
  const { code, stdout, stderr } = await aksIstio([
    "upgrade",
    "--day",
    DAY,
    "--config-file",
    file,
    "--before",
    before,
  ]);
  expect(code).toBe(0);
  expect(stdout).toBe(`${CANARY}
Compared with ${before}, this is a legal step: cluster.apiServer.access.
Changed, but not checked here: cluster.tier. Run pulumi preview to see the effect.
`);
  expect(stderr).toMatch(
    /^warning: aks-istio:cluster\.apiServer\.access: This change moves the API server into .*\n$/,
  );
});

test("prints everything as JSON", async () => {
  const legal = await upgrade("upgrade-before", "--json");
  expect(JSON.parse(legal.stdout)).toEqual({
    mesh: {
      management: "pinned",
      revision: "asm-1-29",
      phase: "none",
      revisions: ["asm-1-29"],
      labels: { api: "asm-1-29", web: "asm-1-29" },
      calendar: catalog.asOf,
      outlook: {
        current: {
          revision: "asm-1-29",
          support: { until: "2026-09", expected: true },
          kubernetes: { oldest: "1.31", newest: "1.36" },
        },
        targets: [
          {
            revision: "asm-1-30",
            support: { until: "2026-12", expected: true },
            kubernetes: { oldest: "1.32", newest: "1.36" },
          },
        ],
        blocked: [],
      },
    },
    egress: {},
  });
  const before = example("upgrade-before");
  const illegal = await upgrade("upgrade-canary", "--before", before, "--json");
  expect({ code: illegal.code, stderr: illegal.stderr }).toEqual({ code: 1, stderr: "" });
  expect((JSON.parse(illegal.stdout) as { before: unknown }).before).toEqual({
    from: before,
    newStack: false,
    legal: false,
    problems: [
      {
        severity: "error",
        path: "mesh.upgrade.phase",
        message:
          "This change starts asm-1-30 unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.",
      },
    ],
    judged: ["mesh.upgrade"],
    notJudged: [],
  });
});

test("compares with a Git revision, and recognizes a new stack", async () => {
  const project = write("project", {
    "Pulumi.yaml": readFileSync("Pulumi.yaml", "utf8"),
    "index.ts": "",
    "Pulumi.prod.yaml": readFileSync(example("upgrade-prepared"), "utf8"),
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", project, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args]);
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message=prepared");
  const canary = readFileSync(example("upgrade-canary"), "utf8");
  writeFileSync(join(project, "Pulumi.prod.yaml"), canary);
  writeFileSync(join(project, "Pulumi.next.yaml"), canary);
  const run = (stack: string) =>
    aksIstio(["upgrade", project, "--day", DAY, "-s", stack, "--before", "main"]);

  expect(await run("prod")).toEqual({
    code: 0,
    stdout: `${CANARY}\nCompared with main, this is a legal step: mesh.upgrade.phase.\n`,
    stderr: "",
  });
  expect(await run("next")).toEqual({
    code: 0,
    stdout: `${CANARY}\nmain has no file for stack next. The stack is new, so there is nothing to compare.\n`,
    stderr: "",
  });
});

test("refuses an illegal step, and names the legal one", async () => {
  expect(await upgrade("upgrade-canary", "--before", example("upgrade-before"))).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: aks-istio:mesh.upgrade.phase: This change starts asm-1-30 unprepared: its shared ConfigMap must exist first. Set upgrade.phase to prepared.\n",
  });
});

test("reports invalid settings, and shows no secret", async () => {
  const directory = write("wrong", {
    "before.yaml": "config:\n  aks-istio:gitops: { httpsKey: planted }\n",
  });
  const { code, stderr } = await upgrade("upgrade-canary", "--before", `${directory}/before.yaml`);
  expect(code).toBe(2);
  expect(stderr).toContain(
    `before.yaml cannot be used:\n  ${directory}/before.yaml:1: aks-istio:access.administrators: missing`,
  );
  expect(stderr).not.toContain("planted");
});

test("reads stacks with an ESC environment, with assumed values", async () => {
  const text = readFileSync(example("upgrade-canary"), "utf8");
  const [, mesh = ""] = /\n( {2}aks-istio:mesh:\n(?: {4}.*\n)+)/.exec(text) ?? [];
  const home = write("environment", {
    "stack.yaml": `environment: [acme/prod]\n${text.replace(mesh, "")}`,
    "answers.yaml": `environment:\n${mesh}`,
  });
  const [file, answers] = [join(home, "stack.yaml"), join(home, "answers.yaml")];
  const args = [
    "upgrade",
    "--day",
    DAY,
    "--config-file",
    file,
    "--before",
    file,
    "--assume",
    answers,
  ];
  expect(await aksIstio(args)).toEqual({
    code: 0,
    stdout: `${CANARY}\nCompared with ${file}, no setting has changed.\n`,
    stderr: "",
  });
});
