import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planMesh } from "../../../mesh/upgrade.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { azureMesh, healthy, meshIn, pod } from "../../operate/upgrade/objects.ts";
import { aksIstio } from "../../support/command.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });

/** What `az` prints of a cluster that runs some revisions, as files. */
function azureFiles(folder: string, revisions: readonly string[]): readonly string[] {
  const { cluster } = azureMesh(revisions);
  const offer = { revision: "asm-1-29", upgrades: ["asm-1-30"], compatibleWith: [] };
  const answers = {
    "aks.json": { ...cluster, type: "Microsoft.ContainerService/ManagedClusters" },
    "upgrades.json": offer,
    "revisions.json": { meshRevisions: [offer, { ...offer, revision: "asm-1-30" }] },
  };
  return Object.entries(answers).map(([name, answer]) => {
    writeFileSync(join(folder, name), JSON.stringify(answer));
    return join(folder, name);
  });
}

/** The example in a phase, and a file with what `kubectl get` prints of a cluster. */
function stackAnd(phase: "prepared" | "canary" | "promoted", objects: readonly ClusterObject[]) {
  const list = { apiVersion: "v1", kind: "List", items: objects };
  const text = readFileSync(`examples/upgrade-${phase}.yaml`, "utf8");
  const folder = write(phase, { "Pulumi.prod.yaml": text, "cluster.json": JSON.stringify(list) });
  const file = join(folder, "Pulumi.prod.yaml");
  const cluster = join(folder, "cluster.json");
  const azure = azureFiles(folder, planMesh(meshIn(phase)).revisions);
  const run = (...more: string[]) =>
    aksIstio([
      ...["upgrade", "--stack", "prod", "--config-file", file, "--day", "2026-08-21"],
      ...["--from", cluster, ...azure, "--complete", ...more],
    ]);
  return { file, cluster, azure, text, run, read: () => readFileSync(file, "utf8") };
}

test("the examples are what the healthy clusters run", () => {
  expect(meshIn("canary").namespaces).toEqual({ web: { canary: true }, api: { canary: false } });
});

test("says what stands in the way, in every format, and changes nothing then", async () => {
  const { file, cluster, azure, text, run, read } = stackAnd("promoted", [
    ...healthy("promoted"),
    pod("api/old", "asm-1-29"),
  ]);
  const [table, json, markdown, skipped, next] = await Promise.all([
    run(),
    run("--json"),
    run("--output", "markdown"),
    run("--skip", "upgrade-proxies"),
    run("--next"),
  ]);
  const blocker =
    "FAILED     upgrade-proxies             Deployment api/old: 1 pod runs a proxy of asm-1-29, which the next step stops.\n" +
    "           Restart it; if its proxies are injected manually, inject them again first.\n" +
    "           $ kubectl rollout restart deployment/old --namespace api\n";
  expect({ code: table.code, stderr: table.stderr }).toEqual({ code: 1, stderr: "" });
  expect(table.stdout).toMatch(/^Mesh: asm-1-29 to asm-1-30, promoted\n/);
  expect(table.stdout).toContain(`\n\n${[cluster, ...azure].join(", ")}\nok `);
  expect(table.stdout).toContain(`${blocker}\n7 passed, 1 failed\n`);

  expect(json.code).toBe(1);
  const data = JSON.parse(json.stdout) as {
    readonly mesh: { readonly phase: string };
    readonly cluster: { readonly exitCode: number; readonly observations: readonly object[] };
  };
  expect(data.mesh.phase).toBe("promoted");
  expect(data.cluster.exitCode).toBe(1);
  expect(data.cluster.observations.at(-1)).toMatchObject({ check: "upgrade-proxies" });

  expect(markdown.code).toBe(1);
  expect(markdown.stdout).toMatch(
    /^```text\nMesh: asm-1-29 to asm-1-30, promoted\n[^`]*```\n\n### /,
  );
  expect(skipped.code).toBe(0);

  expect(next.code).toBe(1);
  expect(next.stdout).toContain(`${blocker}\n7 passed, 1 failed\n`);
  expect(next.stdout).toContain(
    `\n${file} is not changed, because of what the checks say. It would be:\n`,
  );
  expect(read()).toBe(text);
});

test("takes the step if nothing stands in its way", async () => {
  const { file, text, run, read } = stackAnd("prepared", healthy("prepared"));
  const { code, stdout } = await run("--next");
  expect(code).toBe(0);
  expect(stdout).toContain(`\n9 passed, 0 failed\n${file} is changed:\n`);
  expect(read()).toBe(text.replace("phase: prepared", "phase: canary"));
});

test("does not take a step that could not be checked", async () => {
  const { file, cluster, text, read } = stackAnd("canary", healthy("canary"));
  const { code, stdout } = await aksIstio([
    ...["upgrade", "--config-file", file, "--from", cluster, "--next"],
  ]);
  expect(code).toBe(2);
  expect(stdout).toContain("unchecked  upgrade-disruption-budgets");
  expect(read()).toBe(text);
});

test("says that an upgrade is stale, and the ways out", async () => {
  const { code, stdout } = await aksIstio([
    ...["upgrade", "--config-file", "examples/upgrade-canary.yaml", "--day", "2027-01-01"],
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "\n  stale: Support of asm-1-30 was expected to end in 2026-12, before the upgrade is complete; ask Azure: az aks mesh get-revisions.\n    Complete the upgrade with --next, and upgrade from asm-1-30 at once: the catalog of 2026-08-21 has none, so ask Azure with az aks mesh get-upgrades.\n",
  );
});

test.each([
  [
    ["--skip", "upgrade-gateway"],
    '"upgrade-gateway" is not a check; did you mean upgrade-gateways?',
  ],
  [["--next", "--output", "markdown"], "--next, --back and --run print text, not markdown."],
  [["--from", "a.json", "--context", "prod"], "cannot be used with"],
])("%j is a mistake", async (options, message) => {
  const { code, stderr } = await aksIstio([
    ...["upgrade", "--config-file", "examples/upgrade-canary.yaml", ...options],
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
