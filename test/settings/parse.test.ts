import { describe, expect, test } from "vitest";
import { APPS, ADMINISTRATOR, LEAST, accepted, problemsOf, withKey } from "../support/settings.ts";

const NOBODY = { users: [], groups: [], servicePrincipals: [] };

test("fills in the defaults of the minimal configuration", () => {
  expect(accepted(LEAST)).toEqual({
    location: "westeurope",
    cluster: {
      kubernetesVersion: "1.35",
      containerRegistryIds: [],
      supportPlan: "KubernetesOfficial",
      tier: "Standard",
      apiServer: { access: "public", authorizedIPRanges: ["198.51.100.0/24"] },
      network: {
        addressSpace: "10.224.0.0/16",
        outboundType: "loadBalancer",
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
      },
      zones: ["1", "2", "3"],
      systemPool: { vmSize: "Standard_D4ds_v5", minCount: 3, maxCount: 5 },
      userPools: {
        apps: { vmSize: "Standard_D4ds_v5", minCount: 3, maxCount: 10, labels: {}, taints: [] },
      },
      nodeSecurity: { secureBoot: true, vTPM: true, encryptionAtHost: false },
      autoUpgrade: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      maintenance: {
        utcOffset: "+00:00",
        releases: { day: "Monday", start: "00:00", hours: 4 },
        kubernetes: { day: "Sunday", start: "00:00", hours: 8 },
        nodeOS: { day: "Saturday", start: "00:00", hours: 8 },
      },
      defender: false,
      previewFeatures: [],
      protect: true,
    },
    mesh: {
      revisions: { revision: "asm-1-30" },
      meshConfig: {},
      mtls: "strict",
      accessLogs: true,
    },
    tags: {},
    namespaces: {},
    workloads: {},
    gateways: { ingress: {}, staticEgress: false, egress: {} },
    observability: {
      enabled: true,
      metrics: { scrapeIntervalInSeconds: 30, histograms: "durations" },
      logs: {
        retentionInDays: 30,
        containers: true,
        controlPlane: [
          "kube-audit-admin",
          "guard",
          "kube-controller-manager",
          "cluster-autoscaler",
        ],
      },
      grafana: { admins: NOBODY, editors: NOBODY, viewers: NOBODY },
      publicNetworkAccess: { ingestion: true, query: true, grafana: true },
    },
    access: { administrators: [ADMINISTRATOR], kubelogin: "azurecli" },
  });
});

test("reports every mistake at once, in the same order for any order of the keys", () => {
  const wrong = {
    "aks-istio:workloads": { podinfo: { namespace: "shopp" }, second: { namespace: "shop" } },
    "aks-istio:mesh": { revision: "asm-1-29", accesLogs: [] },
    "aks-istio:cluster": {
      kubernetesVersion: "1.30",
      zones: "all",
      userPools: { apps: { minCount: 5, maxCount: 4, vmSize: 4 } },
    },
    "aks-istio:namespaces": { shop: { mesh: 1 }, "-": {} },
    "aks-istio:acces": {},
  };
  const lines = [
    "aks-istio:acces.administrators: missing; must list the object IDs of the cluster's administrators, including the identity that runs pulumi up; or set adminGroupId to the object ID of an Entra group that contains them",
    "aks-istio:acces: no such setting; did you mean access?",
    "aks-istio:cluster.apiServer: missing; must have authorizedIPRanges, the IPv4 ranges that may reach the API server",
    "aks-istio:cluster.userPools.apps.maxCount: found 4; must not be less than minCount, which is 5",
    "aks-istio:cluster.userPools.apps.vmSize: found 4; must be the size of a virtual machine, such as Standard_D4ds_v5, in quotes",
    'aks-istio:cluster.zones: found "all"; must be a list',
    "aks-istio:mesh.accesLogs: found (not shown: the key is mistyped); must be true or false",
    "aks-istio:mesh.accesLogs: no such setting; did you mean accessLogs?",
    'aks-istio:mesh.revision: found "asm-1-29"; does not run on Kubernetes 1.30 under the support plan KubernetesOfficial; choose asm-1-28, or a kubernetesVersion from 1.31 to 1.36',
    "aks-istio:namespaces.-: the name must start and end with a letter or digit",
    "aks-istio:namespaces.shop.mesh: found 1; must be true or false",
    'aks-istio:workloads.podinfo.namespace: found "shopp"; is not one of the stack\'s namespaces; did you mean shop?',
    "azure-native:location: missing; must be an Azure region, such as westeurope; it has no default",
  ];
  expect(problemsOf(wrong)).toEqual(lines);
  expect(problemsOf(Object.fromEntries(Object.entries(wrong).reverse()))).toEqual(lines);
});

test.each([
  // Too old for the revision, while another supported one runs on it.
  [
    "asm-1-30",
    { kubernetesVersion: "1.31" },
    'mesh.revision: found "asm-1-30"; does not run on Kubernetes 1.31 under the support plan KubernetesOfficial; choose asm-1-28 or asm-1-29, or a kubernetesVersion from 1.32 to 1.36',
  ],
  // Too old for every supported revision.
  [
    "asm-1-30",
    { kubernetesVersion: "1.29" },
    'cluster.kubernetesVersion: found "1.29"; runs no supported revision; asm-1-30 runs on 1.32 to 1.36: choose one of these versions',
  ],
  // Too new for the revision: a cluster cannot be downgraded.
  [
    "asm-1-28",
    { kubernetesVersion: "1.36" },
    'mesh.revision: found "asm-1-28"; does not run on Kubernetes 1.36 under the support plan KubernetesOfficial; choose asm-1-29 or asm-1-30',
  ],
  // Neither is supported any more.
  [
    "asm-1-19",
    { kubernetesVersion: "1.29" },
    'mesh.revision: found "asm-1-19"; does not run on Kubernetes 1.29 under the support plan KubernetesOfficial; choose asm-1-30, which runs on 1.32 to 1.36',
  ],
  [
    "asm-1-24",
    { kubernetesVersion: "1.28", supportPlan: "AKSLongTermSupport" },
    'mesh.revision: found "asm-1-24"; does not run on Kubernetes 1.28 under the support plan AKSLongTermSupport; choose asm-1-30, which runs on 1.32 to 1.36',
  ],
])("refuses %s with %j and suggests what fits", (revision, cluster, line) => {
  const config = { ...withKey("cluster", cluster), "aks-istio:mesh": { revision } };
  expect(problemsOf(config)).toEqual([`aks-istio:${line}`]);
});

test("judges the version next to a mistyped key", () => {
  const config = {
    ...withKey("cluster", { kubernetesVersion: "1.29" }),
    "aks-istio:mesh": { revison: "asm-1-30" },
  };
  expect(problemsOf(config)).toEqual([
    'aks-istio:cluster.kubernetesVersion: found "1.29"; runs no supported revision; asm-1-30 runs on 1.32 to 1.36: choose one of these versions',
    "aks-istio:mesh.revison: no such setting; did you mean revision?",
  ]);
});

test.each([
  ["asm-1-28", { kubernetesVersion: "1.30" }],
  ["asm-1-29", { kubernetesVersion: "1.31" }],
  ["asm-1-19", { kubernetesVersion: "1.28" }],
  ["asm-1-25", { kubernetesVersion: "1.28", supportPlan: "AKSLongTermSupport" }],
])("accepts %s with %j", (revision, cluster) => {
  const config = { ...withKey("cluster", cluster), "aks-istio:mesh": { revision } };
  expect(problemsOf(config)).toEqual([]);
});

test("refuses two samples in one namespace, whose services would be the same", () => {
  const config = {
    ...LEAST,
    "aks-istio:namespaces": { shop: {}, batch: {} },
    "aks-istio:workloads": { first: { namespace: "shop" }, second: { namespace: "shop" } },
  };
  expect(problemsOf(config)).toEqual([
    'aks-istio:workloads.second.namespace: found "shop"; already has the sample first; give each sample its own namespace',
  ]);
});

describe("accepts, on the valid side of each boundary,", () => {
  const repository = {
    url: "https://github.com/a/b",
    kustomizations: APPS,
    reference: { branch: "main" },
  };
  const accepts: readonly (readonly [key: string, change: unknown])[] = [
    ["cluster", { apiServer: { authorizedIPRanges: [] } }],
    ["cluster", { apiServer: { authorizedIPRanges: ["198.51.100.128/25", "203.0.113.7/32"] } }],
    ["cluster", { apiServer: { authorizedIPRanges: ["0.0.0.0/32"] } }],
    ["cluster", { zones: [] }],
    ["cluster", { systemPool: { minCount: 1, maxCount: 1 } }],
    ["cluster", { systemPool: { minCount: 1000, maxCount: 1000 } }],
    ["cluster", { userPools: { twelvechars1: { minCount: 0, maxCount: 1 } } }],
    ["gateways", { ingress: { External: {}, Internal: {} } }],
    ["certificates", {}],
    ["observability", { metrics: { scrapeInterval: "15s" } }],
    ["namespaces", { "kubernetes-things": {}, flux: {}, aks: {}, s: {} }],
    ["gitops", { ...repository, interval: "1s", timeout: "1h30m5s" }],
    ["gitops", { ...repository, url: "https://dev.azure.com/org/project/_git/repo" }],
    ["gitops", { ...repository, reference: { commit: "4f".repeat(20) } }],
    ["gitops", { ...repository, reference: { semver: ">=1.0.0" } }],
    ["access", { administrators: [ADMINISTRATOR.toUpperCase()] }],
  ];
  test.each(accepts)("in %s: %j", (key, change) => {
    expect(problemsOf(withKey(key, change))).toEqual([]);
  });
});

test.each([["256.0.0.0/8"], ["198.51.100.0/33"], ["198.51.100.0"], ["2001:db8::/32"]])(
  "refuses %s as a range",
  (range) => {
    const { length } = problemsOf(
      withKey("cluster", { apiServer: { authorizedIPRanges: [range] } }),
    );
    expect(length).toBe(1);
  },
);

test("converts durations to the seconds that ARM expects", () => {
  const gitops = {
    url: "https://github.com/a/b",
    kustomizations: APPS,
    reference: { tag: "v1" },
    timeout: "1h2m3s",
  };
  expect(accepted(withKey("gitops", gitops)).gitops).toMatchObject({
    url: "https://github.com/a/b",
    kustomizations: { apps: { path: "./apps", dependsOn: [], substitute: {} } },
    reference: { tag: "v1" },
    intervalInSeconds: 600,
    timeoutInSeconds: 3723,
  });
});
