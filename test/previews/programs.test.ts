import { join } from "node:path";
import { expect, test } from "vitest";
import type { PolicyConfigFile } from "../../offline/pack/policySettings.ts";
import { rules } from "../../policy/rules.ts";
import { planOf } from "../support/host.ts";
import { program } from "../support/programs.ts";

/** What the pack reports about a whole program: the rule, the resource and the level. */
async function found(name: string, settings: PolicyConfigFile = {}): Promise<readonly string[]> {
  // A day on which the revisions of the programs are supported.
  const config = { "mesh-scope": { today: "2026-08-24" }, ...settings };
  const packs = [{ directory: join(__dirname, "../../policy"), config }];
  const { violations } = await planOf(program(name), { packs });
  return violations
    .map(({ policy, enforcementLevel, urn, message }) => {
      // The secrets of the programs.
      expect(message).not.toContain("hunter2");
      return `${policy} ${urn?.split("::").at(-1) ?? ""} ${enforcementLevel}`;
    })
    .sort();
}

/** The rules about clusters that careless-aks cannot break: its pool is newer than the cluster, its API version stable. */
const ELSEWHERE = ["aks-pool-version-behind", "aks-stable-api-version"];

/** About creating a cluster. */
const BASELINE = rules
  .map(({ name }) => name)
  .filter((name) => name.startsWith("aks-") && !ELSEWHERE.includes(name));

/** Whether a finding is about the cluster's baseline, for which most of these programs keep the defaults. */
const ofBaseline = (finding: string) => finding.startsWith("aks-");

/** Whether it is about a coverage gap. */
const ofCoverage = (finding: string) => finding.startsWith("mesh-coverage ");

test.concurrent.each([["two-clusters"], ["clean-workloads"], ["clean-traffic"], ["plain-aks"]])(
  "%s has only advice on how its cluster is created",
  async (name) => {
    const findings = await found(name);
    expect(findings.filter((finding) => !ofBaseline(finding) && !ofCoverage(finding))).toEqual([]);
    expect(findings.filter((finding) => finding.endsWith(" mandatory"))).toEqual([]);
  },
);

test.concurrent("hardened-aks has no findings", async () => {
  expect(await found("hardened-aks")).toEqual([]);
});

test.concurrent("careless-aks violates exactly the fifteen rules of the baseline", async () => {
  const findings = await found("careless-aks");
  expect(BASELINE).toHaveLength(15);
  expect([...new Set(findings.map((finding) => finding.split(" ")[0]))]).toEqual(BASELINE);
  expect(findings.filter((finding) => finding.endsWith(" mandatory"))).toEqual([
    "aks-pool-version-skew apps mandatory",
  ]);
});

test.concurrent.each([
  ["osm-and-addon", ["mesh-osm-conflict orders mandatory"]],
  [
    "self-installed-istio",
    ["mesh-coverage istiod advisory", "mesh-no-istio-helm istiod mandatory"],
  ],
  ["wrong-revision-label", ["ns-revision-on-cluster orders mandatory"]],
  [
    "broken-workloads",
    [
      "pod-inject-label-ineffective asking advisory",
      "pod-linux-nodes-only windows mandatory",
      "pod-no-host-network node-network mandatory",
      "pod-no-injection-optout opted-out advisory",
      "pod-reserved-uid proxy-user mandatory",
      "service-port-protocol frontend advisory",
      "workload-availability alone advisory",
      "workload-resources-and-probes greedy advisory",
      "workload-restricted-security nameless advisory",
    ],
  ],
  [
    "broken-traffic",
    [
      "flux-can-reconcile unordered mandatory",
      "flux-source-pinned-and-private readable advisory",
      "gateway-addon-selector from-a-guide mandatory",
      "gateway-tls-and-hosts open advisory",
      "istio-config-conflicts routes mandatory",
      "mesh-coverage readable advisory",
      "mesh-coverage shop advisory",
      "meshconfig-allowed-fields blocked mandatory",
      "meshconfig-per-revision unread mandatory",
      "mtls-strict-no-conflict migration advisory",
    ],
  ],
  ["unseen-objects", ["mesh-coverage frontend advisory", "mesh-coverage routes advisory"]],
  [
    "misnamed-traffic",
    [
      "authz-default-deny shop advisory",
      "gateway-addon-selector partners mandatory",
      "istio-addon-names access-log mandatory",
      "istio-config-conflicts beside-the-gateway mandatory",
      "istio-config-conflicts routes mandatory",
    ],
  ],
  [
    "kubernetes-only",
    [
      "authz-default-deny bill advisory",
      "mesh-coverage aks advisory",
      "ns-no-legacy-injection-label shop mandatory",
      "ns-revision-on-cluster bill mandatory",
      "pod-no-injection-optout web advisory",
      "workload-availability web advisory",
      "workload-resources-and-probes web advisory",
      "workload-restricted-security web advisory",
    ],
  ],
  [
    "clusters-not-told-apart",
    [
      "mesh-coverage mesh advisory",
      "mesh-coverage plain advisory",
      "ns-revision-on-cluster retired mandatory",
    ],
  ],
])("%s violates exactly its rules", async (name, expected) => {
  const findings = (await found(name)).filter((finding) => !ofBaseline(finding));
  expect([...new Set(findings)]).toEqual(expected);
});

test.concurrent("objects in YAML files are judged like those that the program writes", async () => {
  const mandatory = { enforcementLevel: "mandatory" } as const;
  expect(
    await found("istio-injection-in-a-yaml-file", { "ns-no-legacy-injection-label": mandatory }),
  ).toContain("ns-no-legacy-injection-label shop mandatory");
  expect(await found("namespace-in-a-yaml-file")).toContain("service-port-protocol db advisory");
});
