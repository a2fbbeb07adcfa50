import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";

const group = new resources.ResourceGroup("orders");

const cluster = new containerservice.ManagedCluster("orders", {
  resourceGroupName: group.name,
  kubernetesVersion: "1.35",
  dnsPrefix: "orders",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: ["asm-1-30"],
      components: { ingressGateways: [{ mode: "Internal", enabled: true }] },
    },
  },
});

const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});
const provider = new k8s.Provider("orders", {
  kubeconfig: credentials.kubeconfigs.apply(([first]) =>
    Buffer.from(first?.value ?? "", "base64").toString(),
  ),
});
const opts = { provider };

function istio(
  group: string,
  kind: string,
  name: string,
  namespace: string,
  spec: object,
  annotations: Record<string, string> = {},
) {
  const metadata = { name, namespace, annotations };
  return new k8s.apiextensions.CustomResource(
    name,
    { apiVersion: `${group}.istio.io/v1`, kind, metadata, spec },
    opts,
  );
}

istio("security", "PeerAuthentication", "strict", "aks-istio-system", { mtls: { mode: "STRICT" } });

const labels = { "istio.io/rev": "asm-1-30" };
new k8s.core.v1.Namespace("shop", { metadata: { name: "shop", labels } }, opts);

new k8s.core.v1.Service(
  "frontend",
  {
    metadata: { name: "frontend", namespace: "shop" },
    spec: { selector: { app: "frontend" }, ports: [{ name: "http", port: 80 }] },
  },
  opts,
);

const tls = { mode: "SIMPLE", credentialName: "shop-tls" };
const selector = { istio: "aks-istio-ingressgateway-internal" };

istio("networking", "Gateway", "public", "aks-istio-ingress", {
  selector,
  servers: [
    { port: { number: 443, name: "https", protocol: "HTTPS" }, hosts: ["shop.example.com"], tls },
  ],
});

// Short for shop/public.
istio("networking", "VirtualService", "routes", "shop", {
  hosts: ["shop.example.com"],
  gateways: ["public"],
  http: [{ route: [{ destination: { host: "frontend", port: { number: 80 } } }] }],
});

// Short for frontend.aks-istio-ingress.svc.cluster.local.
istio("networking", "VirtualService", "beside-the-gateway", "aks-istio-ingress", {
  hosts: ["www.example.com"],
  gateways: ["partners"],
  http: [{ route: [{ destination: { host: "frontend", port: { number: 80 } } }] }],
});

// The gateway's Service has 80, 443 and 15021.
istio("networking", "Gateway", "partners", "aks-istio-ingress", {
  selector,
  servers: [
    { port: { number: 9443, name: "https", protocol: "HTTPS" }, hosts: ["www.example.com"], tls },
  ],
});

// A dry run: it denies nothing.
istio("security", "AuthorizationPolicy", "deny", "shop", {}, { "istio.io/dry-run": "true" });

// The root namespace is aks-istio-system.
istio("telemetry", "Telemetry", "access-log", "istio-system", {
  accessLogging: [{ providers: [{ name: "envoy" }] }],
});
