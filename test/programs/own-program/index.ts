import * as azure_native from "@pulumi/azure-native";
import * as azuread from "@pulumi/azuread";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nodesSubnetId, Tier } from "./network";
import { WebApp } from "./workload";

const cfg = new pulumi.Config();
const kubernetesVersion = cfg.require("kubernetesVersion");
const revision = cfg.get("revision") ?? "asm-1-27";
const dbPassword = cfg.requireSecret("dbPassword");
const tier = Tier.Public;

const current = azuread.getClientConfigOutput();
const admins = new azuread.Group("orders-admins", {
  displayName: "orders-aks-admins",
  securityEnabled: true,
  owners: [current.objectId],
});

const rg = new azure_native.resources.ResourceGroup("orders", {
  tags: { team: "orders", tier },
});

const cluster = new azure_native.containerservice.ManagedCluster("orders", {
  resourceGroupName: rg.name,
  dnsPrefix: "orders",
  kubernetesVersion,
  enableRBAC: true,
  identity: { type: azure_native.containerservice.ResourceIdentityType.SystemAssigned },
  aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [admins.objectId] },
  agentPoolProfiles: [
    {
      name: "system",
      mode: "System",
      count: cfg.requireNumber("nodeCount"),
      vmSize: "Standard_D4s_v5",
      osType: "Linux",
      vnetSubnetID: nodesSubnetId,
      availabilityZones: ["1", "2", "3"],
    },
  ],
  networkProfile: {
    networkPlugin: "azure",
    networkPolicy: "azure",
    serviceCidr: "10.100.0.0/16",
    dnsServiceIP: "10.100.0.10",
  },
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: [revision],
      components: { ingressGateways: [{ enabled: true, mode: "External" }] },
    },
  },
});

const creds = azure_native.containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: rg.name,
  resourceName: cluster.name,
});
export const kubeconfig = creds.kubeconfigs.apply((c) =>
  Buffer.from(c[0].value, "base64").toString(),
);
const provider = new k8s.Provider("aks", { kubeconfig, enableServerSideApply: true });
const opts = { provider };

const orders = new k8s.core.v1.Namespace(
  "orders",
  { metadata: { name: "orders", labels: { "istio-injection": "enabled" } } },
  opts,
);
const billing = new k8s.core.v1.Namespace(
  "billing",
  { metadata: { name: "billing", labels: { "istio.io/rev": "asm-1-27" } } },
  opts,
);
const tools = new k8s.core.v1.Namespace("tools", { metadata: { name: "tools" } }, opts);

const certManager = new k8s.helm.v3.Release(
  "cert-manager",
  {
    chart: "cert-manager",
    version: "v1.16.2",
    namespace: tools.metadata.name,
    repositoryOpts: { repo: "https://charts.jetstack.io" },
    values: { crds: { enabled: true } },
  },
  opts,
);

const dbSecret = new k8s.core.v1.Secret(
  "db",
  { metadata: { namespace: orders.metadata.name }, stringData: { password: dbPassword } },
  opts,
);

const api = new WebApp(
  "orders-api",
  {
    namespace: orders.metadata.name,
    image: "acme.azurecr.io/orders-api:latest",
    port: 8080,
    env: [{ name: "DB_PASSWORD", value: dbPassword }],
  },
  { provider, dependsOn: [dbSecret] },
);
const invoice = new WebApp(
  "billing-api",
  {
    namespace: billing.metadata.name,
    image: "acme.azurecr.io/billing:1.4.2",
    port: 9000,
    replicas: 2,
  },
  { provider },
);

new k8s.apiextensions.CustomResource(
  "gateway",
  {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "Gateway",
    metadata: { name: "public", namespace: orders.metadata.name },
    spec: {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
    },
  },
  opts,
);

new k8s.apiextensions.CustomResource(
  "orders-vs",
  {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { namespace: orders.metadata.name },
    spec: {
      hosts: ["orders.acme.com"],
      gateways: ["public"],
      http: [
        {
          route: [{ destination: { host: api.service.metadata.name, port: { number: 8080 } } }],
        },
      ],
    },
  },
  { ...opts, dependsOn: [certManager] },
);

export const clusterFqdn = pulumi.interpolate`https://${cluster.fqdn}`;
export const invoiceService = invoice.service.metadata.name;
