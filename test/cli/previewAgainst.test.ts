import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { aksIstio } from "../support/command.ts";
import { commitAll, git } from "../support/gitRepository.ts";
import { javascript, policyPack, scratch } from "../support/programs.ts";
import type { Files } from "../support/programs.ts";
import { PASSPHRASE, SALT, encrypted } from "../support/secrets.ts";

const write = scratch();

/** A program whose stack has a group, a key for each name in its settings, and the directory of its files. */
const SOURCE = `
const config = new pulumi.Config();
const group = new Resource("a:b:Group", "group", {
  size: config.requireNumber("size"), directory: __dirname, token: config.getSecret("token"),
}, { replaceOnChanges: ["size"] });
for (const name of config.requireObject("keys")) new Resource("a:b:Key", name, { group: group.id });
`;

const LIMIT = `{
  name: "size-limit", description: "A group is small.", enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type === "a:b:Group" && props.size > 2) report("Its size is " + props.size + ".");
  },
}`;

const settings = (size: number, keys: readonly string[], more = "") =>
  `config:\n  shop:size: ${size}\n  shop:keys: ${JSON.stringify(keys)}\n${more}`;

const BEFORE: Files = {
  ...javascript("shop", SOURCE),
  "Pulumi.dev.yaml": settings(1, ["a", "b"]),
};

/** A repository whose branch main has the files, and whose working tree has others, not committed. */
function repository(name: string, before: Files, after: Files): string {
  const directory = realpathSync(write(name, before));
  commitAll(directory);
  put(directory, after);
  return directory;
}

function put(directory: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

const pack = write("limit", policyPack("limits", LIMIT));
const PACK = ["--policy-pack", pack];
const NO_PACK = ["--no-policy-pack"];
const untimed = (text: string) => text.replace(/Time {7}.*\n$/, "");

test("a revision is compared with the working tree, and the repository stays as it is", async () => {
  const directory = repository("compared", BEFORE, {
    "Pulumi.dev.yaml": settings(3, ["b", "c"]),
  });
  const temporary = write("compared-temporary", {});
  const reports = [
    "--json",
    join(temporary, "plan.json"),
    "--markdown",
    join(temporary, "plan.md"),
  ];
  const { code, stdout, stderr } = await aksIstio(
    ["preview", directory, ...PACK, "--against", "main", ...reports],
    { TMPDIR: temporary },
  );
  const hash = git(directory, "rev-parse", "main").trim();
  expect(code).toBe(1);
  expect(stderr).toBe("Starting the program and the policy packs\nPlanned 4 resources\n");
  expect(untimed(stdout)).toBe(`Preview of shop, stack dev  (offline, first deployment)

Change  compared with main (${hash.slice(0, 10)})
 -  Key a
 +  Key c (index.js:10)
 ~  Group group (index.js:7)
        - size: 1
        + size: 3
        ! may replace the resource: replaceOnChanges names size

New findings  1
    mandatory  size-limit  Group group (index.js:7)

Stops the deployment  1 finding of 1 rule
    mandatory  size-limit
        A group is small.
        - Group group (index.js:7)
          Its size is 3.

Resources  4 to create
Change     1 added, 1 removed, 1 changed; 1 mandatory and 0 advisory violations are new
Policies   limits 1.2.3 (1 policies): 1 mandatory and 0 advisory violations
`);
  expect(readFileSync(join(temporary, "plan.md"), "utf8")).toMatch(
    /^## ❌ Preview of `shop`, stack `dev`\n\nCompared with `main \(\w{10}\)`:\n/,
  );
  const urn = (type: string, name: string) => `urn:pulumi:dev::shop::a:b:${type}::${name}`;
  expect(JSON.parse(readFileSync(join(temporary, "plan.json"), "utf8"))).toMatchObject({
    change: {
      against: { name: "main", commit: hash },
      notes: [],
      added: [{ urn: urn("Key", "c"), type: "a:b:Key" }],
      removed: [{ urn: urn("Key", "a"), type: "a:b:Key" }],
      changed: [
        {
          urn: urn("Group", "group"),
          properties: [
            { path: "size", before: 1, after: 3, mayReplace: "replaceOnChanges names size" },
          ],
        },
      ],
      mayHaveChanged: [],
      policyViolations: {
        begin: [{ policy: "size-limit", urn: urn("Group", "group") }],
        cease: [],
      },
      notJudged: { begin: [], cease: [] },
    },
  });
  expect(git(directory, "status", "--porcelain")).toBe(" M Pulumi.dev.yaml\n");
  expect(git(directory, "worktree", "list").trim().split("\n")).toHaveLength(1);
  // The SDK has a cache of its own there.
  expect(readdirSync(temporary).filter((name) => name.startsWith("aks-istio"))).toEqual([]);
});

test("the same state has no change, wherever the project is in its repository", async () => {
  const directory = repository(
    "same",
    Object.fromEntries(Object.entries(BEFORE).map(([path, text]) => [`infra/dev/${path}`, text])),
    {},
  );
  const { code, stdout } = await aksIstio([
    ...["preview", join(directory, "infra/dev"), ...NO_PACK, "--against", "HEAD"],
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain("\n    Nothing changes.\n");
  expect(stdout).toContain("\nChange     0 added, 0 removed, 0 changed; ");
});

describe("--new-only", () => {
  const args = (directory: string) => ["preview", directory, ...PACK, "--against", "main"];

  test("passes if every violation is an old one", async () => {
    const directory = repository(
      "old",
      { ...BEFORE, "Pulumi.dev.yaml": settings(3, []) },
      { "Pulumi.dev.yaml": settings(3, ["a"]) },
    );
    const [all, onlyNew] = await Promise.all([
      aksIstio(args(directory)),
      aksIstio([...args(directory), "--new-only", "--markdown", join(directory, "plan.md")]),
    ]);
    expect([all.code, onlyNew.code]).toEqual([1, 0]);
    expect(onlyNew.stdout).toContain("are new, and only these count\n");
    expect(readFileSync(join(directory, "plan.md"), "utf8")).toMatch(
      /^## ✅ [^]*\n1 finding that stops the deployment is not new, so with `--new-only` it does not count\./,
    );
  });

  test("fails if a violation is new", async () => {
    const directory = repository("new", BEFORE, { "Pulumi.dev.yaml": settings(3, []) });
    expect((await aksIstio([...args(directory), "--new-only"])).code).toBe(1);
  });

  test("says that it needs something to compare with", async () => {
    const { code, stderr } = await aksIstio(["preview", "--new-only"]);
    expect(code).toBe(2);
    expect(stderr).toBe("--new-only requires --against, which says what is new.\n");
  });
});

describe("a written plan", () => {
  const secrets = (token: string) => ({
    "Pulumi.dev.yaml": `encryptionsalt: ${SALT}\n${settings(1, [], `  shop:token: { secure: ${encrypted(token)} }\n`)}`,
  });
  const env = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };

  test("is compared without Git, and its secrets may have changed", async () => {
    const directory = write("written", { ...BEFORE, ...secrets("hunter2-old") });
    const file = join(directory, "plan.json");
    await aksIstio(["preview", directory, ...NO_PACK, "--json", file], env);
    put(directory, secrets("hunter2-new"));
    const { code, stdout } = await aksIstio(
      ["preview", directory, ...NO_PACK, "--against", file],
      env,
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      "    Nothing changes.\n    1 secret may have changed: the file does not contain secrets, so they could not be compared.\n",
    );
    expect(stdout).not.toContain("hunter2");
  });

  test("of another stack is refused", async () => {
    const directory = write("another", { ...BEFORE, "Pulumi.prod.yaml": settings(1, []) });
    const file = join(directory, "plan.json");
    await aksIstio(["preview", directory, ...NO_PACK, "--stack", "dev", "--json", file]);
    const { code, stderr } = await aksIstio([
      ...["preview", directory, ...NO_PACK, "--stack", "prod", "--against", file],
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      " is the plan of the stack dev of shop, and cannot be compared with the stack prod of shop. ",
    );
  });

  test("a secret that changes between revisions is said to, without either value", async () => {
    const directory = repository(
      "secrets",
      { ...BEFORE, ...secrets("hunter2-old") },
      secrets("hunter2-new"),
    );
    const { stdout } = await aksIstio(["preview", directory, ...NO_PACK, "--against", "main"], env);
    expect(stdout).toContain("          token: changes, and is secret\n");
    expect(stdout).not.toContain("hunter2");
  });
});

describe("what did not exist yet is added", () => {
  test("a stack", async () => {
    const directory = repository("new-stack", BEFORE, { "Pulumi.next.yaml": settings(1, ["a"]) });
    const { code, stdout } = await aksIstio([
      ...["preview", directory, ...NO_PACK, "--stack", "next", "--against", "main"],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "main does not have the file of the stack next, so everything is added.",
    );
    expect(stdout).toContain("\nChange     3 added, 0 removed, 0 changed; ");
  });

  test("a project", async () => {
    const directory = repository("new-project", { "README.md": "" }, BEFORE);
    const { stdout } = await aksIstio(["preview", directory, ...NO_PACK, "--against", "main"]);
    expect(stdout).toContain("main does not have this project, so everything is added.");
    expect(stdout).toContain("\nChange     4 added, 0 removed, 0 changed; ");
  });
});

describe("an earlier state that does not run", () => {
  test("ends with exit code 2 and a report that says which side it is", async () => {
    const directory = repository(
      "broken",
      { ...BEFORE, "index.js": 'throw new Error("Out of order.");\n' },
      { "index.js": BEFORE["index.js"] ?? "" },
    );
    const markdown = join(directory, "plan.md");
    const { code, stdout, stderr } = await aksIstio([
      ...["preview", directory, ...NO_PACK, "--against", "main", "--markdown", markdown],
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/--against main cannot be previewed: [^]*Out of order\./);
    expect(readFileSync(markdown, "utf8")).toContain("--against main cannot be previewed: ");
  });

  test("does not point at lines of the current stack file", async () => {
    const directory = repository(
      "misconfigured",
      { ...BEFORE, "Pulumi.dev.yaml": "config:\n  shop:keys: 1\n" },
      { "Pulumi.dev.yaml": settings(1, []) },
    );
    const { code, stderr } = await aksIstio([
      ...["preview", directory, ...NO_PACK, "--against", "main"],
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--against main cannot be previewed: [^]*shop:size/);
    expect(stderr).not.toContain("Pulumi.dev.yaml:");
  });

  test("or does not exist is found out before anything runs", async () => {
    const directory = repository("unknown", BEFORE, {});
    const { code, stderr } = await aksIstio(["preview", directory, "--against", "mian"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `--against mian is neither a file nor a Git revision in ${directory}. Check the spelling.\n`,
    );
    expect(stderr).not.toContain("Planned");
  });
});

test("a policy pack in the repository that has changed, too, is named", async () => {
  const directory = repository(
    "pack",
    { ...BEFORE, ...prefixed("policies", policyPack("limits", LIMIT)) },
    prefixed("policies", policyPack("limits", LIMIT.replace("> 2", "> 0"))),
  );
  const { stdout } = await aksIstio([
    ...["preview", directory, "--policy-pack", join(directory, "policies"), "--against", "main"],
  ]);
  expect(stdout).toContain(
    "\n    The policy pack policies has changed, too. The current one judges both plans.\n",
  );
  // It is broken on both sides.
  expect(stdout).not.toContain("New findings");
});

function prefixed(folder: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  );
}

test("the error of the current side is said while the earlier one still writes files", async () => {
  const fs = 'const fs = require("fs"), started = process.env.STARTED;\n';
  const writes =
    'for (let i = 0; ; i++) { fs.mkdirSync(`${__dirname}/d${i}`); fs.writeFileSync(started, ""); }';
  const fails = 'while (!fs.existsSync(started)); throw new Error("Now broken.");';
  const directory = repository(
    "now-broken",
    { ...BEFORE, "index.js": fs + writes },
    { "index.js": fs + fails },
  );
  const temporary = write("now-broken-temporary", {});
  const { code, stdout, stderr } = await aksIstio(
    ["preview", directory, ...NO_PACK, "--against", "main"],
    { TMPDIR: temporary, STARTED: join(directory, "started") },
  );
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^The program at \S+now-broken failed: Error: Now broken\.$/m);
  expect(stderr).not.toContain("bug");
  expect(readdirSync(temporary).filter((name) => name.startsWith("aks-istio"))).toEqual([]);
});

test("a missing directory for temporary files is named", async () => {
  const directory = repository("no-temporary", BEFORE, {});
  const { code, stderr } = await aksIstio(["preview", directory, ...NO_PACK, "--against", "main"], {
    TMPDIR: "/missing",
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /The directory \/missing for temporary files cannot be used: .* Set TMPDIR to another one\.\n/,
  );
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends both sides, and leaves no checkout", async (signal, code) => {
  const waits = "setInterval(() => undefined, 1_000);";
  const directory = repository(
    `waits-${signal}`,
    { ...BEFORE, "index.js": `require("fs").writeFileSync(process.env.STARTED, ""); ${waits}` },
    { "index.js": waits },
  );
  const temporary = write(`temporary-${signal}`, {});
  const started = join(directory, "started");
  const command = spawn(
    process.execPath,
    ["bin/aks-istio.js", "preview", directory, ...NO_PACK, "--against", "main"],
    { stdio: "ignore", env: { ...process.env, TMPDIR: temporary, STARTED: started } },
  );
  const ended = once(command, "exit");
  await vi.waitFor(() => readFileSync(started), 60_000);
  expect(readdirSync(temporary)).toHaveLength(1);
  command.kill(signal);
  expect(await ended).toEqual([code, null]);
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(started);
});
