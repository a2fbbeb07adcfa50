import { catalog, newestRevision } from "../../mesh/catalog.ts";
import { APPS } from "../support/settings.ts";

/** Changes to the minimal configuration with one mistake each, and the line that reports it. */
export const REFUSED: readonly (readonly [key: string, change: unknown, line: string])[] = [
  // Unknown keys.
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
  // Values of the wrong type.
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
    { resourceGroup: null },
    "aks-istio:cluster.resourceGroup: found null; must be the name of an existing resource group: up to 90 letters, digits, . _ - ( and ), not ending with a period",
  ],
  ["tags", { owner: null }, "aks-istio:tags.owner: found null; must be the value of a tag"],
  [
    "cluster",
    { systemPool: { minCount: "3" } },
    'aks-istio:cluster.systemPool.minCount: found "3"; must be the minimum number of nodes, a whole number from 1 to 1000, without quotes',
  ],
  [
    "cluster",
    { systemPool: { minCount: "three" } },
    'aks-istio:cluster.systemPool.minCount: found "three"; must be the minimum number of nodes, a whole number from 1 to 1000',
  ],
  [
    "cluster",
    { defender: "true" },
    'aks-istio:cluster.defender: found "true"; must be true or false, without quotes',
  ],
  [
    "cluster",
    { zones: [1] },
    "aks-istio:cluster.zones[0]: found 1; must be one of 1, 2, 3, in quotes",
  ],
  [
    "cluster",
    { systemPool: { minCount: 1.5 } },
    "aks-istio:cluster.systemPool.minCount: found 1.5; must be the minimum number of nodes, a whole number from 1 to 1000",
  ],
  // Missing values.
  [
    "cluster",
    { kubernetesVersion: undefined },
    'aks-istio:cluster.kubernetesVersion: missing; must be a Kubernetes minor version, such as "1.35"',
  ],
  [
    "cluster",
    { apiServer: undefined },
    "aks-istio:cluster.apiServer: missing; must have authorizedIPRanges, the IPv4 ranges that may reach the API server",
  ],
  [
    "cluster",
    { apiServer: {} },
    "aks-istio:cluster.apiServer.authorizedIPRanges: missing; must list the IPv4 ranges that may reach the API server, or be [] to allow every address",
  ],
  [
    "mesh",
    { revision: undefined },
    `aks-istio:mesh.revision: missing; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ],
  [
    "workloads",
    { podinfo: {} },
    "aks-istio:workloads.podinfo.namespace: missing; must be one of the stack's namespaces",
  ],
  // Near misses.
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
    `aks-istio:mesh.revision: found "asm-1-16"; is not a revision that AKS has offered; the known revisions are ${catalog.revisions.map(({ revision }) => revision).join(", ")}`,
  ],
  [
    "mesh",
    { revision: "asm-1-99999" },
    `aks-istio:mesh.revision: found "asm-1-99999"; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ],
  [
    "cluster",
    { kubernetesVersion: "1.29" },
    'aks-istio:cluster.kubernetesVersion: found "1.29"; runs no supported revision; asm-1-30 runs on 1.32 to 1.36: choose one of these versions',
  ],
  // The cluster.
  [
    "cluster",
    { kubernetesVersion: "1.35.2" },
    'aks-istio:cluster.kubernetesVersion: found "1.35.2"; must be a Kubernetes minor version, such as "1.35"; AKS applies patches automatically',
  ],
  [
    "cluster",
    { apiServer: { authorizedIPRanges: ["198.51.100.1/24"] } },
    'aks-istio:cluster.apiServer.authorizedIPRanges[0]: found "198.51.100.1/24"; must be an IPv4 range that begins with its first address, such as 198.51.100.0/24',
  ],
  [
    "cluster",
    { zones: ["1", "1"] },
    "aks-istio:cluster.zones: found a list; must not contain duplicates",
  ],
  [
    "cluster",
    { systemPool: { vmSize: "D4" } },
    'aks-istio:cluster.systemPool.vmSize: found "D4"; must be the size of a virtual machine, such as Standard_D4ds_v5',
  ],
  [
    "cluster",
    { systemPool: { minCount: 0 } },
    "aks-istio:cluster.systemPool.minCount: found 0; must be the minimum number of nodes, a whole number from 1 to 1000",
  ],
  [
    "cluster",
    { systemPool: { maxCount: 1001 } },
    "aks-istio:cluster.systemPool.maxCount: found 1001; must be the maximum number of nodes, a whole number from 1 to 1000",
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
    "aks-istio:cluster.userPools: found an empty map; must have at least one pool: the system pool does not run workloads",
  ],
  [
    "cluster",
    { userPools: { system: {} } },
    "aks-istio:cluster.userPools.system: is the name of the system pool; choose another",
  ],
  [
    "cluster",
    { userPools: { thirteenchars: {} } },
    "aks-istio:cluster.userPools.thirteenchars: is not a valid pool name: at most 12 lowercase letters and digits, beginning with a letter",
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
    'aks-istio:cluster.apiServer.privateDnsZoneId: found "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57…sZones/privatelink.westeurope.azmk8s.io"; must be the zone private.westeurope.azmk8s.io or one below it, <subzone>.private.westeurope.azmk8s.io with at most 32 characters in <subzone>: AKS requires this name for an API server in a virtual network in westeurope',
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
    "aks-istio:namespaces.aks-istio-system: the name is reserved for Kubernetes, AKS or Flux; choose another name",
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
    'aks-istio:workloads.podinfo.namespace: found "shop"; is not one of the stack\'s namespaces; add it to them',
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
    "aks-istio:gitops.reference: must have exactly one of branch, tag, semver and commit, but has none",
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main", tag: "v1" },
    },
    "aks-istio:gitops.reference: must have exactly one of branch, tag, semver and commit, but has branch and tag",
  ],
  [
    "gitops",
    { url: "https://github.com/a/b", kustomizations: APPS, reference: { commit: "4f2c1e" } },
    'aks-istio:gitops.reference.commit: found "4f2c1e"; must be the full SHA of a commit, 40 hexadecimal digits',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      interval: "10 minutes",
    },
    'aks-istio:gitops.interval: found "10 minutes"; must be a duration of at least one second, such as 10m, 90s or 1h30m',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      timeout: "0s",
    },
    'aks-istio:gitops.timeout: found "0s"; must be a duration of at least one second, such as 10m, 90s or 1h30m',
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      httpsUser: "flux",
    },
    "aks-istio:gitops.httpsKey: missing; is required with httpsUser",
  ],
  [
    "gitops",
    {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      sshKnownHosts: "github.com ssh-ed25519 AAAA",
    },
    "aks-istio:gitops.sshKnownHosts: does not apply with an https URL; remove it",
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
  // Ranges that are never the source of a request.
  ...["10.1.0.0/16", "172.31.0.0/16", "192.168.7.0/24", "100.64.0.0/10", "127.0.0.1/32"].map(
    (range) =>
      [
        "cluster",
        { apiServer: { authorizedIPRanges: ["198.51.100.0/24", range] } },
        `aks-istio:cluster.apiServer.authorizedIPRanges[1]: found "${range}"; is private, but the API server sees only public addresses: requests from a private network come from the public address of its NAT gateway, firewall or load balancer; use that address`,
      ] as const,
  ),
  [
    "certificates",
    { since: "creation", network: { allowedIPRanges: ["198.51.100.7/32", "10.224.0.0/17"] } },
    'aks-istio:certificates.network.allowedIPRanges[1]: found "10.224.0.0/17"; is private, but Key Vault accepts only public addresses; add the subnet to subnetIds, or use the public address of its NAT gateway or firewall',
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
    "aks-istio:access.administrators: found an empty list; must have at least one object ID: local accounts are disabled, so only administrators can access the cluster",
  ],
  [
    "access",
    { administrators: ["me@example.com"] },
    'aks-istio:access.administrators[0]: found "me@example.com"; must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours',
  ],
];

function zone(name: string): string {
  return `/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/${name}`;
}
