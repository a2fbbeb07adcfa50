import { expect, test } from "vitest";
import { catalog, newestRevision } from "../../mesh/catalog.ts";
import { isMap } from "../../settings/core/path.ts";
import { ADMINISTRATOR, APPS, LEAST, parsed, problemsOf, withKey } from "../support/settings.ts";
import type { Config } from "../support/settings.ts";

/** Changes to the least configuration, each wrong in one way, and the one line that refuses it. */
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
    "mesh",
    { revision: "asm-1-99999" },
    `aks-istio:mesh.revision: found "asm-1-99999"; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ],
  [
    "cluster",
    { kubernetesVersion: "1.29" },
    'aks-istio:cluster.kubernetesVersion: found "1.29"; runs no revision that is supported; asm-1-30 runs on 1.32 to 1.36: choose one of these',
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
  [
    "cluster",
    { userPools: { apps: { minCount: 12 } } },
    "aks-istio:cluster.userPools.apps.minCount: found 12; must not be more than maxCount, which is 10 by default",
  ],
  [
    "cluster",
    { systemPool: { maxCount: 2 } },
    "aks-istio:cluster.systemPool.maxCount: found 2; must not be less than minCount, which is 3 by default",
  ],
  [
    "cluster",
    { systemPool: { vmSize: "Standard_Foo" } },
    'aks-istio:cluster.systemPool.vmSize: found "Standard_Foo"; must be the size of a virtual machine, such as Standard_D4ds_v5',
  ],
  [
    "cluster",
    { userPools: { apps: { labels: { "kubernetes.io/team": "shop" } } } },
    'aks-istio:cluster.userPools.apps.labels["kubernetes.io/team"]: the key has a prefix that AKS reserves; choose another, such as example.com/team',
  ],
  [
    "cluster",
    {
      apiServer: { access: "private", privateDnsZoneId: zone("privatelink.westeurope.azmk8s.io") },
    },
    'aks-istio:cluster.apiServer.privateDnsZoneId: found "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57…sZones/privatelink.westeurope.azmk8s.io"; must be the zone private.westeurope.azmk8s.io or one below it, <subzone>.private.westeurope.azmk8s.io with at most 32 characters in <subzone>: this is what AKS looks for where the API server is in the virtual network of westeurope',
  ],
  [
    "cluster",
    { logAnalyticsWorkspaceId: "logs" },
    'aks-istio:cluster.logAnalyticsWorkspaceId: found "logs"; must be the resource ID of a Log Analytics workspace, /subscriptions/…/providers/Microsoft.OperationalInsights/workspaces/…',
  ],
  [
    "cluster",
    { network: { podCidr: "10.0.128.0/17" } },
    'aks-istio:cluster.network.podCidr: found "10.0.128.0/17"; must not overlap serviceCidr, which is 10.0.0.0/16',
  ],
  // Namespaces and workloads.
  [
    "namespaces",
    { Shop: {} },
    "aks-istio:namespaces.Shop: the name must contain only lowercase letters, digits and hyphens",
  ],
  [
    "namespaces",
    { "shop.eu": {} },
    'aks-istio:namespaces["shop.eu"]: the name must contain only lowercase letters, digits and hyphens',
  ],
  [
    "namespaces",
    { "aks-istio-system": {} },
    "aks-istio:namespaces.aks-istio-system: the name belongs to Kubernetes, AKS or Flux; choose another name",
  ],
  ["namespaces", { "": {} }, 'aks-istio:namespaces[""]: the name must not be empty'],
  [
    "namespaces",
    { ["__proto__"]: {} },
    "aks-istio:namespaces.__proto__: the name must contain only lowercase letters, digits and hyphens",
  ],
  [
    "namespaces",
    { shop: { mesh: "no" } },
    'aks-istio:namespaces.shop.mesh: found "no"; must be true or false',
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
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: { brnach: "main" } },
    "aks-istio:gitops.reference.brnach: no such setting; did you mean branch?",
  ],
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: { branch: "main\u001b[2J" } },
    'aks-istio:gitops.reference.branch: found "main\\u001b[2J"; must be the name of a branch; remove the line breaks and other invisible characters',
  ],
  // Certificates.
  [
    "certificates",
    { since: "creation", network: { allowedIPRange: ["198.51.100.0/24"] } },
    "aks-istio:certificates.network.allowedIPRange: no such setting; did you mean allowedIPRanges?",
  ],
  // MeshConfig.
  [
    "mesh",
    { meshConfig: { "": 1 } },
    'aks-istio:mesh.meshConfig: "" is not a field of MeshConfig that the add-on accepts. Remove it.',
  ],
  // Ranges that no request comes from.
  ...["10.1.0.0/16", "172.31.0.0/16", "192.168.7.0/24", "100.64.0.0/10", "127.0.0.1/32"].map(
    (range) =>
      [
        "cluster",
        { apiServer: { authorizedIPRanges: ["198.51.100.0/24", range] } },
        `aks-istio:cluster.apiServer.authorizedIPRanges[1]: found "${range}"; is private, and the API server sees public addresses only: a request from a private network comes from the public address of its NAT gateway, firewall or load balancer; name that`,
      ] as const,
  ),
  [
    "certificates",
    { since: "creation", network: { allowedIPRanges: ["198.51.100.7/32", "10.224.0.0/17"] } },
    'aks-istio:certificates.network.allowedIPRanges[1]: found "10.224.0.0/17"; is private, and Key Vault takes public addresses only; admit the subnet in subnetIds, or name the public address of its NAT gateway or firewall',
  ],
  // Tags.
  ...["microsoft", "Azure-Region", "WINDOWS:patch"].map(
    (name) =>
      [
        "tags",
        { [name]: "x" },
        `aks-istio:tags${name === "WINDOWS:patch" ? `["${name}"]` : `.${name}`}: the name of a tag must not begin with microsoft, azure or windows, in any case: Azure reserves these prefixes; choose another name`,
      ] as const,
  ),
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
  ["https://github.com", '"https://github.com"'],
  ["github.com:a/b", '"github.com:a/b"'],
  ["https://planted@github.com/a/b", "(secret)"],
  ["https://github.com/a/b?token=planted", "(secret)"],
  ["ssh://git:planted@github.com/a/b", "(secret)"],
  ["ssh://git@github.com", "(secret)"],
])("refuses %s as a repository", (url, found) => {
  const gitops = { url, reference: { branch: "main" }, kustomizations: APPS };
  const ofUrl = problemsOf(withKey("gitops", gitops)).filter((line) => line.includes(".url: "));
  expect(ofUrl).toEqual([
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

function zone(name: string): string {
  return `/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/${name}`;
}

const VAULT =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv-shop";
const SHOP = { "aks-istio:namespaces": { shop: {} } };
const HOST = { namespace: "shop", service: "web", port: 80, certificate: "shop" };
const hosts = (named: object, kind = "External") => ({
  ...SHOP,
  "aks-istio:gateways": { keyVaultId: VAULT, ingress: { [kind]: { hosts: named } } },
});
const MISSING_REVISION = `aks-istio:mesh.revision: missing; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`;
const NO_REGION =
  "azure-native:location: missing; must be an Azure region, such as westeurope: nothing but the stack file decides where things are";

/** Mistakes that more than one setting takes part in, with all that is said of them. */
const TOGETHER: readonly (readonly [
  mistake: string,
  config: Config,
  lines: readonly string[],
  secrets?: readonly string[],
])[] = [
  // A mistyped key is judged as the one that it means, and says nothing wrong of the others.
  [
    "a mistyped key hides no other mistake",
    {
      "aks-istio:cluster": {
        kubernetesVersion: "1.29",
        apiServer: { authorizedIPRanges: [] },
      },
      "aks-istio:mesh": { revison: "asm-1-30" },
    },
    [
      'aks-istio:cluster.kubernetesVersion: found "1.29"; runs no revision that is supported; asm-1-30 runs on 1.32 to 1.36: choose one of these',
      "aks-istio:mesh.revison: no such setting; did you mean revision?",
    ],
  ],
  [
    "external: for External:",
    hosts({ "shop.example.com": HOST }, "external"),
    ["aks-istio:gateways.ingress.external: no such setting; did you mean External?"],
  ],
  [
    "a gateway of another name",
    hosts({ "shop.example.com": HOST }, "public"),
    ["aks-istio:gateways.ingress.public: no such setting; the keys here are Internal, External"],
  ],
  [
    "hosts as a list",
    hosts(["shop.example.com"]),
    ["aks-istio:gateways.ingress.External.hosts: found a list; must be a map of settings by name"],
  ],
  [
    "namespace: for namespaces:",
    { "aks-istio:namespace": { shop: {} }, "aks-istio:workloads": { demo: { namespace: "shop" } } },
    ["aks-istio:namespace: no such setting; did you mean namespaces?"],
  ],
  [
    "mistyped keys within one another",
    { "aks-istio:namespace": { shop: { canry: "yes" } } },
    [
      "aks-istio:namespace.shop.canry: found (not shown: the key is mistyped); must be true or false",
      "aks-istio:namespace.shop.canry: no such setting; did you mean canary?",
      "aks-istio:namespace: no such setting; did you mean namespaces?",
    ],
  ],
  [
    "a mistyped key beside the right one",
    { "aks-istio:mesh": { revision: "asm-1-30", revison: "asm-1-29" } },
    ["aks-istio:mesh.revison: no such setting; did you mean revision?"],
  ],
  [
    "a secret in clear under a mistyped key",
    {
      "aks-istio:gitops": {
        url: "https://github.com/a/b",
        kustomizations: APPS,
        reference: { branch: "main" },
        httpsUser: "flux",
        httpKey: "planted",
      },
    },
    [
      "aks-istio:gitops.httpKey: found (not shown: the key is mistyped); must not stand in the stack file in clear; set it with pulumi config set --secret --path 'gitops.httpsKey'",
      "aks-istio:gitops.httpKey: no such setting; did you mean httpsKey?",
    ],
  ],
  // Keys that are nobody's.
  [
    "the project's namespace mistyped, and no such key in the right one",
    { "aks-istio:mesh": {}, "aksistio:mesh": { revision: "asm-1-16" } },
    [
      `aksistio:mesh.revision: found "asm-1-16"; is no revision that AKS ever offered; the known ones are ${catalog.revisions.map(({ revision }) => revision).join(", ")}`,
      "aksistio:mesh: nothing reads this key; did you mean aks-istio:mesh?",
    ],
  ],
  [
    "the project's namespace mistyped beside the right key",
    { "aks-istoi:mesh": { revision: "asm-1-29" } },
    ["aks-istoi:mesh: nothing reads this key; did you mean aks-istio:mesh?"],
  ],
  ["another namespace altogether", { "orders:mesh": {}, "aks-istio:mesh": {} }, [MISSING_REVISION]],
  // Names.
  [
    "* as a host",
    hosts({ "*": HOST }),
    ['aks-istio:gateways.ingress.External.hosts["*"]: the host must be a full name without *'],
  ],
  [
    "* as a host with a key in clear",
    hosts({ "*": { ...HOST, certificate: undefined, tlsCertificate: "chain", tlsKey: "planted" } }),
    [
      'aks-istio:gateways.ingress.External.hosts["*"].tlsKey: found (secret); must not stand in the stack file in clear; set it with pulumi config set --secret --path \'gateways.ingress.External.hosts["*"].tlsKey\'',
      'aks-istio:gateways.ingress.External.hosts["*"]: the host must be a full name without *',
      "aks-istio:gateways.keyVaultId: has no use where no host takes a certificate from it; remove it",
    ],
  ],
  [
    "a key that JavaScript uses itself, where no rule looks at keys",
    { "aks-istio:tags": { ["__proto__"]: "x" } },
    ["aks-istio:tags.__proto__: cannot be a key, because JavaScript uses the name; choose another"],
  ],
  [
    "a namespace that is refused is suggested to nobody",
    {
      "aks-istio:namespaces": { Payments_API: {} },
      "aks-istio:workloads": { demo: { namespace: "payments-api" } },
    },
    [
      "aks-istio:namespaces.Payments_API: the name must contain only lowercase letters, digits and hyphens",
    ],
  ],
  [
    "the name of a sample that no object could have",
    { ...SHOP, "aks-istio:workloads": { Podinfo: { namespace: "shop" } } },
    [
      "aks-istio:workloads.Podinfo: the name must contain only lowercase letters, digits and hyphens",
    ],
  ],
  [
    "a host that leads to a namespace that is not there, without a vault for its certificate",
    {
      ...SHOP,
      "aks-istio:gateways": {
        ingress: { External: { hosts: { "shop.example.com": { ...HOST, namespace: "shpo" } } } },
      },
    },
    [
      'aks-istio:gateways.ingress.External.hosts["shop.example.com"].namespace: found "shpo"; is none of the namespaces of the stack; did you mean shop?',
      "aks-istio:gateways.keyVaultId: missing; must be the resource ID of the Key Vault that holds the hosts' certificates",
    ],
  ],
  // Upgrades.
  [
    "an upgrade to an older revision",
    { "aks-istio:mesh": { revision: "asm-1-30", upgrade: { to: "asm-1-29", phase: "prepared" } } },
    [
      "aks-istio:mesh.upgrade.to: asm-1-29 is older than asm-1-30, but AKS does not downgrade a mesh.",
    ],
  ],
  [
    "an upgrade to an older revision, in a phase that there is not",
    { "aks-istio:mesh": { revision: "asm-1-30", upgrade: { to: "asm-1-29", phase: "prepare" } } },
    [
      'aks-istio:mesh.upgrade.phase: found "prepare"; must be one of prepared, canary, promoted; did you mean prepared?',
      "aks-istio:mesh.upgrade.to: asm-1-29 is older than asm-1-30, but AKS does not downgrade a mesh.",
    ],
  ],
  [
    "an upgrade that only its last phase allows, in a phase that there is not",
    { "aks-istio:mesh": { revision: "asm-1-27", upgrade: { to: "asm-1-30", phase: "promote" } } },
    [
      'aks-istio:mesh.upgrade.phase: found "promote"; must be one of prepared, canary, promoted; did you mean promoted?',
    ],
  ],
  // Annotations.
  [
    "an annotation of the other kind of gateway",
    {
      "aks-istio:gateways": {
        ingress: {
          External: {
            annotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
          },
        },
      },
    },
    [
      'aks-istio:gateways.ingress.External.annotations["service.beta.kubernetes.io/azure-load-balancer-internal"]: found "true"; applies only to the Internal gateway; remove it',
    ],
  ],
  [
    "an annotation that shares nothing but its prefix",
    {
      "aks-istio:gateways": {
        ingress: {
          External: {
            annotations: {
              "service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path":
                "/healthz",
            },
          },
        },
      },
    },
    [
      `aks-istio:gateways.ingress.External.annotations["service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path"]: found "/healthz"; AKS removes this annotation from the gateway's Service; remove it`,
    ],
  ],
  // Regions.
  ["no region", { "azure-native:location": "" }, [NO_REGION]],
  [
    "the region of the classic provider",
    { "azure-native:location": "", "azure:location": "westeurope" },
    [`${NO_REGION}; azure:location does not set it`],
  ],
  [
    "a region by the name that people read",
    { "azure-native:location": "West Europe" },
    [
      'azure-native:location: found "West Europe"; must be an Azure region in lower case letters and digits; write westeurope',
    ],
  ],
  [
    "a region with a hyphen",
    { "azure-native:location": "north-europe" },
    [
      'azure-native:location: found "north-europe"; must be an Azure region in lower case letters and digits; write northeurope',
    ],
  ],
  [
    "a region with more lines and a control sequence",
    { "azure-native:location": "westeurope\n\u001b[2J" },
    [
      'azure-native:location: found "westeurope\\n\\u001b[2J"; must be an Azure region in lower case letters and digits; write westeurope',
    ],
  ],
  [
    "an encrypted region",
    {},
    ["azure-native:location: found (secret); holds nothing secret; set it without --secret"],
    ["azure-native:location"],
  ],
  // Secrets.
  [
    "a repository as git clone takes it, without its credentials",
    {
      "aks-istio:gitops": {
        url: "git@github.com:a/b.git",
        kustomizations: APPS,
        reference: { branch: "main" },
      },
    },
    [
      "aks-istio:gitops.sshKnownHosts: missing; must be given with an ssh URL",
      "aks-istio:gitops.sshPrivateKey: missing; must be given with an ssh URL",
      'aks-istio:gitops.url: found "git@github.com:a/b.git"; must be the https:// or ssh:// URL of a Git repository, without a user\'s token in it; write git@<host>:<path> as ssh://git@<host>/<path>',
    ],
  ],
  [
    "half of the credentials of a repository without a URL",
    {
      "aks-istio:gitops": {
        kustomizations: APPS,
        reference: { branch: "main" },
        httpsUser: "flux",
        sshKnownHosts: "github.com ssh-ed25519 AAAA",
      },
    },
    [
      "aks-istio:gitops.httpsKey: missing; must be given with httpsUser",
      "aks-istio:gitops.sshPrivateKey: missing; must be given with sshKnownHosts",
      "aks-istio:gitops.url: missing; must be the https:// or ssh:// URL of a Git repository, without a user's token in it",
    ],
  ],
  // Lists.
  [
    "a list with an entry that is wrong and one that is twice in it",
    {
      "aks-istio:access": { administrators: [ADMINISTRATOR, 5, ADMINISTRATOR] },
    },
    [
      "aks-istio:access.administrators: found a list; must not name anything twice",
      "aks-istio:access.administrators[1]: found 5; must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours, in quotes",
    ],
  ],
  [
    "a repository as git clone takes it, beside a secret",
    {
      "aks-istio:gitops": {
        url: "git@github.com:a/b.git",
        kustomizations: APPS,
        reference: { branch: "main" },
        sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----",
        sshKnownHosts: "github.com ssh-ed25519 AAAA",
      },
    },
    [
      "aks-istio:gitops.url: found (not shown: gitops holds a secret); must be the https:// or ssh:// URL of a Git repository, without a user's token in it; write git@<host>:<path> as ssh://git@<host>/<path>",
    ],
    ["aks-istio:gitops"],
  ],
];

test.each(TOGETHER.map(([mistake, ...rest]) => ({ mistake, rest })))(
  "refuses $mistake",
  ({ rest: [config, lines, secrets] }) => {
    expect(problemsOf({ ...LEAST, ...config }, secrets)).toEqual(lines);
  },
);

/** A value of the wrong type in every section, and a mistake or two beside it. */
const WRONG_EVERYWHERE: Config = {
  "aks-istio:cluster": { protect: "x", network: { outboundType: 5 }, zzz: 1 },
  "aks-istio:mesh": { mtls: 5, upgrade: { phase: 5 } },
  "aks-istio:namespaces": { other: { mesh: 5 } },
  "aks-istio:workloads": { other: 5 },
  "aks-istio:gateways": {
    ingress: { External: { annotations: { other: 5 }, replicas: 5 } },
    staticEgress: 5,
    egress: { other: 5 },
  },
  "aks-istio:certificates": { since: 5 },
  "aks-istio:observability": { enabled: "x" },
  "aks-istio:gitops": { interval: 5 },
  "aks-istio:access": { kubelogin: 5 },
  "aks-istio:tags": { other: 5 },
};

/** A mistyped key is not taken for one that is there as well. */
const MISTYPED = [
  "namespace: for namespaces:",
  "mistyped keys within one another",
  "the project's namespace mistyped, and no such key in the right one",
];

test.each([
  ...REFUSED.map(([key, change]) => ({
    mistake: `${key}: ${JSON.stringify(change)}`,
    config: withKey(key, change),
    secrets: undefined,
  })),
  ...TOGETHER.filter(([mistake]) => !MISTYPED.includes(mistake)).map(
    ([mistake, config, , secrets]) => ({ mistake, config: { ...LEAST, ...config }, secrets }),
  ),
])("also refuses $mistake beside mistakes in every section", ({ config, secrets }) => {
  const beside = problemsOf(laidOver(WRONG_EVERYWHERE, config) as Config, secrets);
  expect(problemsOf(config, secrets).filter((line) => !beside.includes(line))).toEqual([]);
});

/** Maps are merged key by key; of anything else the second stays. */
function laidOver(below: unknown, own: unknown): unknown {
  if (!isMap(below) || !isMap(own)) return own;
  const both = Object.entries(own).map(([key, value]) => [key, laidOver(below[key], value)]);
  return { ...below, ...Object.fromEntries(both) } as unknown;
}

/** What may be a mistake, which is said, and stops nothing. */
const WARNED: readonly (readonly [mistake: string, config: Config, lines: readonly string[]])[] = [
  [
    "a revision newer than the catalog",
    withKey("mesh", { revision: "asm-1-99" }),
    [
      `aks-istio:mesh.revision: asm-1-99 is newer than ${newestRevision()}, the newest revision known here, so that nothing could be checked about it`,
    ],
  ],
  [
    "a Kubernetes version newer than the catalog",
    withKey("cluster", { kubernetesVersion: "1.37" }),
    [
      "aks-istio:cluster.kubernetesVersion: 1.37 is newer than 1.36, the newest version known here, so whether it runs asm-1-30 could not be checked; ask Azure: az aks mesh get-revisions",
    ],
  ],
  [
    "the same during an upgrade",
    {
      ...withKey("cluster", { kubernetesVersion: "1.37" }),
      "aks-istio:mesh": { revision: "asm-1-29", upgrade: { to: "asm-1-30", phase: "prepared" } },
    },
    [
      "aks-istio:cluster.kubernetesVersion: 1.37 is newer than 1.36, the newest version known here, so whether it runs asm-1-29 and asm-1-30 could not be checked; ask Azure: az aks mesh get-revisions",
    ],
  ],
  [
    "a Kubernetes version out of support",
    withKey("cluster", { kubernetesVersion: "1.33" }),
    [
      "aks-istio:cluster.kubernetesVersion: 1.33 is out of support under KubernetesOfficial, and AKS creates no new cluster with it; upgrade to 1.34 or later, one minor version at a time, or set supportPlan to AKSLongTermSupport",
    ],
  ],
  [
    "a Kubernetes version out of support under every plan",
    {
      ...withKey("cluster", { kubernetesVersion: "1.29" }),
      "aks-istio:mesh": { revision: "asm-1-27" },
    },
    [
      "aks-istio:cluster.kubernetesVersion: 1.29 is out of support under KubernetesOfficial, and AKS creates no new cluster with it; upgrade to 1.34 or later, one minor version at a time",
    ],
  ],
  [
    "a scope with a namespace that the stack does not make, and with some that are there anyway",
    withKey("namespaces", {
      shop: { sidecarScope: ["cart", "ledger", "kube-system", "aks-istio-egress"] },
      carts: { sidecarScope: ["shop"] },
    }),
    [
      "aks-istio:namespaces.shop.sidecarScope[0]: cart is none of the namespaces of the stack, so whether it exists could not be checked; a name without a namespace adds no services to the sidecars in shop; did you mean carts?",
      "aks-istio:namespaces.shop.sidecarScope[1]: ledger is none of the namespaces of the stack, so whether it exists could not be checked; a name without a namespace adds no services to the sidecars in shop",
    ],
  ],
  [
    "a private range at an API server in the virtual network",
    withKey("cluster", {
      apiServer: { access: "vnet-integrated", authorizedIPRanges: ["10.1.0.0/16"] },
    }),
    [
      'aks-istio:cluster.apiServer.authorizedIPRanges[0]: found "10.1.0.0/16"; is private, and AKS documents public addresses only: the Azure CLI refuses a private one; name the public address that requests come from',
    ],
  ],
  [
    "a mistyped region",
    { ...LEAST, "azure-native:location": "northeurop" },
    [
      'azure-native:location: found "northeurop"; is not among the Azure regions known on 2025-09-23; did you mean northeurope?',
    ],
  ],
  [
    "a region that is not in the list",
    { ...LEAST, "azure-native:location": "usgovvirginia" },
    [
      'azure-native:location: found "usgovvirginia"; is not among the Azure regions known on 2025-09-23; az account list-locations lists yours',
    ],
  ],
];

test.each(WARNED)("warns of %s", (_, config, lines) => {
  expect(parsed(config)).toMatchObject({ warnings: lines });
});

test("says nothing of versions that are supported and known", () => {
  for (const kubernetesVersion of ["1.34", "1.36"]) {
    expect(parsed(withKey("cluster", { kubernetesVersion }))).toMatchObject({ warnings: [] });
  }
  const longTerm = { kubernetesVersion: "1.33", supportPlan: "AKSLongTermSupport" };
  expect(parsed(withKey("cluster", longTerm))).toMatchObject({ warnings: [] });
});

test("there are at least sixty mistakes here", () => {
  expect(REFUSED.length + TOGETHER.length + WARNED.length).toBeGreaterThanOrEqual(60);
});
