import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { PolicyViolation } from "../../offline/plan/plan.ts";
import { aksIstio } from "../support/command.ts";
import { program } from "../support/programs.ts";
import type { Files } from "../support/programs.ts";
import { dependencies, devDependencies } from "../../package.json";
import { FOREIGN_PACK, LIBRARY_USER } from "./harness/users.ts";
import { filesOf, run } from "./harness/tarballs.ts";

// A user's folders, into which npm installs the tarballs, and everything else from the registry.
const directory = mkdtempSync(join(tmpdir(), "installed-"));
const tarballs = inject("tarballs");
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A folder with nothing but these files. */
function folder(name: string, files: Files): string {
  const home = join(directory, name);
  for (const [path, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return home;
}

const INSTALL = ["npm", "install", "--save-dev", "--ignore-scripts", "--no-audit", "--no-fund"];

/** Installs packages of this project from their tarballs, and others in the version that it is tested with. */
function install(home: string, own: readonly string[], others: readonly Tested[] = []): void {
  const versions = { ...dependencies, ...devDependencies };
  const packages = [
    ...own.map((name) => tarballs[name]?.file ?? ""),
    ...others.map((name) => `${name}@${versions[name]}`),
  ];
  run([...INSTALL, ...packages], home);
}

type Tested = keyof typeof dependencies | keyof typeof devDependencies;

/** Runs a command of an installed package. */
function npx(home: string, ...args: readonly string[]) {
  return spawnSync("npx", ["--no-install", ...args], { cwd: home, encoding: "utf8" });
}

describe("pulumi-offline alone", () => {
  const home = folder("pack", FOREIGN_PACK);
  beforeAll(() => {
    install(home, ["pulumi-offline"]);
  });

  test("takes less than 30 MB with everything that it needs, which is no SDK of Pulumi or Azure", () => {
    const modules = join(home, "node_modules");
    const bytes = filesOf(modules).reduce(
      (sum, file) => sum + statSync(join(modules, file)).size,
      0,
    );
    expect(bytes).toBeLessThan(30_000_000);
    expect(readdirSync(modules).filter((name) => /^@(pulumi|azure)$/.test(name))).toEqual([]);
  });

  test("tests the pack of somebody else, with types", () => {
    install(home, [], ["@pulumi/policy", "@pulumi/pulumi", "@types/node", "typescript", "vitest"]);
    const { stdout, stderr } = npx(home, "vitest", "run");
    expect(stdout + stderr).toMatch(/Tests .*2 passed/);
    expect(npx(home, "tsc", "--noEmit")).toMatchObject({ stdout: "", status: 0 });
  });
});

describe("all packages", () => {
  const home = folder("user", LIBRARY_USER);
  beforeAll(() => {
    install(home, Object.keys(tarballs), ["@types/node", "typescript"]);
    cpSync(program("own-program"), join(home, "own-program"), { recursive: true });
  });

  test("preview a program with the findings of the checkout", async () => {
    const args = ["preview", "--json", "-"];
    const there = await aksIstio([...args, program("own-program")]);
    const offline = ["pulumi-offline", ...args, "--policy-pack", "node_modules/aks-istio-policies"];
    for (const command of [offline, ["aks-istio", ...args]]) {
      const { status, stdout } = npx(home, ...command, "own-program");
      expect(findingsIn(stdout)).toEqual(findingsIn(there.stdout));
      expect(status).toBe(1);
    }
  });

  test("share one copy of Pulumi's SDK", () => {
    const copies = filesOf(join(home, "node_modules")).filter((file) =>
      file.endsWith("@pulumi/pulumi/package.json"),
    );
    expect(copies).toEqual(["@pulumi/pulumi/package.json"]);
  });

  test.each([
    ["nodenext", []],
    // As programs of older templates of Pulumi have it.
    ["node", ["--module", "commonjs", "--moduleResolution", "node", "--ignoreDeprecations", "6.0"]],
  ])("are a library whose types compile with the module resolution %s", (_, args) => {
    const compiled = npx(home, "tsc", "--noEmit", "-p", "library", ...args);
    expect(compiled).toMatchObject({ stdout: "", status: 0 });
  });

  test("preview the program of the components' README", () => {
    const { stdout, status } = npx(home, "aks-istio", "preview", "library", "--no-policy-pack");
    expect(stdout).toMatch(/aks-istio:index:MeshWorkload +frontend +create/);
    expect(stdout).toContain('url: "http://frontend.shop:8080"');
    expect(status).toBe(0);
  });

  test.each([
    [["check", "--revision", "asm-1-30", "manifests"], 1, "ns-no-legacy-injection-label"],
    [["explain", "mesh-osm-conflict"], 0, "# mesh-osm-conflict"],
    [["init", "own-program"], 2, "This command only reads stacks of the aks-istio program."],
    [["inject", "-f", "manifests/shop.yaml"], 2, "--revision"],
    [["migrate-istio", "-f", "manifests", "--revision", "asm-1-30"], 1, "istio.io/rev"],
    [["migrate-osm", "-f", "manifests"], 2, "Nothing to migrate"],
    [["preflight", "own-program"], 2, "This command only reads stacks of the aks-istio program."],
    [["rehearse", "own-program"], 2, "A rehearsal requires the Pulumi CLI"],
    [["render", "own-program", "--out", "out"], 2, "Nothing was written"],
    [["revisions"], 0, "asm-1-30"],
    [["revisions", "--update", "--from", "offer.json"], 2, "offer.json"],
    [["upgrade", "own-program"], 2, "This command only reads stacks of the aks-istio program."],
    [["validate", "own-program"], 2, "This command only reads stacks of the aks-istio program."],
    [["verify", "--from", "nothing.yaml"], 2, "nothing.yaml"],
  ] as const)("run %j, or say what it needs", (args, code, text) => {
    const { status, stdout, stderr } = spawnSync(
      join(home, "node_modules/.bin/aks-istio"),
      args,
      // Without the Pulumi CLI of this machine.
      { cwd: home, encoding: "utf8", env: { PATH: dirname(process.execPath), HOME: directory } },
    );
    expect(stdout + stderr).toContain(text);
    expect([stderr, status]).toEqual([expect.not.stringContaining("This is a bug"), code]);
  });

  test("include a pack that pulumi policy publish packs again, completely", () => {
    const pack = join(home, "node_modules/aks-istio-policies");
    const [{ files = [] } = {}] = JSON.parse(
      run(["npm", "pack", "--dry-run", "--json"], pack),
    ) as readonly { readonly files?: readonly { readonly path: string }[] }[];
    expect(files.map(({ path }) => path).sort()).toEqual([...filesOf(pack)].sort());
  });
});

/** The findings in a plan, without their texts. */
function findingsIn(json: string) {
  const { policyViolations } = JSON.parse(json) as {
    readonly policyViolations: readonly PolicyViolation[];
  };
  expect(policyViolations.length).toBeGreaterThan(10);
  return policyViolations.map(({ policy, enforcementLevel, urn }) => [
    policy,
    enforcementLevel,
    urn,
  ]);
}
