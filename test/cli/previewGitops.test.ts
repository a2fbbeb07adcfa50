import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import type { Outcome } from "../support/command.ts";
import { initRepository } from "../support/gitRepository.ts";
import { javascript, scratch } from "../support/programs.ts";

const write = scratch();

/** A program with a cluster, in a repository that Flux applies from the directory `apps`. */
function programIn(
  name: string,
  url: string,
  { clusterName = `"orders"`, revision = `"asm-1-30"` } = {},
): string {
  const root = write(name, {
    "apps/shop.yaml": `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: \${revision}
---
apiVersion: v1
kind: Namespace
metadata:
  name: legacy
  labels:
    istio.io/rev: asm-1-29
`,
  });
  const source = `
const cluster = new Resource("azure-native:containerservice:ManagedCluster", "orders", {
  resourceGroupName: "orders",
  resourceName: "orders",
  kubernetesVersion: "1.35",
  serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
});
new Resource("azure-native:kubernetesconfiguration:FluxConfiguration", "gitops", {
  clusterName: ${clusterName},
  namespace: "flux-system",
  gitRepository: { url: "${url}" },
  kustomizations: { apps: { path: "./apps", postBuild: { substitute: { revision: ${revision} } } } },
});`;
  write(`${name}/infra`, javascript(name, source));
  return join(initRepository(root, "git@git.example.com:team/fleet.git"), "infra");
}

describe("a label in Git that names a revision which the plan does not run", () => {
  const infra = programIn("wrong", "https://git.example.com/team/fleet.git");
  const sarif = join(infra, "plan.sarif");
  const json = join(infra, "plan.json");
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await aksIstio(["preview", infra, "--sarif", sarif, "--json", json]);
  });

  test("stops the deployment, at the line of the manifest", () => {
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain(`mandatory  ns-revision-on-cluster (critical)`);
    expect(outcome.stdout).toContain(
      "        - Namespace gitops:legacy (../apps/shop.yaml:13:5)\n",
    );
    expect(outcome.stdout).toMatch(/^Resources {2}3 to create, and 3 objects as contents$/m);
  });

  test("has its place in reports", () => {
    const { runs } = JSON.parse(readFileSync(sarif, "utf8")) as {
      runs: { results: { ruleId: string; locations: unknown }[] }[];
    };
    expect(
      runs[0]?.results
        .filter(({ ruleId }) => ruleId === "ns-revision-on-cluster")
        .map(({ locations }) => locations),
    ).toMatchObject([
      [
        {
          physicalLocation: {
            artifactLocation: { uri: "apps/shop.yaml", uriBaseId: "SRCROOT" },
            region: { startLine: 13, startColumn: 5 },
          },
        },
      ],
    ]);
    const { policyViolations } = JSON.parse(readFileSync(json, "utf8")) as {
      policyViolations: { policy: string; place: object }[];
    };
    expect(
      policyViolations
        .filter(({ policy }) => policy === "ns-revision-on-cluster")
        .map(({ place }) => place),
    ).toEqual([{ file: "../apps/shop.yaml", line: 13, column: 5 }]);
  });
});

test("a path that the repository does not have stops the deployment", async () => {
  const infra = programIn("missing", "https://git.example.com/team/fleet");
  renameSync(join(infra, "../apps"), join(infra, "../app"));
  const { code, stdout } = await aksIstio(["preview", infra, "--no-policy-pack"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^ {4}FluxConfiguration gitops \(index\.js:\d+\)\n {8}kustomizations\.apps\.path is ".\/apps", which is not a directory of the repository, so Flux applies nothing\.$/m,
  );
});

test("another repository is not judged, unless --gitops names its tree", async () => {
  const infra = programIn("other", "https://git.example.com/team/other");
  const unseen = await aksIstio(["preview", infra]);
  expect(unseen.code).toBe(0);
  expect(unseen.stdout).toContain(
    "Its source https://git.example.com/team/other is not the repository of this project.\n        Fix: Pass the directory that has its files: --gitops DIR.\n",
  );
  const seen = await aksIstio(["preview", infra, "--gitops", join(infra, "..")]);
  expect(seen.code).toBe(1);
  expect(seen.stdout).not.toContain("--gitops");
});

test("objects on a cluster of another stack are said to be of the configuration", async () => {
  const infra = programIn("elsewhere", "https://git.example.com/team/fleet", {
    clusterName: `"not-here"`,
  });
  const { code, stdout } = await aksIstio(["preview", infra]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    'FluxConfiguration "gitops": 3 objects (Kustomization "gitops:flux-system/gitops-apps", Namespace "gitops:legacy" and Namespace "gitops:shop") go to a cluster that the program does not create',
  );
});

test("a label that only the deployment knows is not judged, and hides no other", async () => {
  const infra = programIn("unknown", "https://git.example.com/team/fleet", {
    revision: `new pulumi.CustomResource("my:index:Store", "store", { revision: undefined }).revision`,
  });
  const { code, stdout } = await aksIstio(["preview", infra]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'Namespace "shop": metadata.labels["istio.io/rev"] is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource. Not judged: ns-revision-on-cluster',
  );
  expect(stdout).toContain("Stops the deployment  1 finding of 1 rule\n");
  expect(stdout).toContain("        - Namespace gitops:legacy (../apps/shop.yaml:13:5)\n");
});
