import * as containerservice from "@pulumi/azure-native/containerservice";
import * as network from "@pulumi/azure-native/network";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const nodeCount = config.getNumber("nodeCount") ?? 3;

const group = new resources.ResourceGroup("shop");

const vnet = new network.VirtualNetwork("shop", {
  resourceGroupName: group.name,
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
});

const subnet = new network.Subnet("nodes", {
  resourceGroupName: group.name,
  virtualNetworkName: vnet.name,
  addressPrefix: "10.0.0.0/22",
});

const cluster = new containerservice.ManagedCluster("shop", {
  resourceGroupName: group.name,
  dnsPrefix: "shop",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [
    {
      name: "system",
      mode: "System",
      count: nodeCount,
      vmSize: "Standard_D4s_v5",
      vnetSubnetID: subnet.id,
    },
  ],
  networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay" },
});

const credentials = containerservice.listManagedClusterUserCredentialsOutput({
  resourceGroupName: group.name,
  resourceName: cluster.name,
});
const kubeconfig = credentials.kubeconfigs.apply((all) =>
  Buffer.from(all[0].value, "base64").toString(),
);

const provider = new k8s.Provider("shop", { kubeconfig });

const namespace = new k8s.core.v1.Namespace("web", undefined, { provider });
const metadata = { namespace: namespace.metadata.name, labels: { app: "web" } };

new k8s.apps.v1.Deployment(
  "web",
  {
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: metadata.labels },
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          containers: [
            {
              name: "web",
              image: "nginxinc/nginx-unprivileged:1.29.4",
              ports: [{ name: "http", containerPort: 8080 }],
              resources: {
                requests: { cpu: "50m", memory: "64Mi" },
                limits: { memory: "128Mi" },
              },
            },
          ],
        },
      },
    },
  },
  { provider },
);

const service = new k8s.core.v1.Service(
  "web",
  {
    metadata,
    spec: {
      selector: metadata.labels,
      ports: [{ name: "http", port: 80, targetPort: "http" }],
    },
  },
  { provider },
);

export const clusterName = cluster.name;
export const serviceName = service.metadata.name;
export const adminKubeconfig = pulumi.secret(kubeconfig);
