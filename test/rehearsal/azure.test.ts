import { describe, expect, test } from "vitest";
import { Azure } from "../../rehearsal/azure/azure.ts";
import { Cloud } from "../../rehearsal/azure/cloud.ts";
import { programSdk } from "../../rehearsal/programSdk.ts";
import { UNKNOWN } from "../../offline/plan/values.ts";
import type { Properties } from "../../offline/plan/values.ts";

const DAY = "2026-08-24";
const CLUSTER = { type: "azure-native:containerservice:ManagedCluster", name: "mesh" };
const GROUP = { type: "azure-native:resources:ResourceGroup", name: "group" };
const ROLE = { type: "azure-native:authorization:RoleAssignment", name: "role" };
const SDK = programSdk(process.cwd(), "azure-native");
const SEED = { olds: undefined, seed: "00ff" };

function azure({ sdk }: { readonly sdk: string | undefined } = { sdk: SDK }): Azure {
  const made = new Azure({
    cloud: new Cloud(),
    day: DAY,
    access: { server: "https://127.0.0.1:1" },
    sdk,
  });
  made.configure({ location: "westeurope" });
  return made;
}

/** A cluster with the mesh, and a test's changes. */
function cluster(changes: Properties = {}): Properties {
  return {
    resourceGroupName: "group",
    resourceName: "mesh",
    location: "westeurope",
    kubernetesVersion: "1.35",
    dnsPrefix: "mesh",
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } },
    serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } },
    ...changes,
  };
}

function mesh(istio: Properties): Properties {
  return { serviceMeshProfile: { mode: "Istio", istio } };
}

/** Azure's response to a new cluster, or to the update of an existing one. */
function answer(changes: Properties, before?: Properties): string {
  const cloud = azure();
  try {
    if (before === undefined) cloud.create(CLUSTER, cluster(changes));
    else {
      const { id } = cloud.create(CLUSTER, cluster(before));
      cloud.update(CLUSTER, id, cluster(changes));
    }
    return "done";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

const VAULT =
  "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
const KEYLESS = {
  keyVaultId: VAULT,
  rootCertObjectName: "r",
  certObjectName: "c",
  certChainObjectName: "h",
};
const PLUGIN = { ...KEYLESS, keyObjectName: "k" };
const withPlugin = (plugin: Properties): Properties =>
  mesh({ revisions: ["asm-1-29"], certificateAuthority: { plugin } });
const NOT_ALLOWED = "Requested change in revisions is not allowed. Reason: ";

describe("Azure creates, or refuses in its own words,", () => {
  test.each([
    ["a cluster with the mesh", {}, undefined, "done"],
    [
      "OSM with the mesh",
      { addonProfiles: { openServiceMesh: { enabled: true } } },
      undefined,
      "Istio based Azure service mesh is incompatible with feature openServiceMesh",
    ],
    ["disabled OSM", { addonProfiles: { openServiceMesh: { enabled: false } } }, undefined, "done"],
    [
      "a revision that is no longer offered",
      mesh({ revisions: ["asm-1-17"] }),
      undefined,
      `${NOT_ALLOWED}Revision asm-1-17 is not supported by the service mesh add-on.`,
    ],
    [
      "a revision that does not support the Kubernetes version",
      { kubernetesVersion: "1.30" },
      undefined,
      "Service mesh revision asm-1-29 is not compatible with cluster version 1.30.",
    ],
    [
      "three revisions",
      mesh({ revisions: ["asm-1-28", "asm-1-29", "asm-1-30"] }),
      undefined,
      "Request exceeds maximum allowed number of revisions (2)",
    ],
    [
      "a canary upgrade",
      mesh({ revisions: ["asm-1-29", "asm-1-30"] }),
      mesh({ revisions: ["asm-1-29"] }),
      "done",
    ],
    [
      "its completion",
      mesh({ revisions: ["asm-1-30"] }),
      mesh({ revisions: ["asm-1-29", "asm-1-30"] }),
      "done",
    ],
    [
      "a direct change of revision",
      mesh({ revisions: ["asm-1-30"] }),
      mesh({ revisions: ["asm-1-29"] }),
      NOT_ALLOWED,
    ],
    [
      "an older revision",
      mesh({ revisions: ["asm-1-29", "asm-1-30"] }),
      mesh({ revisions: ["asm-1-30"] }),
      NOT_ALLOWED,
    ],
    [
      "two external gateways",
      mesh({
        revisions: ["asm-1-29"],
        components: {
          ingressGateways: [
            { mode: "External", enabled: true },
            { mode: "External", enabled: true },
          ],
        },
      }),
      undefined,
      "Too many ingresses for type: External. Only 1 ingress gateway are allowed",
    ],
    [
      "an egress gateway without its prerequisites",
      mesh({
        revisions: ["asm-1-29"],
        components: { egressGateways: [{ name: "out", enabled: true }] },
      }),
      undefined,
      "Static Egress Gateway",
    ],
    ["a plug-in CA", withPlugin(PLUGIN), undefined, "done"],
    [
      "a CA without the add-on that reads it",
      { ...withPlugin(PLUGIN), addonProfiles: {} },
      undefined,
      "AzureKeyvaultSecretsProvider addon is required for Azure Service Mesh plugin certificate authority feature",
    ],
    [
      "a CA with a missing field",
      withPlugin(KEYLESS),
      undefined,
      "ServiceMeshProfile is missing required parameters: keyObjectName for plugin certificate authority",
    ],
    [
      "a CA added after the mesh was created",
      withPlugin(PLUGIN),
      mesh({ revisions: ["asm-1-29"] }),
      "cannot be changed after the service mesh is created",
    ],
    [
      "a value that the API does not have",
      { supportPlan: "Forever" },
      undefined,
      'Code="InvalidParameter" Message="The value of parameter supportPlan is invalid."',
    ],
  ] as const)("%s", (_, changes, before, expected) => {
    const said = answer(changes, before);
    expect(said.includes(expected) ? expected : said).toBe(expected);
  });

  test("a service range that overlaps a subnet", () => {
    const cloud = azure();
    const network = {
      type: "azure-native:network:Subnet",
      name: "nodes",
    };
    const { id } = cloud.create(network, {
      resourceGroupName: "group",
      virtualNetworkName: "vnet",
      subnetName: "nodes",
      addressPrefix: "10.0.8.0/21",
    });
    const pools = [{ name: "system", vnetSubnetID: id }];
    const make = (serviceCidr: string) => () =>
      cloud.create(CLUSTER, cluster({ agentPoolProfiles: pools, networkProfile: { serviceCidr } }));
    expect(make("10.0.0.0/16")).toThrow(
      'Code="ServiceCidrOverlapExistingSubnetsCidr" Message="The specified service CIDR 10.0.0.0/16 is conflicted with an existing subnet CIDR 10.0.8.0/21"',
    );
    expect(make("10.0.16.0/20")).not.toThrow();
  });

  test("an existing role assignment, under another name", () => {
    const cloud = azure();
    const role = { scope: "/subscriptions/s", principalId: "p", roleDefinitionId: "r" };
    cloud.create(ROLE, { ...role, roleAssignmentName: "one" });
    expect(() => cloud.create(ROLE, { ...role, roleAssignmentName: "two" })).toThrow(
      'Status=409 Code="RoleAssignmentExists" Message="The role assignment already exists."',
    );
    expect(() =>
      cloud.create(ROLE, { ...role, principalId: "q", roleAssignmentName: "two" }),
    ).not.toThrow();
  });

  test("an existing resource", () => {
    const cloud = azure();
    const { id } = cloud.create(GROUP, { resourceGroupName: "group" });
    expect(() => cloud.create(GROUP, { resourceGroupName: "GROUP" })).toThrow(
      "cannot create already existing resource",
    );
    expect(cloud.read(GROUP, id)?.outputs["name"]).toBe("group");
  });

  test("nothing in a deleted resource group, which includes its resources", () => {
    const cloud = azure();
    const { id } = cloud.create(GROUP, { resourceGroupName: "group" });
    const made = cloud.create(CLUSTER, cluster());
    cloud.delete(GROUP, id);
    expect(cloud.read(CLUSTER, made.id)).toBeUndefined();
    expect(() => cloud.create(CLUSTER, cluster())).toThrow(
      'Status=404 Code="ResourceGroupNotFound" Message="Resource group \'group\' could not be found."',
    );
  });
});

describe("the provider fills in", () => {
  test("a name with eight random digits, and the location of the stack", () => {
    expect(azure().check(GROUP, {}, SEED)).toEqual({
      inputs: {
        resourceGroupName: expect.stringMatching(/^group[0-9a-f]{8}$/) as string,
        location: "westeurope",
        __createBeforeDelete: true,
      },
      problems: [],
    });
  });

  test("the existing name", () => {
    const olds = {
      resourceGroupName: "group1234",
      location: "northeurope",
      __createBeforeDelete: true,
    };
    expect(azure().check(GROUP, {}, { olds, seed: "11" }).inputs).toEqual(olds);
  });

  test("the logical name of a child resource, and no location", () => {
    const subject = { type: "azure-native:network:Subnet", name: "nodes" };
    const news = { resourceGroupName: "g", virtualNetworkName: "v" };
    expect(azure().check(subject, news, SEED).inputs).toEqual({ ...news, subnetName: "nodes" });
  });

  test("a GUID for a role assignment", () => {
    const news = { scope: "/s", principalId: "p", roleDefinitionId: "r" };
    const { inputs } = azure().check(ROLE, news, SEED);
    expect(inputs["roleAssignmentName"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

test.each([
  [{ agentPoolProfiles: [{ count: 3 }] }, "missing required property 'agentPoolProfiles[0].name'"],
  [
    { agentPoolProfiles: [{ name: "a", count: "3" }] },
    "'agentPoolProfiles[0].count' should be of type 'number' but got a string",
  ],
  [
    { agentPoolProfiles: { name: "a" } },
    "'agentPoolProfiles' should be of type 'array' but got an object",
  ],
  [{ resourceGroupName: undefined }, "missing required property 'resourceGroupName'"],
])("the provider rejects %j according to the API's model", (changes, problem) => {
  const news = Object.fromEntries(
    Object.entries(cluster(changes as Properties)).filter(
      ([, value]) => (value as unknown) !== undefined,
    ),
  );
  expect(azure().check(CLUSTER, news, SEED).problems).toEqual([problem]);
  expect(
    azure().check(CLUSTER, { ...cluster(), agentPoolProfiles: UNKNOWN }, SEED).problems,
  ).toEqual([]);
});

test("a program without the SDK has no model to check inputs against, which is a problem", () => {
  const made = azure({ sdk: programSdk("/", "azure-native") });
  expect(made.check(CLUSTER, cluster(), SEED).problems).toEqual([
    "its inputs cannot be checked, because @pulumi/azure-native is not installed in the program's directory",
  ]);
  expect(azure().check(CLUSTER, cluster(), SEED).problems).toEqual([]);
});

test("a preview knows the inputs, and nothing that Azure adds, at any depth", () => {
  const outputs = azure().preview(CLUSTER, cluster({ identity: { type: "SystemAssigned" } }));
  expect(outputs).toMatchObject({
    dnsPrefix: "mesh",
    fqdn: UNKNOWN,
    identity: { type: "SystemAssigned", principalId: UNKNOWN },
  });
});

test.each([
  ["location", true],
  ["resourceName", true],
  ["dnsPrefix", true],
  ["networkProfile.serviceCidr", true],
  ["networkProfile.loadBalancerProfile.managedOutboundIPs.count", false],
  ["kubernetesVersion", false],
  ["serviceMeshProfile.istio.revisions[0]", false],
])("a change of %s replaces the cluster: %s", (path, replaces) => {
  expect(azure().replaces(CLUSTER, path)).toBe(replaces);
});

test("a mesh without a revision gets the newest that fits", () => {
  const { outputs } = azure().create(CLUSTER, cluster({ ...mesh({}), kubernetesVersion: "1.35" }));
  expect(outputs["serviceMeshProfile"]).toEqual({
    mode: "Istio",
    istio: { revisions: ["asm-1-30"] },
  });
});
