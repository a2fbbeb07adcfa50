import * as containerservice from "@pulumi/azure-native/containerservice";
import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const REVISION = "asm-1-30";
const CONTROL_PLANE = "aks-istio-system";
const INGRESS = "aks-istio-ingress";

const group = new resources.ResourceGroup("shop");

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "shop",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  networkProfile: { staticEgressGatewayProfile: { enabled: true } },
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: [REVISION],
      components: {
        ingressGateways: [{ mode: "Internal", enabled: true }],
        egressGateways: [
          {
            name: "partners",
            namespace: "shop",
            enabled: true,
            gatewayConfigurationName: "partners",
          },
        ],
      },
    },
  },
});
const pool = new containerservice.AgentPool("egress", {
  resourceGroupName: group.name,
  resourceName: cluster.name,
  agentPoolName: "egress",
  mode: "Gateway",
  count: 2,
  vmSize: "Standard_D4s_v5",
  gatewayProfile: { publicIPPrefixSize: 31 },
});

const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});
const provider = new k8s.Provider("shop", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first.value, "base64").toString(),
  ),
});
const opts = { provider };

function istio(
  api: string,
  kind: string,
  name: string,
  namespace: pulumi.Input<string>,
  spec: object,
) {
  return new k8s.apiextensions.CustomResource(
    `${name}-${kind.toLowerCase()}`,
    { apiVersion: `${api}.istio.io/v1`, kind, metadata: { name, namespace }, spec },
    opts,
  );
}

const shop = new k8s.core.v1.Namespace(
  "shop",
  { metadata: { name: "shop", labels: { "istio.io/rev": REVISION } } },
  opts,
);
const namespace = shop.metadata.name;

// The whole mesh.
new k8s.core.v1.ConfigMap(
  "mesh",
  {
    metadata: { name: `istio-shared-configmap-${REVISION}`, namespace: CONTROL_PLANE },
    data: { mesh: "accessLogFile: /dev/stdout\ndefaultConfig:\n  concurrency: 2\n" },
  },
  opts,
);
istio("security", "PeerAuthentication", "default", CONTROL_PLANE, { mtls: { mode: "STRICT" } });
istio("telemetry", "Telemetry", "access-logs", CONTROL_PLANE, {
  accessLogging: [{ providers: [{ name: "envoy" }] }],
});

// Who may call whom.
istio("security", "AuthorizationPolicy", "default-deny", namespace, {});
istio("security", "AuthorizationPolicy", "frontend", namespace, {
  selector: { matchLabels: { app: "frontend" } },
  action: "ALLOW",
  rules: [{ from: [{ source: { namespaces: [INGRESS] } }] }],
});

// Ingress.
const frontend = new k8s.core.v1.Service(
  "frontend",
  {
    metadata: { name: "frontend", namespace },
    spec: { selector: { app: "frontend" }, ports: [{ name: "http", port: 80 }] },
  },
  opts,
);
const config = new pulumi.Config();
new k8s.core.v1.Secret(
  "shop-tls",
  {
    metadata: { name: "shop-tls", namespace: INGRESS },
    type: "kubernetes.io/tls",
    stringData: {
      "tls.crt": config.get("certificate") ?? "",
      "tls.key": config.getSecret("key") ?? "",
    },
  },
  opts,
);
istio("networking", "Gateway", "shop", INGRESS, {
  selector: { istio: "aks-istio-ingressgateway-internal" },
  servers: [
    {
      port: { number: 80, name: "http", protocol: "HTTP" },
      hosts: ["shop/shop.example.com"],
      tls: { httpsRedirect: true },
    },
    {
      port: { number: 443, name: "https", protocol: "HTTPS" },
      hosts: ["shop/shop.example.com"],
      tls: { mode: "SIMPLE", credentialName: "shop-tls", minProtocolVersion: "TLSV1_3" },
    },
  ],
});
istio("networking", "VirtualService", "shop", namespace, {
  hosts: ["shop.example.com"],
  gateways: [`${INGRESS}/shop`],
  http: [{ route: [{ destination: { host: frontend.metadata.name, subset: "v1" } }] }],
});
istio("networking", "DestinationRule", "frontend", namespace, {
  host: "frontend",
  subsets: [{ name: "v1", labels: { version: "v1" } }],
});

// Egress.
new k8s.apiextensions.CustomResource(
  "partners",
  {
    apiVersion: "egressgateway.kubernetes.azure.com/v1alpha1",
    kind: "StaticGatewayConfiguration",
    metadata: { name: "partners", namespace },
    spec: { gatewayNodepoolName: pool.name },
  },
  opts,
);
istio("networking", "ServiceEntry", "partner", namespace, {
  hosts: ["api.partner.example"],
  ports: [{ number: 80, name: "http", protocol: "HTTP" }],
  location: "MESH_EXTERNAL",
  resolution: "DNS",
});
istio("networking", "Gateway", "partners", namespace, {
  selector: { istio: "partners" },
  servers: [
    {
      port: { number: 80, name: "http", protocol: "HTTP" },
      hosts: ["api.partner.example"],
    },
  ],
});
istio("networking", "VirtualService", "partner", namespace, {
  hosts: ["api.partner.example"],
  gateways: ["mesh", "partners"],
  http: [
    {
      match: [{ gateways: ["mesh"], port: 80 }],
      route: [
        {
          destination: {
            host: pulumi.interpolate`partners.${namespace}.svc.cluster.local`,
            port: { number: 80 },
          },
        },
      ],
    },
    {
      match: [{ gateways: ["partners"], port: 80 }],
      route: [{ destination: { host: "api.partner.example", port: { number: 80 } } }],
    },
  ],
});
istio("networking", "DestinationRule", "partner", namespace, {
  host: "api.partner.example",
  trafficPolicy: { tls: { mode: "SIMPLE" } },
});

// Objects that Flux applies.
const onCluster = {
  resourceGroupName: group.name,
  clusterName: cluster.name,
  clusterRp: "Microsoft.ContainerService",
  clusterResourceName: "managedClusters",
};
const flux = new kubernetesconfiguration.Extension("flux", {
  ...onCluster,
  extensionName: "flux",
  extensionType: "microsoft.flux",
});
new kubernetesconfiguration.FluxConfiguration(
  "apps",
  {
    ...onCluster,
    scope: "cluster",
    namespace: "flux-system",
    gitRepository: {
      url: "ssh://git@git.shop.example/shop/deployments",
      repositoryRef: { semver: "1.x" },
      sshKnownHosts: config.get("knownHosts") ?? "",
    },
    configurationProtectedSettings: { sshPrivateKey: config.getSecret("gitKey") ?? "" },
    kustomizations: {
      infrastructure: { path: "./infrastructure", prune: true },
      apps: {
        path: "./apps",
        prune: true,
        dependsOn: ["infrastructure"],
        postBuild: { substitute: { mesh_revision: REVISION } },
      },
    },
  },
  { dependsOn: flux },
);
