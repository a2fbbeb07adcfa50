import { describe, expect, test } from "vitest";
import { grantSecretsReader } from "../../../components/cluster/clusterIdentities.ts";
import { MeshCertificates } from "../../../components/mesh/MeshCertificates.ts";
import type { MeshCertificatesArgs } from "../../../components/mesh/MeshCertificates.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import type { MeshClusterArgs } from "../../../components/cluster/meshClusterArgs.ts";
import { CLUSTER_ARGS } from "../../support/azure.ts";
import { SECRETS_USER, VAULT_ID, childrenOf, surroundings } from "../../support/gateways.ts";
import type { ClusterWithShop } from "../../support/gateways.ts";
import { unknownInputs } from "../../support/knownInputs.ts";
import { resolved, unsealed } from "../../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const VAULT = "azure-native:keyvault:Vault";
const SECRET = "azure-native:keyvault:Secret";
const ROLE = "azure-native:authorization:RoleAssignment";
const GROUP = "azure-native:resources:ResourceGroup";

const ARGS: MeshCertificatesArgs = {
  location: "westeurope",
  objectNames: { rootCert: "root-cert", caCert: "ca-cert", caKey: "ca-key", certChain: "chain" },
  network: {
    defaultAction: "Deny",
    bypass: "AzureServices",
    allowedIPRanges: ["198.51.100.7/32"],
    subnetIds: ["/subnets/nodes"],
  },
};

const CONTENTS = { rootCert: "ROOT", caCert: "CA", caKey: "planted", certChain: "CHAIN" };

interface Made extends ClusterWithShop {
  readonly certificates: MeshCertificates;
}

async function made(args: Partial<MeshCertificatesArgs> = {}): Promise<Made> {
  const at = await surroundings();
  const certificates = new MeshCertificates("certificates", { ...ARGS, ...args });
  certificates.grantReader(at.cluster.cluster);
  await at.engine.settle();
  return { ...at, certificates };
}

/** A cluster with a plug-in CA. */
function plugged(args: Partial<MeshCertificatesArgs>, cluster: Partial<MeshClusterArgs> = {}) {
  const all = { ...ARGS, ...args };
  return new MeshCluster("plugged", {
    ...CLUSTER_ARGS,
    ...cluster,
    certificates: {
      behindFirewall: all.network.defaultAction === "Deny",
      make: (nodes) => new MeshCertificates("certificates", { ...all, nodes }),
    },
  });
}

test("creates a vault that the cluster can read, without secrets", async () => {
  const { engine } = await made();
  expect(childrenOf(engine, "MeshCertificates")).toEqual([
    `${ROLE}::certificates`,
    `${VAULT}::certificates`,
    `${GROUP}::certificates-group`,
  ]);
});

test("the vault is closed, uses roles, and keeps deleted secrets", async () => {
  const { engine } = await made();
  expect(engine.one(VAULT, "certificates").inputs).toEqual({
    location: "westeurope",
    resourceGroupName: "mesh-group1234",
    properties: {
      tenantId: "tenant",
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      networkAcls: {
        defaultAction: "Deny",
        bypass: "AzureServices",
        ipRules: [{ value: "198.51.100.7/32" }],
        virtualNetworkRules: [{ id: "/subnets/nodes" }],
      },
      // What the SDK fills in.
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      publicNetworkAccess: "enabled",
    },
  });
  expect(unknownInputs(engine.registered)).toEqual([]);
});

test("the cluster gets the five values that ARM requires, once the vault exists", async () => {
  const { engine } = await surroundings();
  plugged({});
  await engine.settle();
  const cluster = engine.one(CLUSTER, "plugged");
  expect(cluster.inputs).toMatchObject({
    serviceMeshProfile: {
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: "certificates-id",
            rootCertObjectName: "root-cert",
            certObjectName: "ca-cert",
            keyObjectName: "ca-key",
            certChainObjectName: "chain",
          },
        },
      },
    },
  });
  expect(cluster.dependencies).toContain(engine.one(VAULT, "certificates").urn);
  // Another CA replaces the cluster, which protection refuses.
  expect(cluster.replaceOnChanges).toContain("serviceMeshProfile.istio.certificateAuthority");
});

test("the add-on may read secrets, and nothing else", async () => {
  const { engine, cluster, certificates } = await made();
  const role = engine.one(ROLE, "certificates");
  expect(role.inputs).toMatchObject({
    scope: await resolved(certificates.vault.id),
    principalId: "add-on-object",
    principalType: "ServicePrincipal",
  });
  // The identity is created with the cluster, so the role assignment comes after it.
  expect(role.dependencies).toContain(await resolved(cluster.cluster.urn));
});

test("the role is written as Azure returns it", async () => {
  const { engine, cluster } = await surroundings();
  grantSecretsReader("shared", cluster.cluster, VAULT_ID, {});
  await engine.settle();
  expect(engine.one(ROLE, "shared").inputs).toMatchObject({
    scope: VAULT_ID,
    roleDefinitionId: SECRETS_USER,
  });
});

test("contents become secrets in the vault", async () => {
  const { engine } = await made({ contents: CONTENTS });
  expect(childrenOf(engine, "MeshCertificates").filter((each) => each.startsWith(SECRET))).toEqual([
    `${SECRET}::certificates-ca-cert`,
    `${SECRET}::certificates-ca-key`,
    `${SECRET}::certificates-chain`,
    `${SECRET}::certificates-root-cert`,
  ]);
  const { properties, ...rest } = engine.one(SECRET, "certificates-ca-key").inputs;
  expect(rest).toEqual({
    resourceGroupName: "mesh-group1234",
    vaultName: "certificates99",
    secretName: "ca-key",
  });
  expect(unsealed(properties)).toEqual({
    value: "planted",
    contentType: "application/x-pem-file",
  });
  const others = engine.registered.filter(({ type }) => type !== SECRET);
  expect(JSON.stringify(others)).not.toContain("planted");
});

test("and the cluster waits for them", async () => {
  const { engine } = await surroundings();
  plugged({ contents: CONTENTS });
  await engine.settle();
  const secrets = engine.registered.filter(({ type }) => type === SECRET).map(({ urn }) => urn);
  expect(secrets).toHaveLength(4);
  const cluster = engine.one(CLUSTER, "plugged");
  expect(cluster.dependencies).toEqual(expect.arrayContaining(secrets));
  // But uses no output of them: it would be unknown in a preview, which would then show a replacement of the cluster.
  expect(cluster.sources["serviceMeshProfile"]).toEqual([engine.one(VAULT, "certificates").urn]);
});

describe("a vault behind a firewall", () => {
  const NETWORK = { ...ARGS.network, allowedIPRanges: [], subnetIds: [] };
  const admitted = async (network: Partial<MeshClusterArgs["network"]>, behindFirewall = true) => {
    const { engine } = await surroundings();
    const defaultAction = behindFirewall ? "Deny" : "Allow";
    plugged(
      { network: { ...NETWORK, defaultAction } },
      { network: { ...CLUSTER_ARGS.network, ...network } },
    );
    await engine.settle();
    const { properties } = engine.one(VAULT, "certificates").inputs;
    const subnets = engine.registered.filter(
      ({ type, name }) => type === "azure-native:network:Subnet" && name === "plugged-nodes",
    );
    return {
      acls: (properties as { networkAcls: object }).networkAcls,
      endpoints: subnets.map(({ inputs }) => inputs["serviceEndpoints"]),
    };
  };

  test("allows the subnet of the program's own nodes, which exists before the vault and the cluster", async () => {
    expect(await admitted({})).toEqual({
      acls: {
        defaultAction: "Deny",
        bypass: "AzureServices",
        ipRules: [],
        virtualNetworkRules: [{ id: "plugged-nodes-id" }],
      },
      endpoints: [[{ service: "Microsoft.KeyVault", locations: ["*"] }]],
    });
  });

  test("allows them by their address, if known", async () => {
    expect(await admitted({ outboundType: "userAssignedNATGateway" })).toMatchObject({
      acls: { ipRules: [{ value: "203.0.113.9/32" }], virtualNetworkRules: [] },
      endpoints: [undefined],
    });
  });

  test("allows nodes in existing subnets as configured, and no others", async () => {
    const subnets = { nodes: "/subscriptions/s/virtualNetworks/spoke/subnets/nodes" };
    expect(await admitted({ subnets })).toMatchObject({
      acls: { ipRules: [], virtualNetworkRules: [] },
      endpoints: [],
    });
  });

  test("without a firewall, every node reaches it", async () => {
    expect(await admitted({}, false)).toMatchObject({
      acls: { defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      endpoints: [undefined],
    });
  });
});
