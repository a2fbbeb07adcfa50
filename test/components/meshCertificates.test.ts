import { expect, test } from "vitest";
import { letReadSecrets } from "../../components/clusterIdentities.ts";
import { MeshCertificates } from "../../components/meshCertificates.ts";
import type { MeshCertificatesArgs } from "../../components/meshCertificates.ts";
import { MeshCluster } from "../../components/meshCluster.ts";
import { CLUSTER_ARGS } from "../support/azure.ts";
import { SECRETS_USER, VAULT_ID, childrenOf, surroundings } from "../support/gateways.ts";
import type { Surroundings } from "../support/gateways.ts";
import { unknownInputs } from "../support/knownInputs.ts";
import { resolved, unsealed } from "../support/mocks.ts";

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

interface Made extends Surroundings {
  readonly certificates: MeshCertificates;
}

async function made(args: Partial<MeshCertificatesArgs> = {}): Promise<Made> {
  const at = await surroundings();
  const certificates = new MeshCertificates("certificates", { ...ARGS, ...args });
  certificates.letRead(at.cluster);
  await at.engine.settle();
  return { ...at, certificates };
}

test("makes a vault and lets the cluster read it; the secrets are not its own to make", async () => {
  const { engine } = await made();
  expect(childrenOf(engine, "MeshCertificates")).toEqual([
    `${ROLE}::certificates`,
    `${VAULT}::certificates`,
    `${GROUP}::certificates-group`,
  ]);
});

test("the vault is closed, by roles, and keeps what is deleted", async () => {
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

test("the cluster gets the five values that ARM wants, once the vault is there", async () => {
  const { engine } = await surroundings();
  const { certificateAuthority } = new MeshCertificates("certificates", ARGS);
  new MeshCluster("plugged", { ...CLUSTER_ARGS, certificateAuthority });
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
  // Another CA is another cluster, which a protected one refuses.
  expect(cluster.replaceOnChanges).toContain("serviceMeshProfile.istio.certificateAuthority");
});

test("the add-on may read secrets, and nothing else", async () => {
  const { engine, cluster, certificates } = await made();
  const role = engine.one(ROLE, "certificates");
  expect(role.inputs).toMatchObject({
    scope: await resolved(certificates.vaultId),
    principalId: "add-on-object",
    principalType: "ServicePrincipal",
  });
  // It comes with the cluster, so that the role comes after it.
  expect(role.dependencies).toContain(await resolved(cluster.cluster.urn));
});

test("the role is written as Azure gives it back", async () => {
  const { engine, cluster } = await surroundings();
  letReadSecrets("shared", cluster.cluster, VAULT_ID, {});
  await engine.settle();
  expect(engine.one(ROLE, "shared").inputs).toMatchObject({
    scope: VAULT_ID,
    roleDefinitionId: SECRETS_USER,
  });
});

test("what is given goes into the vault as secrets", async () => {
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
  const args = { ...ARGS, contents: CONTENTS };
  const { certificateAuthority } = new MeshCertificates("certificates", args);
  new MeshCluster("plugged", { ...CLUSTER_ARGS, certificateAuthority });
  await engine.settle();
  const secrets = engine.registered.filter(({ type }) => type === SECRET).map(({ urn }) => urn);
  expect(secrets).toHaveLength(4);
  expect(engine.one(CLUSTER, "plugged").dependencies).toEqual(expect.arrayContaining(secrets));
});
