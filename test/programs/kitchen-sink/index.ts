import * as authorization from "@pulumi/azure-native/authorization";
import * as containerservice from "@pulumi/azure-native/containerservice";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as network from "@pulumi/azure-native/network";
import * as azure from "@pulumi/azure-native/provider";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PetName } from "./petname";
import { Site } from "./site";

interface NetworkSettings {
  addressSpace: string;
  subnets: { name: string; prefix: string }[];
  peered: boolean;
}

// ---- settings: an object, defaults of the project, a secret, a secret inside an object

const config = new pulumi.Config();
const settings = config.requireObject<NetworkSettings>("network");
const greeting = config.require("greeting");
const replicas = config.requireNumber("replicas");
const audiences = config.requireObject<string[]>("audiences");
const apiToken = config.requireSecret("apiToken");
const database = config.getSecretObject<{ user: string; password: string }>("database");

// ---- transforms of the whole stack

pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "azure-native:resources:ResourceGroup"
    ? { props: { ...props, tags: { ...props["tags"], stack: pulumi.getStack() } }, opts }
    : undefined,
);
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token === "azure-native:network:getSubnet"
    ? { args: { ...args, expand: "ipConfigurations" }, opts }
    : undefined,
);

// ---- existing resources: read, referenced, looked up

const hub = network.VirtualNetwork.get(
  "hub",
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub",
);
const shared = new pulumi.StackReference("organization/shared/dev");
const client = authorization.getClientConfig();

// ---- an explicit provider, options of every kind

const azureProvider = new azure.Provider("azure", { location: "northeurope" });

const group = new resources.ResourceGroup(
  "group",
  { tags: { greeting, audiences: audiences.join(" ") } },
  {
    protect: true,
    aliases: [
      { name: "old-group" },
      { type: "azure-native:resources/v20240301:ResourceGroup" },
      "urn:pulumi:dev::kitchen-sink::azure-native:resources:ResourceGroup::oldest-group",
    ],
  },
);

const vnet = new network.VirtualNetwork(
  "vnet",
  {
    resourceGroupName: group.name,
    addressSpace: { addressPrefixes: [settings.addressSpace] },
    dhcpOptions: { dnsServers: [shared.requireOutput("dnsServer")] },
  },
  {
    dependsOn: group,
    ignoreChanges: ["tags", "subnets[*].delegations"],
    transforms: [
      ({ props, opts }) => ({
        props: { ...props, enableDdosProtection: false },
        opts: pulumi.mergeOptions(opts, { additionalSecretOutputs: ["etag"] }),
      }),
    ],
  },
);

const subnets = settings.subnets.map(
  ({ name, prefix }) =>
    new network.Subnet(
      name,
      {
        resourceGroupName: group.name,
        virtualNetworkName: vnet.name,
        subnetName: name,
        addressPrefix: prefix,
      },
      { deletedWith: vnet },
    ),
);

if (settings.peered) {
  new network.VirtualNetworkPeering(
    "hub",
    {
      resourceGroupName: group.name,
      virtualNetworkName: vnet.name,
      remoteVirtualNetwork: { id: hub.id },
    },
    { dependsOn: subnets },
  );
}

// An invoke whose result is an input of a resource, and one that is simply awaited.
const transit = network.getSubnetOutput({
  resourceGroupName: "hub",
  virtualNetworkName: "hub",
  subnetName: "transit",
});
const identity = new managedidentity.UserAssignedIdentity(
  "identity",
  {
    resourceGroupName: group.name,
    tags: { transit: transit.apply(({ id }) => id ?? ""), tenant: client.then((c) => c.tenantId) },
  },
  { provider: azureProvider },
);

// ---- a cluster and its contents

const cluster = new containerservice.ManagedCluster("cluster", {
  resourceGroupName: group.name,
  dnsPrefix: "sink",
  identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
});

const kubeconfig = pulumi.secret(
  containerservice
    .listManagedClusterUserCredentialsOutput({
      resourceGroupName: group.name,
      resourceName: cluster.name,
    })
    .kubeconfigs.apply(([first]) => Buffer.from(first.value, "base64").toString()),
);
const blue = new k8s.Provider("blue", { kubeconfig }, { dependsOn: pulumi.output([cluster]) });
const green = new k8s.Provider("green", { kubeconfig, namespace: "green" });

const site = (name: string, provider: k8s.Provider, dependsOn: pulumi.Resource[]) =>
  new Site(
    name,
    { resourceGroupName: group.name, network: vnet, greeting, token: apiToken },
    {
      providers: { kubernetes: provider, "azure-native": azureProvider },
      dependsOn,
      transformations: [
        ({ type, props, opts }) =>
          type === "kubernetes:core/v1:Namespace"
            ? { props: { ...props, metadata: { labels: { site: name } } }, opts }
            : undefined,
      ],
    },
  );
const blueSite = site("blue", blue, [cluster]);
// Depends on a component: on every resource below it.
const greenSite = site("green", green, [blueSite]);

const settingsMap = new k8s.core.v1.ConfigMap(
  "settings",
  {
    metadata: { namespace: blueSite.workload.namespaceName },
    data: {
      greeting,
      replicas: String(replicas),
      user: database?.apply((d) => d.user) ?? "",
      password: database?.apply((d) => d.password) ?? "",
    },
  },
  { provider: blue },
);

// A remote component: its provider registers the children.
const chart = new k8s.helm.v4.Chart(
  "ingress",
  {
    chart: "oci://ghcr.io/stefanprodan/charts/podinfo",
    version: "6.14.1",
    namespace: greenSite.workload.namespaceName,
    values: { replicaCount: replicas },
  },
  { provider: green },
);

const pet = new PetName("pet", { separator: "-" });

// ---- log messages

console.log("printed by the program");
pulumi.log.debug("a detail", group);
void pulumi.log.info("the site is planned", blueSite);
void pulumi.log.warn("the hub is not ours");

// ---- outputs of every kind

export const plain = { text: greeting, count: replicas, on: settings.peered, list: audiences };
export const nothing = undefined;
export const empty = null;
export const promised = client.then((c) => c.subscriptionId);
export const unknown = cluster.fqdn;
export const secret = apiToken;
export const secretUnknown = kubeconfig;
export const nested = {
  group: { name: group.name, id: group.id },
  sites: [{ name: "blue", endpoint: blueSite.account.primaryEndpoints.web }],
  database,
};
export const fromOtherStack = shared.getOutput("zone");
export const resource = vnet;
export const component = greenSite;
export const chartResources = chart.resources;
export const petSeparator = pet.separator;
export const settingsName = settingsMap.metadata.name;
