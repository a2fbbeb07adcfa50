import { expect, test } from "vitest";
import { catalog, newestRevision } from "../../mesh/catalog.ts";
import { isMap } from "../../settings/core/path.ts";
import { Shape } from "../../settings/schema.ts";
import { editorAccepts } from "../support/editor.ts";
import { CERTIFICATE, PRIVATE_KEY, SSH_PRIVATE_KEY } from "../support/pem.ts";
import { ADMINISTRATOR, APPS, LEAST, parsed, problemsOf, withKey } from "../support/settings.ts";
import type { Config } from "../support/settings.ts";
import { REFUSED } from "./refused.ts";

test.each(REFUSED)("refuses in %s: %j", (key, change, line) => {
  expect(problemsOf(withKey(key, change))).toEqual([line]);
});

/** Needs a calculation, or the catalog. */
const UNSEEN_BY_EDITORS = [
  'mesh.revision: found "asm-1-16"',
  'mesh.revision: found "asm-1-99999"',
  'cluster.apiServer.authorizedIPRanges[0]: found "198.51.100.1/24"',
  'gitops.timeout: found "0s"',
];

test("an editor underlines every mistake in the shape of a setting, with few exceptions", () => {
  const unseen = REFUSED.filter(([key, change]) => {
    const config = withKey(key, change);
    return !hasItsShape(config) && editorAccepts(config);
  });
  expect(unseen.map(([, , line]) => line.split(";")[0])).toEqual(
    UNSEEN_BY_EDITORS.map((line) => `aks-istio:${line}`),
  );
});

test("an editor underlines nothing that has the right shape", () => {
  const right = REFUSED.map(([key, change]) => withKey(key, change)).filter(hasItsShape);
  expect(right.length).toBeGreaterThan(10);
  expect(right.filter((config) => !editorAccepts(config))).toEqual([]);
});

test("a key that does not apply hides no mistake in its value, or in another key", () => {
  const apiServer = {
    access: "private",
    authorizedIPRanges: ["198.51.100.1/24"],
    privateDnsZoneId: "x",
  };
  const gateway = { api: "gateway-api", externalTrafficPolicy: "local", replicas: { minimum: 1 } };
  const config = {
    ...withKey("cluster", { apiServer }),
    "aks-istio:gateways": { ingress: { External: gateway } },
  };
  const at = "aks-istio:gateways.ingress.External";
  expect(problemsOf(config)).toEqual([
    "aks-istio:cluster.apiServer.authorizedIPRanges: does not apply with access: private, which has no public address; remove it",
    'aks-istio:cluster.apiServer.authorizedIPRanges[0]: found "198.51.100.1/24"; must be an IPv4 range that begins with its first address, such as 198.51.100.0/24',
    'aks-istio:cluster.apiServer.privateDnsZoneId: found "x"; must be the resource ID of a private DNS zone, /subscriptions/…/providers/Microsoft.Network/privateDnsZones/…',
    `${at}.externalTrafficPolicy: does not apply with api: gateway-api: the load balancer's probes do not support it; remove it`,
    `${at}.externalTrafficPolicy: found "local"; must be one of Cluster, Local; did you mean Local?`,
    `${at}.hosts: must have 1 to 63 hosts with api: gateway-api, but has 0`,
    `${at}.namespace: missing; must be the namespace of the stack in which the gateway runs`,
    `${at}.replicas.maximum: missing; must be the maximum number of replicas, a whole number from 2 to 1000`,
    `${at}.replicas.minimum: found 1; must be the minimum number of replicas, a whole number from 2 to 1000`,
  ]);
});

/** Whether a mistake in a configuration, if it has one, is against a rule between settings. */
test("a mistyped choice hides no key that its meaning requires or excludes", () => {
  expect(problemsOf(withKey("mesh", { management: "pined", revision: undefined }))).toEqual([
    'aks-istio:mesh.management: found "pined"; must be one of pinned, external; did you mean pinned?',
    `aks-istio:mesh.revision: missing; must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`,
  ]);
});

test("hosts that are not a map are one mistake", () => {
  const gateway = { api: "gateway-api", namespace: "shop", hosts: null };
  const config = {
    ...withKey("namespaces", { shop: {} }),
    "aks-istio:gateways": { ingress: { External: gateway } },
  };
  expect(problemsOf(config)).toEqual([
    "aks-istio:gateways.ingress.External.hosts: found null; must be a map of settings by name",
  ]);
});

function hasItsShape(config: Config): boolean {
  const own = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith("aks-istio:"))
      .map(([key, value]) => [key.slice("aks-istio:".length), value]),
  );
  return Shape.safeParse({ namespaces: {}, workloads: {}, ...own }).success;
}

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
  "azure-native:location: missing; must be an Azure region, such as westeurope; it has no default";

/** Mistakes that involve more than one setting, with all their messages. */
const TOGETHER: readonly (readonly [
  mistake: string,
  config: Config,
  lines: readonly string[],
  secrets?: readonly string[],
])[] = [
  // A mistyped key is validated as the key that it means, and causes no errors in others.
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
      'aks-istio:cluster.kubernetesVersion: found "1.29"; runs no supported revision; asm-1-30 runs on 1.32 to 1.36: choose one of these versions',
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
    "nested mistyped keys",
    { "aks-istio:namespace": { shop: { canry: "yes" } } },
    [
      "aks-istio:namespace.shop.canry: found (not shown: the key is mistyped); must be true or false",
      "aks-istio:namespace.shop.canry: no such setting; did you mean canary?",
      "aks-istio:namespace: no such setting; did you mean namespaces?",
    ],
  ],
  [
    "a mistyped key next to the right one",
    { "aks-istio:mesh": { revision: "asm-1-30", revison: "asm-1-29" } },
    ["aks-istio:mesh.revison: no such setting; did you mean revision?"],
  ],
  [
    "a secret in clear text under a mistyped key",
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
      "aks-istio:gitops.httpKey: found (not shown: the key is mistyped); must not be in the stack file in plain text; set it with pulumi config set --secret --path 'gitops.httpsKey'",
      "aks-istio:gitops.httpKey: no such setting; did you mean httpsKey?",
    ],
  ],
  // Unknown keys.
  [
    "the project's namespace mistyped, without the key in the right one",
    { "aks-istio:mesh": {}, "aksistio:mesh": { revision: "asm-1-16" } },
    [
      `aksistio:mesh.revision: found "asm-1-16"; is not a revision that AKS has offered; the known revisions are ${catalog.revisions.map(({ revision }) => revision).join(", ")}`,
      "aksistio:mesh: nothing reads this key; did you mean aks-istio:mesh?",
    ],
  ],
  [
    "the project's namespace mistyped next to the right key",
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
    "* as a host with a key in clear text",
    hosts({
      "*": { ...HOST, certificate: undefined, tlsCertificate: CERTIFICATE, tlsKey: PRIVATE_KEY },
    }),
    [
      'aks-istio:gateways.ingress.External.hosts["*"].tlsKey: found (secret); must not be in the stack file in plain text; set it with pulumi config set --secret --path \'gateways.ingress.External.hosts["*"].tlsKey\'',
      'aks-istio:gateways.ingress.External.hosts["*"]: the host must be a full name without *',
      "aks-istio:gateways.keyVaultId: does not apply, because no host has a certificate in it; remove it",
    ],
  ],
  [
    "a key that JavaScript itself uses, where no rule checks keys",
    { "aks-istio:tags": { ["__proto__"]: "x" } },
    [
      "aks-istio:tags.__proto__: is not allowed as a key, because JavaScript reserves the name; choose another",
    ],
  ],
  [
    "a refused namespace is not suggested",
    {
      "aks-istio:namespaces": { Payments_API: {} },
      "aks-istio:workloads": { demo: { namespace: "payments-api" } },
    },
    [
      "aks-istio:namespaces.Payments_API: the name must contain only lowercase letters, digits and hyphens",
    ],
  ],
  [
    "a sample with a name that is invalid for objects",
    { ...SHOP, "aks-istio:workloads": { Podinfo: { namespace: "shop" } } },
    [
      "aks-istio:workloads.Podinfo: the name must contain only lowercase letters, digits and hyphens",
    ],
  ],
  [
    "manual injection without its manifests, and manifests without it",
    {
      ...SHOP,
      "aks-istio:namespaces": { shop: {}, orders: {} },
      "aks-istio:workloads": {
        first: { namespace: "shop", injection: "manual" },
        second: { namespace: "orders", injected: "sidecars.yaml" },
      },
    },
    [
      "aks-istio:workloads.first.injected: missing; is required by injection: manual: the file with what `npx aks-istio inject` printed of the sample's Deployments",
      "aks-istio:workloads.second.injected: does not apply without injection: manual; remove it, or set injection to manual",
    ],
  ],
  [
    "values of samples",
    {
      ...SHOP,
      "aks-istio:workloads": {
        demo: {
          namespace: "shop",
          injection: "automatc",
          canaryWeight: 101,
          proxy: { resources: { cpu: "100m", memory: "128MB" } },
        },
      },
    },
    [
      "aks-istio:workloads.demo.canaryWeight: found 101; must be the canary's percentage of requests, a whole number from 0 to 100",
      'aks-istio:workloads.demo.injection: found "automatc"; must be one of automatic, manual, none; did you mean automatic?',
      'aks-istio:workloads.demo.proxy.resources.memory: found "128MB"; must be a quantity, such as "8", "500m" or "16Gi"',
      'aks-istio:workloads.demo.proxy.resources.memoryLimit: missing; must be a quantity, such as "8", "500m" or "16Gi"',
    ],
  ],
  [
    "options of sidecars that injection keeps out",
    {
      ...SHOP,
      "aks-istio:namespaces": { shop: {}, batch: { mesh: false } },
      "aks-istio:workloads": {
        first: { namespace: "shop", injection: "none", proxy: {}, canaryWeight: 0 },
        second: { namespace: "batch", canaryWeight: 50 },
      },
    },
    [
      "aks-istio:workloads.first.canaryWeight: found 0; requires sidecars, which injection: none keeps out; remove one",
      "aks-istio:workloads.first.proxy: does not apply to injection: none; remove it",
      "aks-istio:workloads.second.canaryWeight: found 50; requires sidecars, but the namespace batch is not in the mesh; remove it, or set namespaces.batch.mesh to true",
    ],
  ],
  [
    "a host for a missing namespace, without a vault for its certificate",
    {
      ...SHOP,
      "aks-istio:gateways": {
        ingress: { External: { hosts: { "shop.example.com": { ...HOST, namespace: "shpo" } } } },
      },
    },
    [
      'aks-istio:gateways.ingress.External.hosts["shop.example.com"].namespace: found "shpo"; is not one of the stack\'s namespaces; did you mean shop?',
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
    "an upgrade to an older revision, in an invalid phase",
    { "aks-istio:mesh": { revision: "asm-1-30", upgrade: { to: "asm-1-29", phase: "prepare" } } },
    [
      'aks-istio:mesh.upgrade.phase: found "prepare"; must be one of prepared, canary, promoted; did you mean prepared?',
      "aks-istio:mesh.upgrade.to: asm-1-29 is older than asm-1-30, but AKS does not downgrade a mesh.",
    ],
  ],
  [
    "an upgrade that only its last phase allows, in an invalid phase",
    { "aks-istio:mesh": { revision: "asm-1-27", upgrade: { to: "asm-1-30", phase: "promote" } } },
    [
      'aks-istio:mesh.upgrade.phase: found "promote"; must be one of prepared, canary, promoted; did you mean promoted?',
    ],
  ],
  // Annotations.
  [
    "an annotation for the other kind of gateway",
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
    "an annotation that shares only its prefix",
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
    "a region by its display name",
    { "azure-native:location": "West Europe" },
    [
      'azure-native:location: found "West Europe"; must be an Azure region in lowercase letters and digits; write westeurope',
    ],
  ],
  [
    "a region with a hyphen",
    { "azure-native:location": "north-europe" },
    [
      'azure-native:location: found "north-europe"; must be an Azure region in lowercase letters and digits; write northeurope',
    ],
  ],
  [
    "a region with line breaks and a control sequence",
    { "azure-native:location": "westeurope\n\u001b[2J" },
    [
      'azure-native:location: found "westeurope\\n\\u001b[2J"; must be an Azure region in lowercase letters and digits; write westeurope',
    ],
  ],
  [
    "an encrypted region",
    {},
    ["azure-native:location: found (secret); is not a secret; set it without --secret"],
    ["azure-native:location"],
  ],
  // Secrets.
  [
    "a repository URL for git clone, without credentials",
    {
      "aks-istio:gitops": {
        url: "git@github.com:a/b.git",
        kustomizations: APPS,
        reference: { branch: "main" },
      },
    },
    [
      "aks-istio:gitops.sshKnownHosts: missing; is required with an ssh URL",
      "aks-istio:gitops.sshPrivateKey: missing; is required with an ssh URL",
      'aks-istio:gitops.url: found "git@github.com:a/b.git"; must be the https:// or ssh:// URL of a Git repository, without a user\'s token in it; write git@host:org/repo as ssh://git@host/org/repo',
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
      "aks-istio:gitops.httpsKey: missing; is required with httpsUser",
      "aks-istio:gitops.sshPrivateKey: missing; is required with sshKnownHosts",
      "aks-istio:gitops.url: missing; must be the https:// or ssh:// URL of a Git repository, without a user's token in it",
    ],
  ],
  // Lists.
  [
    "a list with an invalid entry and a duplicate",
    {
      "aks-istio:access": { administrators: [ADMINISTRATOR, 5, ADMINISTRATOR] },
    },
    [
      "aks-istio:access.administrators: found a list; must not contain duplicates",
      "aks-istio:access.administrators[1]: found 5; must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours, in quotes",
    ],
  ],
  [
    "a repository URL for git clone, next to a secret",
    {
      "aks-istio:gitops": {
        url: "git@github.com:a/b.git",
        kustomizations: APPS,
        reference: { branch: "main" },
        sshPrivateKey: SSH_PRIVATE_KEY,
        sshKnownHosts: "github.com ssh-ed25519 AAAA",
      },
    },
    [
      "aks-istio:gitops.url: found (not shown: gitops holds a secret); must be the https:// or ssh:// URL of a Git repository, without a user's token in it; write git@host:org/repo as ssh://git@host/org/repo",
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

/** A value of the wrong type in every section, and one or two further mistakes. */
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

/** A mistyped key does not replace a correct one that exists. */
const MISTYPED = [
  "namespace: for namespaces:",
  "nested mistyped keys",
  "the project's namespace mistyped, without the key in the right one",
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
])("also refuses $mistake next to mistakes in every section", ({ config, secrets }) => {
  const beside = problemsOf(laidOver(WRONG_EVERYWHERE, config) as Config, secrets);
  expect(problemsOf(config, secrets).filter((line) => !beside.includes(line))).toEqual([]);
});

/** Maps are merged key by key; any other value replaces the first. */
function laidOver(below: unknown, own: unknown): unknown {
  if (!isMap(below) || !isMap(own)) return own;
  const both = Object.entries(own).map(([key, value]) => [key, laidOver(below[key], value)]);
  return { ...below, ...Object.fromEntries(both) } as unknown;
}

/** A possible mistake is a warning and stops nothing. */
const WARNED: readonly (readonly [mistake: string, config: Config, lines: readonly string[]])[] = [
  [
    "a revision newer than the catalog",
    withKey("mesh", { revision: "asm-1-99" }),
    [
      `aks-istio:mesh.revision: asm-1-99 is newer than ${newestRevision()}, the newest revision known here, so it could not be checked`,
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
      "aks-istio:cluster.kubernetesVersion: 1.33 is out of support under KubernetesOfficial, and AKS does not create new clusters with it; upgrade to 1.34 or later, one minor version at a time, or set supportPlan to AKSLongTermSupport",
    ],
  ],
  [
    "a Kubernetes version out of support under every plan",
    {
      ...withKey("cluster", { kubernetesVersion: "1.29" }),
      "aks-istio:mesh": { revision: "asm-1-27" },
    },
    [
      "aks-istio:cluster.kubernetesVersion: 1.29 is out of support under KubernetesOfficial, and AKS does not create new clusters with it; upgrade to 1.34 or later, one minor version at a time",
    ],
  ],
  [
    "a sidecar scope with a namespace that the stack does not create, and with some that are always included",
    withKey("namespaces", {
      shop: { sidecarScope: ["cart", "ledger", "kube-system", "aks-istio-egress"] },
      carts: { sidecarScope: ["shop"] },
    }),
    [
      "aks-istio:namespaces.shop.sidecarScope[0]: cart is not one of the stack's namespaces, so whether it exists could not be checked; if it does not exist, it adds no services to the sidecars in shop; did you mean carts?",
      "aks-istio:namespaces.shop.sidecarScope[1]: ledger is not one of the stack's namespaces, so whether it exists could not be checked; if it does not exist, it adds no services to the sidecars in shop",
    ],
  ],
  [
    "a private range for an API server in the virtual network",
    withKey("cluster", {
      apiServer: { access: "vnet-integrated", authorizedIPRanges: ["10.1.0.0/16"] },
    }),
    [
      'aks-istio:cluster.apiServer.authorizedIPRanges[0]: found "10.1.0.0/16"; is private, but AKS documents only public addresses, and the Azure CLI refuses private ones; use the public address that requests come from',
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

test.each(WARNED)("warns about %s", (_, config, lines) => {
  expect(parsed(config)).toMatchObject({ warnings: lines });
});

test("has no warning about supported, known versions", () => {
  for (const kubernetesVersion of ["1.34", "1.36"]) {
    expect(parsed(withKey("cluster", { kubernetesVersion }))).toMatchObject({ warnings: [] });
  }
  const longTerm = { kubernetesVersion: "1.33", supportPlan: "AKSLongTermSupport" };
  expect(parsed(withKey("cluster", longTerm))).toMatchObject({ warnings: [] });
});

test("there are at least sixty mistakes here", () => {
  expect(REFUSED.length + TOGETHER.length + WARNED.length).toBeGreaterThanOrEqual(60);
});
