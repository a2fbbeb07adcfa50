import { expect, test } from "vitest";
import { catalog, newestRevision } from "../../mesh/catalog.ts";
import { APPS, LEAST, problemsOf, withKey } from "../support/settings.ts";

/** Changes to the least configuration, each wrong in one way, and the one line that says so. */
const REFUSED: readonly (readonly [key: string, change: unknown, line: string])[] = [
  // Keys that nobody knows.
  ["meshh", {}, "aks-istio:meshh: no such setting; did you mean mesh?"],
  [
    "cluster",
    { kubernetesversion: "1.35" },
    "aks-istio:cluster.kubernetesversion: no such setting; did you mean kubernetesVersion?",
  ],
  [
    "cluster",
    { userPools: { apps: { vmSise: "Standard_D4ds_v5" } } },
    "aks-istio:cluster.userPools.apps.vmSise: no such setting; did you mean vmSize?",
  ],
  [
    "mesh",
    { wholly: "other" },
    "aks-istio:mesh.wholly: no such setting; the keys here are management, revision, upgrade, meshConfig, proxyRedirectionMechanism, mtls, accessLogs",
  ],
  // Values of another type.
  ["namespaces", "shop", 'aks-istio:namespaces: found "shop"; must be a map of settings by name'],
  [
    "namespaces",
    { shop: [] },
    "aks-istio:namespaces.shop: found an empty list; must be a map of settings",
  ],
  [
    "namespaces",
    { shop: { mesh: "yes" } },
    'aks-istio:namespaces.shop.mesh: found "yes"; must be true or false',
  ],
  [
    "cluster",
    { previewFeatures: "Microsoft.Compute/EncryptionAtHost" },
    'aks-istio:cluster.previewFeatures: found "Microsoft.Compute/EncryptionAtHost"; must be a list',
  ],
  [
    "cluster",
    { kubernetesVersion: 1.3 },
    'aks-istio:cluster.kubernetesVersion: found 1.3; must be a Kubernetes minor version, such as "1.35", in quotes',
  ],
  [
    "cluster",
    { zones: [1] },
    "aks-istio:cluster.zones[0]: found 1; must be one of 1, 2, 3, in quotes",
  ],
  [
    "cluster",
    { systemPool: { minCount: 1.5 } },
    "aks-istio:cluster.systemPool.minCount: found 1.5; must be a whole number",
  ],
  // Values that are missing.
  [
    "cluster",
    { kubernetesVersion: undefined },
    'aks-istio:cluster.kubernetesVersion: missing; must be a Kubernetes minor version, such as "1.35"',
  ],
  [
    "cluster",
    { apiServer: undefined },
    "aks-istio:cluster.apiServer: missing; must say in authorizedIPRanges which IPv4 ranges may reach the API server",
  ],
  [
    "cluster",
    { apiServer: {} },
    "aks-istio:cluster.apiServer.authorizedIPRanges: missing; must list the IPv4 ranges that may reach the API server, or be [] to let every address",
  ],
  [
    "mesh",
    { revision: undefined },
    `aks-istio:mesh.revision: missing; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ],
  [
    "workloads",
    { podinfo: {} },
    "aks-istio:workloads.podinfo.namespace: missing; must name one of the namespaces of the stack",
  ],
  // Words that are nearly right.
  [
    "cluster",
    { supportPlan: "KubernetesOficial" },
    'aks-istio:cluster.supportPlan: found "KubernetesOficial"; must be one of KubernetesOfficial, AKSLongTermSupport; did you mean KubernetesOfficial?',
  ],
  [
    "mesh",
    { mtls: "stric" },
    'aks-istio:mesh.mtls: found "stric"; must be one of strict, permissive; did you mean strict?',
  ],
  [
    "access",
    { kubelogin: "devicecode" },
    'aks-istio:access.kubelogin: found "devicecode"; must be one of azurecli, azd, msi, workloadidentity',
  ],
  // Revisions.
  [
    "mesh",
    { revision: "1.30" },
    `aks-istio:mesh.revision: found "1.30"; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ],
  [
    "mesh",
    { revision: "asm-1-16" },
    `aks-istio:mesh.revision: found "asm-1-16"; is no revision that AKS ever offered; the known ones are ${catalog.revisions.map(({ revision }) => revision).join(", ")}`,
  ],
  [
    "cluster",
    { kubernetesVersion: "1.99" },
    `aks-istio:mesh.revision: found "asm-1-30"; does not run on Kubernetes 1.99 under the support plan KubernetesOfficial: it runs on Kubernetes 1.32 to 1.36, and Kubernetes 1.99 runs no known revision`,
  ],
  // The cluster.
  [
    "cluster",
    { kubernetesVersion: "1.35.2" },
    'aks-istio:cluster.kubernetesVersion: found "1.35.2"; must be a Kubernetes minor version, such as "1.35"; AKS applies the patches by itself',
  ],
  [
    "cluster",
    { apiServer: { authorizedIPRanges: ["198.51.100.1/24"] } },
    'aks-istio:cluster.apiServer.authorizedIPRanges[0]: found "198.51.100.1/24"; must be an IPv4 range from its first address on, such as 198.51.100.0/24',
  ],
  [
    "cluster",
    { zones: ["1", "1"] },
    "aks-istio:cluster.zones: found a list; must not name anything twice",
  ],
  [
    "cluster",
    { systemPool: { vmSize: "D4" } },
    'aks-istio:cluster.systemPool.vmSize: found "D4"; must be the size of a virtual machine, such as Standard_D4ds_v5',
  ],
  [
    "cluster",
    { systemPool: { minCount: 0 } },
    "aks-istio:cluster.systemPool.minCount: found 0; must be 1 or more",
  ],
  [
    "cluster",
    { systemPool: { maxCount: 1001 } },
    "aks-istio:cluster.systemPool.maxCount: found 1001; must be 1000 or less",
  ],
  [
    "cluster",
    { systemPool: { minCount: 4, maxCount: 3 } },
    "aks-istio:cluster.systemPool.maxCount: found 3; must not be less than minCount, which is 4",
  ],
  [
    "cluster",
    { userPools: { apps: { minCount: 4, maxCount: 3 } } },
    "aks-istio:cluster.userPools.apps.maxCount: found 3; must not be less than minCount, which is 4",
  ],
  [
    "cluster",
    { userPools: {} },
    "aks-istio:cluster.userPools: found an empty map; must have a pool: the system pool takes no workloads",
  ],
  [
    "cluster",
    { userPools: { system: {} } },
    "aks-istio:cluster.userPools.system: is the name of the system pool; choose another",
  ],
  [
    "cluster",
    { userPools: { thirteenchars: {} } },
    "aks-istio:cluster.userPools.thirteenchars: is no name of a pool: at most 12 lower case letters and digits, a letter first",
  ],
  // Namespaces and workloads.
  [
    "namespaces",
    { Shop: {} },
    "aks-istio:namespaces.Shop: the name must consist of lower case letters, digits and hyphens only",
  ],
  [
    "namespaces",
    { "shop.eu": {} },
    'aks-istio:namespaces["shop.eu"]: the name must consist of lower case letters, digits and hyphens only',
  ],
  [
    "namespaces",
    { "aks-istio-system": {} },
    "aks-istio:namespaces.aks-istio-system: the name belongs to Kubernetes, AKS or Flux; choose another name",
  ],
  [
    "namespaces",
    { shop: { podSecurity: "restrict" } },
    'aks-istio:namespaces.shop.podSecurity: found "restrict"; must be one of privileged, baseline, restricted; did you mean restricted?',
  ],
  [
    "workloads",
    { podinfo: { namespace: "shop" } },
    'aks-istio:workloads.podinfo.namespace: found "shop"; is none of the namespaces of the stack; add it to them',
  ],
  // Flux.
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS },
    "aks-istio:gitops.reference: missing; must be one of branch, tag, semver or commit, such as { branch: main }",
  ],
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: {} },
    "aks-istio:gitops.reference: must have exactly one of branch, tag, semver and commit, and has none",
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main", tag: "v1" },
    },
    "aks-istio:gitops.reference: must have exactly one of branch, tag, semver and commit, and has branch and tag",
  ],
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: { commit: "4f2c1e" } },
    'aks-istio:gitops.reference.commit: found "4f2c1e"; must be the 40 digits of a commit',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      interval: "10 minutes",
    },
    'aks-istio:gitops.interval: found "10 minutes"; must be a duration of at least a second, such as 10m, 90s or 1h30m',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      timeout: "0s",
    },
    'aks-istio:gitops.timeout: found "0s"; must be a duration of at least a second, such as 10m, 90s or 1h30m',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      httpsUser: "flux",
    },
    "aks-istio:gitops.httpsKey: missing; must be given with httpsUser",
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      sshKnownHosts: "github.com ssh-ed25519 AAAA",
    },
    "aks-istio:gitops.sshKnownHosts: has no use with an https URL; remove it",
  ],
  // Access.
  [
    "access",
    { administrators: [] },
    "aks-istio:access.administrators: found an empty list; must name at least one object ID: with local accounts off, nobody else could enter the cluster",
  ],
  [
    "access",
    { administrators: ["me@example.com"] },
    'aks-istio:access.administrators[0]: found "me@example.com"; must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours',
  ],
];

test.each(REFUSED)("refuses in %s: %j", (key, change, line) => {
  expect(problemsOf(withKey(key, change))).toEqual([line]);
});

test.each([
  ["http://github.com/a/b", '"http://github.com/a/b"'],
  ["git@github.com:a/b", '"git@github.com:a/b"'],
  ["https://github.com", '"https://github.com"'],
  ["https://planted@github.com/a/b", "(secret)"],
  ["https://github.com/a/b?token=planted", "(secret)"],
  ["ssh://git:planted@github.com/a/b", "(secret)"],
  ["ssh://git@github.com", "(secret)"],
])("refuses %s as a repository", (url, found) => {
  const gitops = { url, reference: { branch: "main" }, kustomizations: APPS };
  expect(problemsOf(withKey("gitops", gitops))).toEqual([
    `aks-istio:gitops.url: found ${found}; must be the https:// or ssh:// URL of a Git repository, without a user's token in it`,
  ]);
});

test.each([
  ["cluster", { kubernetesVersion: "" }, "cluster.kubernetesVersion"],
  ["mesh", { revision: "" }, "mesh.revision"],
  ["workloads", { podinfo: { namespace: "" } }, "workloads.podinfo.namespace"],
  ["access", { administrators: [""] }, "access.administrators[0]"],
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: { branch: "" } },
    "gitops.reference.branch",
  ],
])("refuses an empty text in %s: %j, in one line", (key, change, path) => {
  const lines = problemsOf(withKey(key, change));
  expect(lines).toEqual([expect.stringMatching(/: found ""; must (be|name) [a-z]/)]);
  expect(lines[0]).toContain(`aks-istio:${path}: `);
});

test("refuses the name of a sample that no object could have", () => {
  const config = {
    ...withKey("workloads", { Podinfo: { namespace: "shop" } }),
    "aks-istio:namespaces": { shop: {} },
  };
  expect(problemsOf(config)).toEqual([
    "aks-istio:workloads.Podinfo: the name must consist of lower case letters, digits and hyphens only",
  ]);
});

test("refuses a stack without a region", () => {
  expect(problemsOf({ ...LEAST, "azure-native:location": "" })).toEqual([
    "azure-native:location: missing; must be an Azure region, such as westeurope: nothing but the stack file decides where things are",
  ]);
});
