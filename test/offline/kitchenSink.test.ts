import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { toJson } from "../../cli/reports/json.ts";
import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { UNKNOWN, isSecret, markSecret } from "../../offline/plan/values.ts";
import type { Properties } from "../../offline/plan/values.ts";
import { finder, planOf } from "../support/host.ts";
import { pack, program, scratch } from "../support/programs.ts";

const directory = program("kitchen-sink");
const packs = [{ directory: pack("advisory-pack"), config: {} }];

const HUB =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub";
const assume = join(
  scratch()("assume", {
    "assume.yaml": `
invokes:
  azure-native:authorization:getClientConfig:
    - returns: { tenantId: tenant-1, subscriptionId: subscription-1 }
  azure-native:network:getSubnet:
    # Only the transformed arguments are met.
    - args: { subnetName: transit, expand: ipConfigurations }
      returns: { id: subnet-1 }
reads:
  azure-native:network:VirtualNetwork:
    ${HUB}: { location: westeurope, name: hub, addressSpace: { addressPrefixes: [10.0.0.0/16] } }
stackReferences:
  organization/shared/dev: { dnsServer: 10.0.0.4, zone: example.com }
`,
  }),
  "assume.yaml",
);

let plan: Plan;
let again: Plan;
let assumed: Plan;
let find: (typeAndName: string) => PlannedResource;

beforeAll(async () => {
  [plan, again, assumed] = await Promise.all([
    planOf(directory, { packs }),
    planOf(directory, { packs }),
    planOf(directory, { assume }),
  ]);
  find = finder(plan);
});

const URN = "urn:pulumi:dev::kitchen-sink::";
const GROUP = `${URN}azure-native:resources:ResourceGroup::group`;
const VNET = `${URN}azure-native:network:VirtualNetwork::vnet`;
const CLUSTER = `${URN}azure-native:containerservice:ManagedCluster::cluster`;
const SITE = `${URN}kitchen-sink:index:Site::`;
const IN_SITE = `${URN}kitchen-sink:index:Site$`;
const IN_WORKLOAD = `${IN_SITE}kitchen-sink:index:Workload$`;
const provider = (pkg: string, name: string) =>
  `${URN}pulumi:providers:${pkg}::${name}::${UNKNOWN}`;

const outputsOf = ({ resources }: Plan): Properties => resources[0]?.outputs ?? {};

test("every resource is planned, in dependency order", () => {
  expect(plan.resources.map(({ op, urn }) => `${op} ${urn.slice(URN.length)}`)).toEqual([
    "create pulumi:pulumi:Stack::kitchen-sink-dev",
    "create pulumi:providers:azure-native::azure",
    "create azure-native:resources:ResourceGroup::group",
    "create azure-native:managedidentity:UserAssignedIdentity::identity",
    "create azure-native:containerservice:ManagedCluster::cluster",
    "read pulumi:pulumi:StackReference::organization/shared/dev",
    "create azure-native:network:VirtualNetwork::vnet",
    "create azure-native:network:Subnet::endpoints",
    "create azure-native:network:Subnet::nodes",
    "read azure-native:network:VirtualNetwork::hub",
    "create azure-native:network:VirtualNetworkPeering::hub",
    "create kitchen-sink:index:Site::blue",
    "create kitchen-sink:index:Site$azure-native:storage:StorageAccount::bluecontent",
    "create kitchen-sink:index:Site$azure-native:storage:BlobContainer::blue",
    "create kitchen-sink:index:Site$azure-native:storage:Blob::blue-all",
    "create kitchen-sink:index:Site$azure-native:storage:Blob::blue-index",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload::blue-workload",
    "create pulumi:providers:kubernetes::blue",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload$kubernetes:core/v1:Namespace::blue-workload",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload$kubernetes:core/v1:Secret::blue-workload",
    "create kitchen-sink:index:Site::green",
    "create kitchen-sink:index:Site$azure-native:storage:StorageAccount::greencontent",
    "create kitchen-sink:index:Site$azure-native:storage:BlobContainer::green",
    "create kitchen-sink:index:Site$azure-native:storage:Blob::green-all",
    "create kitchen-sink:index:Site$azure-native:storage:Blob::green-index",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload::green-workload",
    "create pulumi:providers:kubernetes::green",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload$kubernetes:core/v1:Namespace::green-workload",
    "create kitchen-sink:index:Site$kitchen-sink:index:Workload$kubernetes:core/v1:Secret::green-workload",
    "create kubernetes:core/v1:ConfigMap::settings",
    "create kubernetes:helm.sh/v4:Chart::ingress",
    "create random:index/pet:Pet::pet",
  ]);
});

test("a second run returns the same text, byte for byte", () => {
  expect(toJson(again)).toBe(toJson(plan));
});

describe("transforms", () => {
  test("of the stack change the inputs of any resource, also in its outputs", () => {
    const tags = {
      greeting: "hello",
      audiences: "people machines",
      stack: "dev",
      // From the policy that remediates.
      team: "platform",
    };
    expect(find("azure-native:resources:ResourceGroup::group").inputs["tags"]).toEqual(tags);
    expect(find("azure-native:resources:ResourceGroup::group").outputs["tags"]).toEqual(tags);
  });

  test("of a resource change its properties and options", () => {
    const vnet = find("azure-native:network:VirtualNetwork::vnet");
    expect(vnet.inputs["enableDdosProtection"]).toBe(false);
    expect(vnet.options.additionalSecretOutputs).toEqual(["etag"]);
  });

  test("in the old style also apply to the descendants of a component", () => {
    for (const site of ["blue", "green"]) {
      const namespace = find(`kubernetes:core/v1:Namespace::${site}-workload`);
      expect(namespace.inputs).toEqual({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { labels: { site } },
      });
    }
  });

  test("of invokes change the arguments", () => {
    const tags = { transit: "subnet-1", tenant: "tenant-1" };
    const identity = "azure-native:managedidentity:UserAssignedIdentity::identity";
    expect(finder(assumed)(identity).inputs["tags"]).toEqual(tags);
  });
});

describe("options", () => {
  test("protect, and the child's own value", () => {
    const protectedNames = plan.resources.filter((r) => r.options.protect).map(({ name }) => name);
    expect(protectedNames).toEqual(["group", "bluecontent", "greencontent"]);
  });

  test("aliases are URNs in every form", () => {
    expect(find("azure-native:resources:ResourceGroup::group").options.aliases.slice(0, 3)).toEqual(
      [
        `${URN}azure-native:resources:ResourceGroup::old-group`,
        `${URN}azure-native:resources/v20240301:ResourceGroup::group`,
        `${URN}azure-native:resources:ResourceGroup::oldest-group`,
      ],
    );
    expect(
      find("azure-native:storage:StorageAccount::bluecontent").options.aliases.slice(0, 2),
    ).toEqual([
      `${IN_SITE}azure-native:storage:StorageAccount::blue-content`,
      `${URN}azure-native:storage:StorageAccount::bluecontent`,
    ]);
  });

  test("deletedWith, retainOnDelete, ignoreChanges, replaceOnChanges and the like", () => {
    expect(find("azure-native:network:VirtualNetwork::vnet").options.ignoreChanges).toEqual([
      "tags",
      "subnets[*].delegations",
    ]);
    expect(find("azure-native:network:Subnet::nodes").options.deletedWith).toBe(VNET);
    expect(find("azure-native:storage:StorageAccount::bluecontent").options).toMatchObject({
      ignoreChanges: ["tags.seen"],
      customTimeouts: { create: 1_200 },
    });
    expect(find("azure-native:storage:BlobContainer::blue").options).toMatchObject({
      retainOnDelete: true,
      deletedWith: `${IN_SITE}azure-native:storage:StorageAccount::bluecontent`,
    });
    expect(find("azure-native:storage:Blob::blue-index").options).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: ["source"],
    });
    expect(find("kubernetes:core/v1:Secret::blue-workload").options).toMatchObject({
      deletedWith: `${IN_WORKLOAD}kubernetes:core/v1:Namespace::blue-workload`,
      additionalSecretOutputs: ["metadata", "data", "stringData"],
    });
  });

  test("dependsOn and the dependencies of each property", () => {
    const vnet = find("azure-native:network:VirtualNetwork::vnet");
    const shared = `${URN}pulumi:pulumi:StackReference::organization/shared/dev`;
    expect(vnet.dependencies).toEqual([GROUP, shared]);
    expect(vnet.propertyDependencies).toEqual({
      dhcpOptions: [shared],
      resourceGroupName: [GROUP],
    });
    expect(find("azure-native:network:VirtualNetworkPeering::hub").dependencies).toEqual([
      `${URN}azure-native:network:Subnet::endpoints`,
      `${URN}azure-native:network:Subnet::nodes`,
      `${URN}azure-native:network:VirtualNetwork::hub`,
      VNET,
      GROUP,
    ]);
    expect(find("pulumi:providers:kubernetes::blue").dependencies).toEqual([CLUSTER]);
  });

  test("a dependency on a component is one on everything below it", () => {
    const { dependencies } = find("kitchen-sink:index:Site::green");
    expect(dependencies.filter((urn) => urn.startsWith(IN_SITE))).toEqual([
      `${IN_SITE}azure-native:storage:Blob::blue-all`,
      `${IN_SITE}azure-native:storage:Blob::blue-index`,
      `${IN_SITE}azure-native:storage:BlobContainer::blue`,
      `${IN_SITE}azure-native:storage:StorageAccount::bluecontent`,
      `${IN_WORKLOAD}kubernetes:core/v1:Namespace::blue-workload`,
      `${IN_WORKLOAD}kubernetes:core/v1:Secret::blue-workload`,
    ]);
  });

  test("source positions are relative to the project", () => {
    expect(find("kitchen-sink:index:Site::blue").sourcePosition).toMatch(
      /^project:\/\/\/index\.ts#\d+,\d+$/,
    );
    expect(find("kubernetes:core/v1:Secret::green-workload").sourcePosition).toMatch(
      /^project:\/\/\/site\.ts#\d+,\d+$/,
    );
  });
});

describe("providers", () => {
  test("are explicit, or a component's, or the default", () => {
    expect(find("azure-native:managedidentity:UserAssignedIdentity::identity").provider).toBe(
      provider("azure-native", "azure"),
    );
    for (const site of ["blue", "green"]) {
      expect(find(`azure-native:storage:StorageAccount::${site}content`).provider).toBe(
        provider("azure-native", "azure"),
      );
      expect(find(`kubernetes:core/v1:Namespace::${site}-workload`).provider).toBe(
        provider("kubernetes", site),
      );
    }
    expect(find("azure-native:resources:ResourceGroup::group").provider).toBe("");
  });

  test("are resources with their configuration", () => {
    expect(find("pulumi:providers:azure-native::azure").inputs).toMatchObject({
      location: "northeurope",
    });
    expect(find("pulumi:providers:kubernetes::green").inputs).toEqual({
      kubeconfig: UNKNOWN,
      namespace: "green",
    });
  });
});

describe("remote components and packages with parameters", () => {
  test("a component of a provider is one resource: its children are the provider's", () => {
    expect(find("kubernetes:helm.sh/v4:Chart::ingress")).toMatchObject({
      custom: false,
      provider: provider("kubernetes", "green"),
      inputs: {
        chart: "oci://ghcr.io/stefanprodan/charts/podinfo",
        version: "6.14.1",
        namespace: UNKNOWN,
        values: { replicaCount: 2 },
      },
      dependencies: [`${IN_WORKLOAD}kubernetes:core/v1:Namespace::green-workload`],
    });
    expect(outputsOf(plan)["chartResources"]).toBe(UNKNOWN);
  });

  test("a resource of a parameterized package", () => {
    expect(find("random:index/pet:Pet::pet")).toMatchObject({
      custom: true,
      inputs: { separator: "-" },
    });
  });
});

describe("secrets", () => {
  test("that cannot be decrypted are unknown, and stay secret", () => {
    expect(plan.config["kitchen-sink:apiToken"]).toBe("[secret]");
    expect(plan.config["kitchen-sink:database"]).toBe("[secret]");
    expect(find("kitchen-sink:index:Site::blue").inputs["token"]).toEqual(markSecret(UNKNOWN));
    const { inputs, outputs } = find("kubernetes:core/v1:Secret::blue-workload");
    expect(inputs["stringData"]).toEqual(markSecret({ token: UNKNOWN }));
    expect(outputs["metadata"]).toEqual(markSecret(inputs["metadata"] ?? null));
    expect(find("kubernetes:core/v1:ConfigMap::settings").inputs["data"]).toEqual({
      greeting: "hello",
      replicas: "2",
      user: markSecret("site"),
      password: markSecret(UNKNOWN),
    });
  });

  test("in outputs of the stack stay secret", () => {
    const outputs = outputsOf(plan);
    expect(isSecret(outputs["secret"] ?? null)).toBe(true);
    expect(outputs["nested"]).toMatchObject({
      database: markSecret({ user: "site", password: UNKNOWN }),
    });
  });

  test("appear in no report", () => {
    const inClear = toJson(plan);
    expect(inClear).not.toContain("KwtHvj9VVTw1jIrf8kTgM");
    expect(inClear).not.toContain('"user": "site"');
  });
});

describe("a request of a program", () => {
  test("has an unknown result without an assumption, which is reported once", () => {
    expect(
      find("azure-native:managedidentity:UserAssignedIdentity::identity").inputs["tags"],
    ).toEqual({
      transit: UNKNOWN,
      tenant: UNKNOWN,
    });
    expect(outputsOf(plan)["promised"]).toBe(UNKNOWN);
    expect(plan.notJudged.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        "azure-native:authorization:getClientConfig (1 call)",
        "azure-native:network:getSubnet (1 call)",
      ]),
    );
  });

  test("returns the assumed value", () => {
    expect(outputsOf(assumed)["promised"]).toBe("subscription-1");
    expect(assumed.notJudged.map(({ what }) => what)).toEqual([
      "kubernetes:helm.sh/v4:Chart ingress",
    ]);
  });

  test("for another stack's outputs returns unknown, or the assumed values", () => {
    const dhcp = ({ resources }: Plan) =>
      resources.find(({ name, op }) => name === "vnet" && op === "create")?.inputs["dhcpOptions"];
    expect(dhcp(plan)).toEqual({ dnsServers: [UNKNOWN] });
    expect(outputsOf(plan)["fromOtherStack"]).toBe(UNKNOWN);
    expect(dhcp(assumed)).toEqual({ dnsServers: ["10.0.0.4"] });
    expect(outputsOf(assumed)["fromOtherStack"]).toBe("example.com");
  });

  test("to read a resource returns its ID, and the assumed properties", () => {
    const hub = { op: "read", id: HUB, custom: true };
    expect(find("azure-native:network:VirtualNetwork::hub")).toMatchObject({ ...hub, outputs: {} });
    expect(finder(assumed)("azure-native:network:VirtualNetwork::hub")).toMatchObject({
      ...hub,
      outputs: { location: "westeurope", name: "hub" },
    });
    expect(find("azure-native:network:VirtualNetworkPeering::hub").inputs).toMatchObject({
      remoteVirtualNetwork: { id: HUB },
    });
  });
});

test("a resource in a component's arguments is a reference", () => {
  expect(find("kitchen-sink:index:Site::blue").inputs["network"]).toEqual({
    "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
    urn: VNET,
    id: UNKNOWN,
  });
});

test("files and archives are named, not read", () => {
  expect(find("azure-native:storage:Blob::blue-index").inputs["source"]).toMatchObject({
    path: "content/index.html",
  });
  expect(find("azure-native:storage:Blob::blue-all").inputs["source"]).toMatchObject({
    assets: { content: { path: "content" }, "hello.txt": { text: "hello" } },
  });
});

test("a component has the outputs that it registers", () => {
  expect(find("kitchen-sink:index:Workload::blue-workload").outputs).toEqual({
    namespaceName: UNKNOWN,
    secretName: UNKNOWN,
  });
  expect(find("kitchen-sink:index:Site::blue").outputs).toMatchObject({ endpoint: UNKNOWN });
});

test("the stack has the outputs that the program exports", () => {
  expect(outputsOf(plan)).toMatchObject({
    plain: { text: "hello", count: 2, on: true, list: ["people", "machines"] },
    empty: null,
    unknown: UNKNOWN,
    nested: {
      group: { name: UNKNOWN, id: UNKNOWN },
      sites: [{ name: "blue", endpoint: UNKNOWN }],
    },
    resource: { urn: VNET, addressSpace: { addressPrefixes: ["10.40.0.0/16"] } },
    component: { urn: `${SITE}green` },
    petSeparator: "-",
    settingsName: UNKNOWN,
  });
  expect(outputsOf(plan)).not.toHaveProperty("nothing");
});

test("messages of the program are shown in order, without debug messages", () => {
  expect(plan.diagnostics).toEqual([
    { severity: "info", message: "printed by the program" },
    { severity: "info", message: "the site is planned", urn: `${SITE}blue` },
    { severity: "warning", message: "the hub is not ours" },
    {
      severity: "warning",
      message: "Undefined value (nothing) will not show as a stack output.",
    },
  ]);
});

test("the pack judges the result of its remediation", () => {
  expect(plan.packs).toMatchObject([{ name: "advisory-pack", version: "1.0.0" }]);
  expect(plan.remediations).toEqual([
    {
      policy: "group-has-team",
      pack: "advisory-pack",
      description: "A resource group names its team.",
      urn: GROUP,
    },
  ]);
  expect(plan.violations).toEqual([
    {
      policy: "cluster-size",
      pack: "advisory-pack",
      packVersion: "1.0.0",
      enforcementLevel: "mandatory",
      severity: "high",
      description: "A cluster keeps within its budget.",
      message: "Pool system has 3 nodes; at most 2 are allowed.",
      remediationSteps: "Lower the count of the pool.",
      url: "https://learn.microsoft.com/azure/aks/scale-cluster",
      urn: CLUSTER,
    },
    {
      policy: "group-has-owner",
      pack: "advisory-pack",
      packVersion: "1.0.0",
      enforcementLevel: "advisory",
      severity: "low",
      description: "A resource group names its owner.",
      message: "The tag owner is missing.",
      urn: GROUP,
    },
  ]);
});
