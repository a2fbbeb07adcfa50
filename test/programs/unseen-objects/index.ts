import { readFileSync } from "node:fs";
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
istio("security", "AuthorizationPolicy", "deny", "shop", {});

new k8s.core.v1.Service(
  "api",
  {
    metadata: { name: "api", namespace: "shop" },
    spec: { selector: { app: "api" }, ports: [{ name: "http", port: 80 }] },
  },
  opts,
);

// The Service frontend is in a text that is known only after deployment.
istio("networking", "VirtualService", "routes", "shop", {
  hosts: ["shop.example.com"],
  gateways: ["public"],
  http: [
    {
      match: [{ uri: { prefix: "/api" } }],
      route: [{ destination: { host: "api", port: { number: 80 } } }],
    },
    { route: [{ destination: { host: "frontend", port: { number: 80 } } }] },
  ],
});
const frontend = readFileSync("frontend.yaml", "utf8");
new k8s.yaml.v2.ConfigGroup(
  "frontend",
  { yaml: cluster.fqdn.apply((host) => frontend.replace("shop.example.com", host)) },
  opts,
);

// The add-on's gateways also have their name in the label app.
istio("networking", "Gateway", "public", "shop", {
  selector: { app: "aks-istio-ingressgateway-internal" },
  servers: [
    {
      port: { number: 443, name: "https", protocol: "HTTPS" },
      hosts: ["shop.example.com"],
      tls: { mode: "SIMPLE", credentialName: "shop-tls" },
    },
  ],
});

// Next to the control plane, but not one of its objects.
new k8s.core.v1.ConfigMap(
  "grafana",
  {
    metadata: { name: "grafana", namespace: "aks-istio-system" },
    data: { "grafana.ini": "[server]\n" },
  },
  opts,
);
