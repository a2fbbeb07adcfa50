import { MESH_DECISION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import { AUDIT, WINDOWS, hardened, hardenedClassic } from "./aks.ts";
import { UNKNOWN, helmRelease, kubernetes, namespace, object } from "./fixtures.ts";
import type { Fixture } from "./fixtures.ts";
import { budget, podSpec, template as workloadTemplate } from "./workloads.ts";

/** The cluster, with every feature of the mesh. */
export const mesh = hardened({
  addonProfiles: {
    azurepolicy: { enabled: true },
    openServiceMesh: { enabled: false },
    azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
  },
  supportPlan: "KubernetesOfficial",
  sku: { name: "Automatic", tier: "Standard" },
  ingressProfile: {
    webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode: "Disabled" } } },
  },
  networkProfile: { networkPolicy: "cilium", staticEgressGatewayProfile: { enabled: true } },
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: ["asm-1-29", "asm-1-30"],
      components: {
        proxyRedirectionMechanism: "CNIChaining",
        ingressGateways: [{ mode: "Internal", enabled: true }],
        egressGateways: [{ name: "partners", gatewayConfigurationName: "partners", enabled: true }],
      },
      certificateAuthority: {
        plugin: {
          keyVaultId: UNKNOWN,
          rootCertObjectName: "root-cert",
          certObjectName: "ca-cert",
          keyObjectName: "ca-key",
          certChainObjectName: "cert-chain",
        },
      },
    },
  },
});
export const provider = kubernetes(mesh);
export const labels = { [REVISION_LABEL]: "asm-1-30", team: "web" };
const ENFORCED = { "pod-security.kubernetes.io/enforce": "restricted" };
const restricted = { ...labels, ...ENFORCED };
const template = workloadTemplate(podSpec(), { labels });

const inShop = { name: "web", namespace: "shop" };

const FLUX: Fixture = {
  type: "azure-native:kubernetesconfiguration:Extension",
  name: "flux",
  props: { extensionType: "microsoft.flux" },
};

const istio = (api: string, kind: string, where: string, spec: object) =>
  object(
    provider,
    `${api}.istio.io/v1`,
    kind,
    { metadata: { name: "web", namespace: where }, spec },
    `${where}-web`,
  );

/** A compliant resource of every kind that rules check. */
export const compliant: readonly Fixture[] = [
  mesh,
  hardened({ serviceMeshProfile: undefined }, "plain"),
  hardenedClassic({ openServiceMeshEnabled: false }, "classic"),
  ...WINDOWS.slice(-1),
  AUDIT,
  namespace(provider, restricted),
  object(provider, "core/v1", "NamespaceList", { items: [{ metadata: { name: "a", labels } }] }),
  object(provider, "core/v1", "Pod", { metadata: inShop, spec: podSpec() }),
  object(provider, "apps/v1", "Deployment", { metadata: inShop, spec: { replicas: 2, template } }),
  budget({ minAvailable: 1, maxUnavailable: undefined }, "web", provider),
  object(provider, "autoscaling/v2", "HorizontalPodAutoscaler", {
    metadata: inShop,
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, minReplicas: 2 },
  }),
  object(provider, "core/v1", "Service", {
    metadata: inShop,
    spec: { ports: [{ name: "http", port: 80, protocol: "TCP", appProtocol: "http" }] },
  }),
  object(provider, "batch/v1", "CronJob", { spec: { jobTemplate: { spec: { template } } } }),
  namespace(provider, { [MESH_DECISION_LABEL]: "outside", ...ENFORCED }, "edge"),
  object(provider, "gateway.networking.k8s.io/v1", "Gateway", {
    metadata: { name: "web", namespace: "edge", labels },
    spec: {
      gatewayClassName: "istio",
      infrastructure: { parametersRef: { group: "", kind: "ConfigMap", name: "web-options" } },
      listeners: [
        { name: "http", port: 80, protocol: "HTTP" },
        {
          name: "https",
          port: 443,
          protocol: "HTTPS",
          hostname: "shop.example.com",
          tls: { certificateRefs: [{ name: "web", namespace: "aks-istio-ingress" }] },
          allowedRoutes: {
            namespaces: { from: "Selector", selector: { matchLabels: { team: "web" } } },
          },
        },
      ],
    },
  }),
  object(
    provider,
    "core/v1",
    "ConfigMap",
    {
      metadata: { name: "web-options", namespace: "edge" },
      data: { horizontalPodAutoscaler: "spec: { minReplicas: 2, maxReplicas: 4 }" },
    },
    "web-options",
  ),
  object(provider, "gateway.networking.k8s.io/v1beta1", "ReferenceGrant", {
    metadata: { name: "web", namespace: "aks-istio-ingress" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "edge" }],
      to: [{ group: "", kind: "Secret", name: "web" }],
    },
  }),
  object(provider, "gateway.networking.k8s.io/v1", "HTTPRoute", {
    metadata: inShop,
    spec: {
      parentRefs: [{ name: "web", namespace: "edge", sectionName: "https" }],
      hostnames: ["shop.example.com"],
      rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
    },
  }),
  helmRelease(provider),
  object(provider, "helm.sh/v3", "Chart", {
    chart: "podinfo",
    fetchOpts: { repo: "https://example.com" },
  }),
  object(provider, "helm.toolkit.fluxcd.io/v2", "HelmRelease", {
    spec: {
      chart: { spec: { chart: "podinfo", sourceRef: { kind: "HelmRepository", name: "podinfo" } } },
    },
  }),
  object(provider, "source.toolkit.fluxcd.io/v1", "HelmRepository", {
    metadata: { name: "podinfo" },
    spec: { url: "https://example.com" },
  }),
  object(provider, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", {
    metadata: { labels: { "istio.io/tag": "prod", [REVISION_LABEL]: "asm-1-30" } },
    webhooks: [
      {
        name: "rev.namespace.sidecar-injector.istio.io",
        clientConfig: { service: { name: "istiod-asm-1-30", namespace: "aks-istio-system" } },
      },
    ],
  }),
  object(provider, "apiextensions.k8s.io/v1", "CustomResourceDefinition", {
    metadata: { name: "orders.shop.example.com" },
    spec: { group: "shop.example.com" },
  }),
  object(provider, "core/v1", "ConfigMap", {
    metadata: { name: "istio-shared-configmap-asm-1-30", namespace: "aks-istio-system" },
    data: { mesh: "accessLogFile: /dev/stdout" },
  }),
  object(provider, "core/v1", "ServicePatch", {
    metadata: {
      name: "aks-istio-ingressgateway-internal",
      namespace: "aks-istio-ingress",
      annotations: {
        "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "ingress",
        "pulumi.com/patchForce": "true",
      },
    },
    spec: { externalTrafficPolicy: "Local" },
  }),
  object(provider, "apps/v1", "DeploymentPatch", {
    metadata: {
      name: "aks-istio-ingressgateway-internal-asm-1-30",
      namespace: "aks-istio-ingress",
    },
    spec: { template: { spec: { terminationGracePeriodSeconds: 60 } } },
  }),
  object(provider, "autoscaling/v2", "HorizontalPodAutoscalerPatch", {
    metadata: {
      name: "aks-istio-ingressgateway-internal-asm-1-30",
      namespace: "aks-istio-ingress",
    },
    spec: { minReplicas: 3, maxReplicas: 6 },
  }),
  {
    type: "azure-native:containerservice:AgentPool",
    name: "egress",
    props: {
      resourceName: "orders",
      mode: "Gateway",
      orchestratorVersion: "1.34",
      availabilityZones: ["1", "2", "3"],
      gatewayProfile: { publicIPPrefixSize: 31 },
    },
  },
  FLUX,
  {
    type: "azure-native:kubernetesconfiguration:FluxConfiguration",
    name: "apps",
    dependsOn: [FLUX],
    props: {
      scope: "cluster",
      namespace: "flux-system",
      gitRepository: {
        url: "ssh://git@git.example.com/shop",
        sshKnownHosts: "Z2l0",
        repositoryRef: { tag: "v1.0.0" },
      },
      kustomizations: {
        infrastructure: { prune: true, wait: true },
        apps: {
          prune: true,
          dependsOn: ["infrastructure"],
          postBuild: { substitute: { mesh_revision: "asm-1-30" } },
        },
      },
    },
  },
  istio("networking", "Gateway", "aks-istio-ingress", {
    selector: { istio: "aks-istio-ingressgateway-internal" },
    servers: [
      {
        port: { number: 80, protocol: "HTTP" },
        hosts: ["shop/shop.example.com"],
        tls: { httpsRedirect: true },
      },
      {
        port: { number: 443, protocol: "HTTPS" },
        hosts: ["shop/shop.example.com"],
        tls: { mode: "SIMPLE", credentialName: "web", minProtocolVersion: "TLSV1_2" },
      },
    ],
  }),
  object(provider, "core/v1", "Secret", {
    metadata: { name: "web", namespace: "aks-istio-ingress" },
  }),
  istio("networking", "VirtualService", "shop", {
    hosts: ["shop.example.com"],
    gateways: ["aks-istio-ingress/web", "mesh"],
    exportTo: ["."],
    http: [
      {
        route: [{ destination: { host: "web", subset: "v1", port: { number: 80 } } }],
        mirrors: [{ destination: { host: "api.example.com" } }],
      },
    ],
  }),
  istio("networking", "DestinationRule", "shop", {
    host: "web",
    trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" }, portLevelSettings: [{ port: { number: 80 } }] },
    subsets: [{ name: "v1", labels }],
  }),
  istio("networking", "ServiceEntry", "shop", {
    hosts: ["api.example.com"],
    exportTo: ["*"],
    ports: [{ number: 443, protocol: "TLS" }],
  }),
  istio("telemetry", "Telemetry", "shop", { selector: { matchLabels: labels } }),
  istio("security", "PeerAuthentication", "aks-istio-system", {
    mtls: { mode: "STRICT" },
    portLevelMtls: { 8080: { mode: "STRICT" } },
  }),
  istio("security", "AuthorizationPolicy", "aks-istio-system", {}),
  istio("security", "AuthorizationPolicy", "shop", {
    action: "ALLOW",
    rules: [
      {
        from: [{ source: { namespaces: ["aks-istio-ingress"] } }],
        to: [{ operation: { methods: ["GET"] } }],
        when: [{ key: "request.headers[x]", values: ["a"] }],
      },
    ],
  }),
];

/** Resources that make the others compliant. */
export const beside: readonly Fixture[] = [
  ...WINDOWS.slice(0, -1),
  object(
    provider,
    "core/v1",
    "ConfigMap",
    { metadata: { name: "istio-shared-configmap-asm-1-29", namespace: "aks-istio-system" } },
    "before",
  ),
];

/** The value with the part at a path replaced. */
export function replaced(
  value: unknown,
  [key, ...path]: readonly (string | number)[],
  by: unknown,
): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const copy: unknown[] | Record<string, unknown> = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...value };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), path, by));
  return copy;
}
