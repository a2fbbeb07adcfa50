import { expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { beside, compliant, provider, replaced } from "../support/compliantStack.ts";
import { UNKNOWN } from "../support/fixtures.ts";
import type { Fixture, Props } from "../support/fixtures.ts";
import { run } from "../support/policy.ts";

type Path = readonly (string | number)[];

const MESH = "ManagedCluster orders";
const PLAIN = "ManagedCluster plain";
const ISTIO: Path = ["serviceMeshProfile", "istio"];
const SHOP = "Namespace shop";
const EDGE = "Gateway shop";
const LISTENER: Path = ["spec", "listeners", 0];
const PARENT: Path = ["spec", "parentRefs", 0];
const LABELS: Path = ["metadata", "labels"];
const WEB = "Deployment shop";
const POD: Path = ["spec", "template", "spec"];
const CONTAINER: Path = [...POD, "containers", 0];

const DIGEST = `sha256:${"8f".repeat(32)}`;

/** A resource of the compliant stack by kind and name, one of its fields, another value, and the rules that object. */
const MUTATIONS: readonly (readonly [of: string, path: Path, value: unknown, by: string[]])[] = [
  [MESH, ["addonProfiles", "openServiceMesh", "enabled"], true, ["mesh-osm-conflict"]],
  [MESH, [...ISTIO, "revisions"], ["asm-1-30"], ["meshconfig-no-leftover"]],
  [MESH, [...ISTIO, "revisions"], ["asm-1-30", "asm-1-29"], ["mesh-revision-order"]],
  [
    MESH,
    [...ISTIO, "revisions"],
    ["asm-1-30", "asm-1-30"],
    ["mesh-revision-count", "meshconfig-no-leftover"],
  ],

  [
    MESH,
    [...ISTIO, "revisions"],
    ["asm-1-27", "asm-1-30"],
    ["mesh-coverage", "meshconfig-per-revision"],
  ],
  [
    MESH,
    [...ISTIO, "revisions", 1],
    "asm-1-99x",
    ["mesh-revision-known", "mesh-revision-patched", "ns-revision-on-cluster"],
  ],
  [MESH, [...ISTIO, "revisions"], undefined, ["mesh-coverage", "mesh-revision-pinned"]],
  [
    MESH,
    ["kubernetesVersion"],
    "1.30",
    ["aks-kubernetes-supported", "aks-pool-version-skew", "mesh-revision-kubernetes-compat"],
  ],
  [
    MESH,
    [...ISTIO, "components", "ingressGateways", 0, "mode"],
    "Public",
    ["gateway-addon-selector", "mesh-ingress-gateway-modes"],
  ],
  [
    MESH,
    [...ISTIO, "components", "ingressGateways", 0, "enabled"],
    false,
    ["gateway-addon-selector"],
  ],
  [
    MESH,
    [...ISTIO, "components", "egressGateways", 0, "gatewayConfigurationName"],
    undefined,
    ["mesh-egress-prerequisites"],
  ],
  [
    MESH,
    [...ISTIO, "components", "proxyRedirectionMechanism"],
    "InitContainers",
    ["ns-pod-security-compatible"],
  ],
  [
    MESH,
    ["networkProfile", "staticEgressGatewayProfile", "enabled"],
    false,
    ["mesh-egress-prerequisites"],
  ],
  [PLAIN, ["kubernetesVersion"], "1.33", ["aks-kubernetes-supported"]],
  [PLAIN, ["networkProfile", "networkPolicy"], "none", ["aks-network-policy"]],
  [
    MESH,
    [...ISTIO, "certificateAuthority", "plugin", "keyObjectName"],
    undefined,
    ["mesh-plugin-ca-complete"],
  ],
  [
    MESH,
    ["addonProfiles", "azureKeyvaultSecretsProvider", "enabled"],
    false,
    ["mesh-plugin-ca-complete"],
  ],
  [PLAIN, ["addonProfiles", "azurepolicy", "enabled"], false, ["aks-azure-policy-addon"]],
  [
    MESH,
    ["ingressProfile", "webAppRouting", "gatewayAPIImplementations", "appRoutingIstio", "mode"],
    "Enabled",
    ["mesh-approuting-gateway-conflict"],
  ],
  [MESH, ["disableLocalAccounts"], false, ["aks-local-accounts-disabled"]],
  [MESH, ["apiServerAccessProfile"], undefined, ["aks-api-restricted", "aks-run-command-disabled"]],
  [MESH, ["securityProfile"], undefined, ["aks-defender"]],
  [
    MESH,
    [...ISTIO, "revisions"],
    ["asm-1-30", "asm-1-31"],
    ["mesh-revision-in-catalog", "meshconfig-no-leftover", "meshconfig-per-revision"],
  ],
  [
    MESH,
    [...ISTIO, "components", "ingressGateways", 0, "mode"],
    "External",
    ["gateway-addon-selector", "mesh-no-external-ingress"],
  ],
  [
    MESH,
    ["addonProfiles", "azureKeyvaultSecretsProvider", "config", "enableSecretRotation"],
    "false",
    ["mesh-plugin-ca-rotation"],
  ],
  [SHOP, ["metadata", "name"], "istio-system", ["mesh-no-istio-system-namespace"]],
  [SHOP, ["metadata", "name"], "kube-shop", ["ns-reserved-prefix"]],
  [SHOP, [...LABELS, "control-plane"], "shop", ["ns-no-aks-internal-labels"]],
  [SHOP, ["metadata", "name"], "default", ["ns-default-not-in-mesh"]],
  [
    WEB,
    ["spec", "template", "metadata", "annotations"],
    { "traffic.sidecar.istio.io/excludeOutboundPorts": "*" },
    ["pod-traffic-annotations-valid"],
  ],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "servers", 1, "tls", "credentialName"],
    undefined,
    ["gateway-tls-complete"],
  ],
  ["AgentPool egress", ["orchestratorVersion"], "1.33", ["aks-pool-version-behind"]],
  [PLAIN, ["autoUpgradeProfile"], undefined, ["aks-upgrade-channels"]],
  [SHOP, [...LABELS, "istio.io/rev"], "asm-1-27", ["ns-revision-on-cluster"]],
  [SHOP, [...LABELS, "istio.io/rev"], undefined, ["ns-mesh-decision-explicit"]],
  [
    SHOP,
    [...LABELS, "istio-injection"],
    "enabled",
    ["ns-no-legacy-injection-label", "ns-single-injection-label"],
  ],
  [
    SHOP,
    [...LABELS, "istio.io/dataplane-mode"],
    "ambient",
    ["ns-no-ambient", "ns-single-injection-label"],
  ],
  [SHOP, [...LABELS, "openservicemesh.io/monitored-by"], "osm", ["ns-no-osm-markers"]],
  [SHOP, ["metadata", "name"], "kube-system", ["ns-system-not-injected"]],
  [WEB, [...POD, "hostNetwork"], true, ["pod-no-host-network"]],
  [WEB, [...POD, "securityContext", "runAsUser"], 1337, ["pod-reserved-uid"]],
  [WEB, [...POD, "nodeSelector"], { "kubernetes.io/os": "windows" }, ["pod-linux-nodes-only"]],
  [WEB, [...POD, "serviceAccountName"], undefined, ["workload-restricted-security"]],
  [
    WEB,
    ["spec", "template", "metadata", "labels", "sidecar.istio.io/inject"],
    "false",
    ["pod-no-injection-optout"],
  ],
  [
    WEB,
    ["spec", "template", "metadata", "labels", "istio.io/rev"],
    "asm-1-27",
    ["ns-revision-on-cluster"],
  ],
  // Its autoscaler sets the count.
  [WEB, ["spec", "replicas"], 1, []],
  [PLAIN, ["addonProfiles", "openServiceMesh"], { enabled: true }, ["osm-addon-migration"]],
  [
    WEB,
    [...CONTAINER, "image"],
    `docker.io/istio/pilot:1.30.0@${DIGEST}`,
    ["mesh-no-istio-control-plane"],
  ],
  [PLAIN, ["oidcIssuerProfile"], undefined, ["aks-workload-identity-oidc"]],
  [PLAIN, ["aadProfile"], undefined, ["aks-entra-azure-rbac"]],
  [PLAIN, ["sku", "tier"], "Free", ["aks-sla-tier"]],
  [PLAIN, ["azureMonitorProfile"], undefined, ["aks-monitoring"]],
  [PLAIN, ["agentPoolProfiles", 0, "availabilityZones"], undefined, ["aks-zones-and-min-nodes"]],
  [WEB, [...CONTAINER, "image"], "ghcr.io/shop/web:latest", ["workload-restricted-security"]],
  [
    WEB,
    [...CONTAINER, "env"],
    [{ name: "DB_PASSWORD", value: "correct-horse" }],
    ["workload-no-plain-secrets"],
  ],
  [WEB, [...CONTAINER, "readinessProbe"], undefined, ["workload-resources-and-probes"]],
  [WEB, [...CONTAINER, "resources", "limits"], undefined, ["workload-resources-and-probes"]],
  [
    WEB,
    [...CONTAINER, "securityContext", "capabilities", "add"],
    ["NET_ADMIN"],
    ["workload-restricted-security"],
  ],
  ["PodDisruptionBudget web", ["spec", "minAvailable"], 2, ["workload-availability"]],
  ["HorizontalPodAutoscaler shop", ["spec", "minReplicas"], 1, ["workload-availability"]],
  ["Service shop", ["spec", "ports", 0], { name: "web", port: 80 }, ["service-port-protocol"]],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "selector", "istio"],
    "ingressgateway",
    ["gateway-addon-selector"],
  ],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "servers", 0, "tls"],
    undefined,
    ["gateway-tls-and-hosts"],
  ],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "servers", 1, "hosts", 0],
    "*",
    ["gateway-tls-and-hosts"],
  ],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "servers", 1, "tls", "minProtocolVersion"],
    "TLSV1_0",
    ["gateway-tls-and-hosts"],
  ],
  [
    "Gateway aks-istio-ingress-web",
    ["spec", "servers", 0],
    {
      port: { number: 443, protocol: "HTTPS" },
      hosts: ["shop/blog.example.com"],
      tls: { mode: "SIMPLE", credentialName: "web" },
    },
    ["gateway-one-server-per-certificate"],
  ],
  [
    "VirtualService shop-web",
    ["spec", "http", 0, "route", 0, "destination", "subset"],
    "v2",
    ["istio-config-conflicts"],
  ],
  ["VirtualService shop-web", ["spec", "gateways", 0], "aks-istio-ingress/wed", ["mesh-coverage"]],
  [
    "DestinationRule shop-web",
    ["spec", "trafficPolicy", "tls", "mode"],
    "DISABLE",
    ["mtls-client-conflict"],
  ],
  [
    "PeerAuthentication aks-istio-system-web",
    ["spec", "mtls", "mode"],
    "PERMISSIVE",
    ["mtls-strict-no-conflict"],
  ],
  [
    "AuthorizationPolicy shop-web",
    ["spec", "rules", 0, "from", 0, "source"],
    { notNamespaces: ["a"] },
    ["authz-default-deny"],
  ],
  [
    "AuthorizationPolicy shop-web",
    ["spec", "rules", 0, "from", 0, "source"],
    { namespaces: ["istio-system"] },
    ["istio-addon-names"],
  ],
  [
    "Telemetry shop-web",
    ["spec", "accessLogging"],
    [{ filter: { expression: "response.code >= 400" } }],
    ["istio-telemetry-allowed-fields"],
  ],
  [
    "AuthorizationPolicy shop-web",
    ["spec"],
    { action: "CUSTOM", provider: { name: "login" }, rules: [{}] },
    ["authz-custom-provider"],
  ],
  ["Service shop", ["spec", "type"], "LoadBalancer", ["service-probe-path"]],
  [EDGE, [...LABELS, "istio.io/rev"], undefined, ["gatewayapi-revision-named"]],
  [EDGE, [...LISTENER, "protocol"], "TCP", ["gatewayapi-kinds-read"]],
  [EDGE, ["spec", "listeners", 1, "tls", "mode"], "Passthrough", ["gatewayapi-listeners-valid"]],
  [
    "ConfigMap web-options",
    ["data", "horizontalPodAutoscaler"],
    "spec: { minReplicas: 1 }",
    ["gatewayapi-options-allowed"],
  ],
  // Another stack may create a grant in the namespace, which AKS creates.
  ["ReferenceGrant shop", ["spec", "from", 0, "kind"], "HTTPRoute", ["mesh-coverage"]],
  [
    "HTTPRoute shop",
    ["spec", "rules", 0, "backendRefs", 0, "port"],
    81,
    ["gatewayapi-backends-exist"],
  ],
  ["HTTPRoute shop", [...PARENT, "sectionName"], "http", ["gatewayapi-routes-attach"]],
  ["HTTPRoute shop", ["spec", "hostnames"], ["a.example.com"], ["gatewayapi-routes-attach"]],
  ["ConfigMap shop", ["data", "mesh"], "concurrency: 0", ["meshconfig-allowed-fields"]],
  ["ConfigMap shop", ["data", "mesh"], "rootNamespace: a", ["meshconfig-allowed-fields"]],
  [
    "ConfigMap shop",
    ["data", "mesh"],
    "discoverySelectors: [{ matchLabels: { team: ops } }]",
    ["mesh-coverage", "meshconfig-discovery-selectors"],
  ],
  [
    "ConfigMap shop",
    ["metadata", "name"],
    "istio-shared-configmap-asm-1-28",
    ["meshconfig-no-leftover", "meshconfig-per-revision"],
  ],
  [
    "FluxConfiguration apps",
    ["gitRepository", "url"],
    "https://a:b@git.example.com/shop",
    ["flux-source-pinned-and-private"],
  ],
  [
    "FluxConfiguration apps",
    ["kustomizations", "apps", "dependsOn"],
    ["apps"],
    ["flux-can-reconcile"],
  ],
  [
    "FluxConfiguration apps",
    ["kustomizations", "apps", "prune"],
    undefined,
    ["flux-prune-wait-order"],
  ],
  [
    "MutatingWebhookConfiguration shop",
    ["webhooks", 0, "clientConfig", "service", "namespace"],
    "istio-system",
    ["mesh-foreign-istio-webhook"],
  ],
  [
    "CustomResourceDefinition shop",
    ["spec", "group"],
    "networking.istio.io",
    ["mesh-no-istio-operator-or-crds"],
  ],
  [
    MESH,
    ["networkProfile", "advancedNetworking"],
    { enabled: true, security: { enabled: true, advancedNetworkPolicies: "L7" } },
    ["mesh-advanced-networking-conflict"],
  ],
  [
    "Release shop",
    ["chart"],
    "oci://mcr.microsoft.com/application-lb/charts/alb-controller-servicemesh-extension",
    ["mesh-alb-extension-conflict"],
  ],
  ["Release shop", ["chart"], "istiod", ["mesh-no-istio-helm"]],
  [
    "ServicePatch shop",
    ["metadata", "annotations", "service.beta.kubernetes.io/azure-dns-label-nam"],
    "a",
    ["mesh-managed-objects-untouched"],
  ],
  ["MaintenanceConfiguration default", ["configName"], "other", ["aks-maintenance-windows"]],
  ["DiagnosticSetting audit", ["logs"], [], ["aks-monitoring"]],
  ["AgentPool egress", ["mode"], "User", ["mesh-egress-prerequisites"]],
  ["AgentPool egress", ["orchestratorVersion"], "1.35", ["aks-pool-version-skew"]],
];

function resource(name: string): Fixture {
  const found = compliant.filter(
    (one) => `${one.type.split(":").at(-1) ?? ""} ${one.name}` === name,
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} are ${name}.`);
  return only;
}

/** The rules that object to the compliant stack with one resource replaced. */
async function objectors(of: Fixture, props: Props): Promise<readonly string[]> {
  const all = [provider, ...beside, ...compliant];
  const swapped = new Map<Fixture, Fixture>();
  // With every reference to it: as provider, as source of a property, as dependency.
  const swap = (fixture: Fixture): Fixture => {
    const known = swapped.get(fixture);
    if (known !== undefined) return known;
    const { provider: by, from, dependsOn } = fixture;
    const result: Fixture = {
      ...fixture,
      ...(fixture === of && { props }),
      ...(by && { provider: swap(by) }),
      ...(from && {
        from: Object.fromEntries(
          Object.entries(from).map(([key, sources]) => [key, sources.map(swap)]),
        ),
      }),
      ...(dependsOn && { dependsOn: dependsOn.map(swap) }),
    };
    swapped.set(fixture, result);
    return result;
  };
  const reports = await run(rules, all.map(swap));
  return [...new Set(reports.map(({ policy }) => policy))].sort();
}

/** The properties with another value at one path; without the path if the value is undefined. */
function withChange(props: Props, path: Path, value: unknown): Props {
  return JSON.parse(JSON.stringify(replaced(props, path, value))) as Props;
}

test.each(MUTATIONS)("%s with %j as %j is reported by %j only", async (name, path, value, by) => {
  const of = resource(name);
  expect(await objectors(of, withChange(of.props, path, value))).toEqual(by);
});

test("every rule reports a change, except those about kinds and namespaces that the stack lacks, and another day", () => {
  const heard = new Set(MUTATIONS.flatMap(([, , , by]) => by));
  expect(rules.map(({ name }) => name).filter((name) => !heard.has(name))).toEqual([
    "aks-stable-api-version",
    "mesh-application-network-conflict",
    "mesh-blocked-custom-resources",
    "mesh-envoyfilter-unsupported",
    "mesh-revision-gap",
    "mesh-revision-supported",
    "mesh-sidecar-scope",
    "osm-addon-retired",
    "pod-inject-label-ineffective",
  ]);
});

const CRITICAL = rules.filter(({ severity }) => severity === "critical");
/** Those that report an unknown value. */
const CLOSED = new Set(
  CRITICAL.filter(({ unknown }) => unknown === "violation").map(({ name }) => name),
);

test("a critical rule reports unknown values, except those that would reject any image", () => {
  const open = CRITICAL.map(({ name }) => name).filter((name) => !CLOSED.has(name));
  expect(open).toEqual(["mesh-no-istio-control-plane"]);
});

// No rule judges whether a namespace with an unknown name is a system namespace: most names are known only later.
test.each(
  MUTATIONS.filter(
    ([, path, value, by]) =>
      value !== undefined &&
      path.join(".") !== "metadata.name" &&
      by.some((rule) => CLOSED.has(rule)),
  ),
)("%s with an unknown %j is reported as with %j, by %j", async (name, path, _, by) => {
  const of = resource(name);
  const critical = by.filter((rule) => CLOSED.has(rule));
  expect(await objectors(of, withChange(of.props, path, UNKNOWN))).toEqual(
    expect.arrayContaining(critical),
  );
});
