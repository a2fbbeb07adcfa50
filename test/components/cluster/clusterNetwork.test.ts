import { describe, expect, test } from "vitest";
import type { ApiServerArgs } from "../../../components/cluster/apiServer.ts";
import type { ClusterNetworkArgs } from "../../../components/cluster/clusterNetwork.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import { AZURE, CLUSTER_ARGS } from "../../support/azure.ts";
import { mockEngine } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const NETWORK = "azure-native:network:VirtualNetwork";
const SUBNET = "azure-native:network:Subnet";
const NAT = "azure-native:network:NatGateway";
const ADDRESS = "azure-native:network:PublicIPAddress";
const ROLE = "azure-native:authorization:RoleAssignment";

const CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const DNS_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f";

const HUB = "/subscriptions/3a8f7c2e-51d4-4b0a-9e6f-2c7d8b1a4f05/resourceGroups/hub/providers";
const SPOKE = `${HUB}/Microsoft.Network/virtualNetworks/spoke`;
const INTEGRATED: ApiServerArgs = {
  access: "vnet-integrated",
  authorizedIPRanges: ["198.51.100.0/24"],
};
const GIVEN = { nodes: `${SPOKE}/subnets/nodes`, apiServer: `${SPOKE}/subnets/api` };

async function made(
  network: Partial<ClusterNetworkArgs> = {},
  apiServer: ApiServerArgs = CLUSTER_ARGS.apiServer,
): Promise<Recorder> {
  const engine = await mockEngine(AZURE);
  try {
    new MeshCluster("mesh", {
      ...CLUSTER_ARGS,
      network: { ...CLUSTER_ARGS.network, ...network },
      apiServer,
    });
  } finally {
    // Also after an interruption: what was requested by then is still in progress.
    await engine.settle();
  }
  return engine;
}

function apiServerOf(engine: Recorder): unknown {
  return engine.one(CLUSTER, "mesh").inputs["apiServerAccessProfile"];
}

/** Scope and role of every permission of the control plane, except those on the kubelet identity. */
function roles(engine: Recorder): unknown[] {
  return engine.registered
    .filter(({ type, name }) => type === ROLE && name !== "mesh-kubelet-operator")
    .map(({ inputs }) => {
      expect(inputs).toMatchObject({
        principalId: "control-plane-object",
        principalType: "ServicePrincipal",
      });
      return [inputs["scope"], String(inputs["roleDefinitionId"]).split("/").at(-1)];
    })
    .sort();
}

describe("a new network", () => {
  test("has the nodes in its first half, without Azure's default outbound access", async () => {
    const engine = await made();
    expect(engine.one(NETWORK, "mesh-network").inputs).toEqual({
      location: "westeurope",
      resourceGroupName: "mesh-group1234",
      addressSpace: { addressPrefixes: ["10.224.0.0/16"] },
      // The SDK fills in Azure's default.
      enableDdosProtection: false,
      enableVmProtection: false,
    });
    expect(engine.one(SUBNET, "mesh-nodes").inputs).toEqual({
      resourceGroupName: "mesh-group1234",
      virtualNetworkName: "mesh-network9",
      addressPrefix: "10.224.0.0/17",
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    });
    expect(roles(engine)).toEqual([["mesh-nodes-id", CONTRIBUTOR]]);
  });

  test("has the API server behind the nodes, one subnet after the other", async () => {
    const engine = await made({ addressSpace: "10.9.8.0/25" }, INTEGRATED);
    expect(engine.one(SUBNET, "mesh-nodes").inputs["addressPrefix"]).toBe("10.9.8.0/26");
    const subnet = engine.one(SUBNET, "mesh-api-server");
    expect(subnet.inputs).toEqual({
      resourceGroupName: "mesh-group1234",
      virtualNetworkName: "mesh-network9",
      addressPrefix: "10.9.8.64/28",
      defaultOutboundAccess: false,
      delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    });
    expect(subnet.dependencies).toContain(engine.one(SUBNET, "mesh-nodes").urn);
  });

  test("has a NAT gateway with an address if the outbound type requires one", async () => {
    const engine = await made({ outboundType: "userAssignedNATGateway" });
    expect(engine.one(ADDRESS, "mesh-outbound").inputs).toEqual({
      location: "westeurope",
      resourceGroupName: "mesh-group1234",
      sku: { name: "Standard", tier: "Regional" },
      publicIPAddressVersion: "IPv4",
      publicIPAllocationMethod: "Static",
      zones: ["1", "2", "3"],
    });
    expect(engine.one(NAT, "mesh-outbound").inputs).toEqual({
      location: "westeurope",
      resourceGroupName: "mesh-group1234",
      sku: { name: "Standard" },
      publicIpAddresses: [{ id: "mesh-outbound-id" }],
    });
    expect(engine.one(SUBNET, "mesh-nodes").inputs["natGateway"]).toEqual({
      id: "mesh-outbound-id",
    });
    expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
      networkProfile: { outboundType: "userAssignedNATGateway" },
    });
  });

  test("has no option for routes that do not exist", async () => {
    await expect(made({ outboundType: "userDefinedRouting" })).rejects.toThrow(
      "mesh: userDefinedRouting requires existing subnets with routes. Set subnets.",
    );
  });
});

describe("an existing subnet", () => {
  test.each(["loadBalancer", "userAssignedNATGateway", "userDefinedRouting"] as const)(
    "contains the nodes, with outbound type %s and no other resources",
    async (outboundType) => {
      const engine = await made({ subnets: { nodes: GIVEN.nodes }, outboundType });
      expect(engine.registered.filter(({ type }) => type.includes(":network:"))).toEqual([]);
      expect(engine.one(POOL, "mesh-apps").inputs["vnetSubnetID"]).toBe(GIVEN.nodes);
      expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
        networkProfile: { outboundType },
        agentPoolProfiles: [{ vnetSubnetID: GIVEN.nodes }],
      });
      expect(roles(engine)).toEqual([[GIVEN.nodes, CONTRIBUTOR]]);
    },
  );

  test("has a separate subnet for the API server", async () => {
    const engine = await made({ subnets: GIVEN }, INTEGRATED);
    expect(apiServerOf(engine)).toMatchObject({ subnetId: GIVEN.apiServer });
    expect(roles(engine)).toEqual([
      [GIVEN.apiServer, CONTRIBUTOR],
      [GIVEN.nodes, CONTRIBUTOR],
    ]);
  });

  test("for the API server is required with VNet integration", async () => {
    const subnets = { nodes: GIVEN.nodes };
    await expect(made({ subnets }, { access: "private" })).rejects.toThrow(
      "mesh: the API server requires its own subnet. Set subnets.apiServer.",
    );
  });
});

describe("an API server", () => {
  test("with VNet integration and public access allows the ranges", async () => {
    const engine = await made({}, INTEGRATED);
    expect(apiServerOf(engine)).toEqual({
      disableRunCommand: true,
      enableVnetIntegration: true,
      subnetId: "mesh-api-server-id",
      enablePrivateCluster: false,
      authorizedIPRanges: ["198.51.100.0/24"],
    });
    expect(roles(engine)).toEqual([
      ["mesh-api-server-id", CONTRIBUTOR],
      ["mesh-nodes-id", CONTRIBUTOR],
    ]);
  });

  test("that is private has a name that only its network knows, and the network for its name", async () => {
    const engine = await made({}, { access: "private" });
    expect(apiServerOf(engine)).toEqual({
      disableRunCommand: true,
      enableVnetIntegration: true,
      subnetId: "mesh-api-server-id",
      enablePrivateCluster: true,
      enablePrivateClusterPublicFQDN: false,
      privateDNSZone: "system",
    });
    expect(roles(engine)).toEqual([["mesh-network-id", CONTRIBUTOR]]);
  });

  test("that is private in existing subnets uses an existing zone", async () => {
    const privateDnsZoneId = `${HUB}/Microsoft.Network/privateDnsZones/private.westeurope.azmk8s.io`;
    const engine = await made({ subnets: GIVEN }, { access: "private", privateDnsZoneId });
    expect(apiServerOf(engine)).toMatchObject({
      subnetId: GIVEN.apiServer,
      privateDNSZone: privateDnsZoneId,
    });
    expect(roles(engine)).toEqual([
      [privateDnsZoneId, DNS_CONTRIBUTOR],
      [SPOKE, CONTRIBUTOR],
    ]);
  });

  const nat = { outboundType: "userAssignedNATGateway" } as const;

  test("on the internet allows the nodes behind the cluster's NAT gateway", async () => {
    expect(apiServerOf(await made(nat))).toMatchObject({
      authorizedIPRanges: ["198.51.100.0/24", "203.0.113.9/32"],
    });
  });

  test.each([
    ["allows every address", nat, { access: "public", authorizedIPRanges: [] }, []],
    ["has its nodes within", nat, INTEGRATED, ["198.51.100.0/24"]],
    [
      "does not know the address",
      { ...nat, subnets: { nodes: GIVEN.nodes } },
      CLUSTER_ARGS.apiServer,
      ["198.51.100.0/24"],
    ],
  ] as const)(
    "adds no address to the authorized ranges if it %s",
    async (_, network, apiServer, ranges) => {
      expect(apiServerOf(await made(network, apiServer))).toMatchObject({
        authorizedIPRanges: ranges,
      });
    },
  );
});

test("the DNS server has the eleventh address of the service range", async () => {
  const engine = await made({ podCidr: "100.64.0.0/14", serviceCidr: "192.168.255.240/28" });
  expect(engine.one(CLUSTER, "mesh").inputs).toMatchObject({
    networkProfile: {
      podCidr: "100.64.0.0/14",
      serviceCidr: "192.168.255.240/28",
      dnsServiceIP: "192.168.255.250",
    },
  });
});
