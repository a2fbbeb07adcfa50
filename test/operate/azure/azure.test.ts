import { afterEach, beforeEach, expect, test } from "vitest";
import { AccessError } from "../../../operate/accessError.ts";
import { signInError } from "../../../operate/azure/azure.ts";
import { readQuotas, readVmSizes } from "../../../operate/azure/compute.ts";
import { readFeature } from "../../../operate/azure/features.ts";
import { readKubernetesVersions } from "../../../operate/azure/kubernetesVersions.ts";
import { readManagedCluster, readManagedClusters } from "../../../operate/azure/managedCluster.ts";
import { readMeshUpgrades, readOfferedRevisions } from "../../../operate/azure/meshRevisions.ts";
import { readResourceGroup } from "../../../operate/azure/resourceGroups.ts";
import { readResourceProvider } from "../../../operate/azure/resourceProviders.ts";
import { readSubscription } from "../../../operate/azure/subscription.ts";
import { readVirtualNetwork } from "../../../operate/azure/virtualNetworks.ts";
import { Arm } from "../../support/arm/arm.ts";
import { SUBSCRIPTION, cluster, usage, vmSku } from "../../support/arm/world.ts";

let arm: Arm;

beforeEach(async () => {
  arm = await Arm.start();
});

afterEach(() => arm.stop());

test("reads what a region offers", async () => {
  const offered = await readOfferedRevisions(arm.azure, "westeurope");
  expect(offered).toEqual({
    value: [
      {
        revision: "asm-1-28",
        upgrades: ["asm-1-29", "asm-1-30"],
        kubernetes: {
          KubernetesOfficial: ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35"],
          AKSLongTermSupport: ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35"],
        },
      },
      expect.objectContaining({ revision: "asm-1-29", upgrades: ["asm-1-30"] }),
      expect.objectContaining({ revision: "asm-1-30", upgrades: [] }),
    ],
  });
  arm.world.kubernetes = [
    { version: "1.37", isPreview: true, capabilities: { supportPlan: ["KubernetesOfficial"] } },
  ];
  expect(await readKubernetesVersions(arm.azure, "westeurope")).toEqual({
    value: [{ version: "1.37", isPreview: true, plans: ["KubernetesOfficial"] }],
  });
});

test("orders revisions by their numbers, and leaves out names that are none", async () => {
  arm.world.revisions = ["asm-1-30", "asm-1-9", "preview"].map((revision) => ({
    revision,
    upgrades: ["asm-1-31", "asm-1-10"],
    compatibleWith: [{ name: "kubernetes", versions: ["1.35"] }],
  }));
  expect(await readOfferedRevisions(arm.azure, "westeurope")).toEqual({
    value: ["asm-1-9", "asm-1-30"].map((revision) => ({
      revision,
      upgrades: ["asm-1-10", "asm-1-31"],
      kubernetes: { kubernetes: ["1.35"] },
    })),
  });
});

test("reads every page of a list", async () => {
  arm.world.usages = ["a", "b", "c", "d", "e"].map((name, i) =>
    usage(name, `Title ${name}`, i, 10),
  );
  expect(await readQuotas(arm.azure, "westeurope")).toEqual({
    value: ["a", "b", "c", "d", "e"].map((name, i) => ({
      name,
      title: `Title ${name}`,
      used: i,
      limit: 10,
    })),
  });
  expect(arm.asked.filter((line) => line.endsWith("/usages"))).toHaveLength(3);
});

test("knows in which zones the subscription may use a VM size, and if at all", async () => {
  const inZones = vmSku("Standard_E4ds_v5", "standardEDSv5Family", 4);
  inZones.restrictions = [
    {
      type: "Zone",
      values: ["westeurope"],
      restrictionInfo: { locations: ["westeurope"], zones: ["3"] },
      reasonCode: "NotAvailableForSubscription",
    },
  ];
  const nowhere = vmSku("Standard_M8ms", "standardMSFamily", 8);
  nowhere.capabilities.push({ name: "vCPUsAvailable", value: "6" });
  nowhere.restrictions = [
    {
      type: "Location",
      values: ["westeurope"],
      restrictionInfo: { locations: ["westeurope"] },
      reasonCode: "QuotaId",
    },
  ];
  arm.world.skus = [inZones, nowhere, { ...inZones, resourceType: "disks", name: "Premium_LRS" }];
  const sizes = await readVmSizes(arm.azure, "westeurope");
  expect("value" in sizes ? [...sizes.value] : sizes).toEqual([
    [
      "standard_e4ds_v5",
      expect.objectContaining({ vCPUs: 4, zones: ["1", "2"], restriction: undefined }),
    ],
    ["standard_m8ms", expect.objectContaining({ vCPUs: 6, restriction: "QuotaId" })],
  ]);
});

test("what does not exist is undefined", async () => {
  const absent = { value: undefined };
  const name = { resourceGroup: "rg", name: "shop" };
  expect(await readManagedCluster(arm.azure, name)).toEqual(absent);
  expect(await readMeshUpgrades(arm.azure, name)).toEqual(absent);
  expect(await readResourceGroup(arm.azure, "rg")).toEqual(absent);
  expect(await readResourceProvider(arm.azure, "Microsoft.Nothing")).toEqual(absent);
  expect(await readFeature(arm.azure, "Microsoft.Compute/Nothing")).toEqual(absent);
  const network = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub`;
  expect(await readVirtualNetwork(arm.azure, network)).toEqual(absent);
  expect(await readManagedClusters(arm.azure)).toEqual({ value: [] });
});

test("reads a cluster as az aks show prints it", async () => {
  arm.world.clusters = [
    cluster("rg", "shop", {
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } },
    }),
  ];
  const read = await readManagedCluster(arm.azure, { resourceGroup: "rg", name: "shop" });
  expect(read).toMatchObject({
    value: {
      name: "shop",
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29"] } },
    },
  });
});

test("reads the ranges of a virtual network and of its peers, without IPv6", async () => {
  const id = (name: string) =>
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/${name}`;
  arm.world.resources[id("spoke")] = {
    id: id("spoke"),
    properties: {
      addressSpace: { addressPrefixes: ["10.1.0.0/16", "fd00::/48"] },
      subnets: [{ name: "nodes", properties: { addressPrefixes: ["10.1.0.0/20", "fd00::/64"] } }],
      virtualNetworkPeerings: [
        {
          properties: {
            remoteVirtualNetwork: { id: id("hub") },
            remoteAddressSpace: { addressPrefixes: ["10.2.0.0/16"] },
            remoteVirtualNetworkAddressSpace: { addressPrefixes: ["10.2.0.0/16", "10.3.0.0/16"] },
          },
        },
      ],
    },
  };
  expect(await readVirtualNetwork(arm.azure, id("spoke"))).toEqual({
    value: {
      id: id("spoke"),
      ranges: ["10.1.0.0/16"],
      subnets: [{ name: "nodes", ranges: ["10.1.0.0/20"] }],
      peers: [{ id: id("hub"), ranges: ["10.2.0.0/16", "10.3.0.0/16"] }],
    },
  });
});

// Clients of both generations of the SDK.
test.each([
  ["containerservice", /meshRevisionProfiles/, () => readOfferedRevisions(arm.azure, "westeurope")],
  ["resources", /resourcegroups/, () => readResourceGroup(arm.azure, "rg")],
])("%s: asks again when Azure throttles requests", async (_, on, read) => {
  arm.world.groups["rg"] = "westeurope";
  const throttled = { on, status: 429, code: "TooManyRequests", message: "Too many requests." };
  arm.refuse({ ...throttled, headers: { "Retry-After": "0" }, times: 2 });
  expect(await read()).toHaveProperty("value");
  expect(arm.asked.filter((line) => on.test(line))).toHaveLength(3);
});

test.each([
  [
    "the right that is missing",
    {
      status: 403,
      code: "AuthorizationFailed",
      message:
        "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/read' over scope '/subscriptions/z' or the scope is invalid.",
    },
    {
      reason: "Azure does not let you read the resource group rg.",
      fix: "Ask for a role with the right for Microsoft.Resources/subscriptions/resourceGroups/read, such as Reader.",
    },
  ],
  [
    "the provider that is not registered",
    {
      status: 409,
      code: "MissingSubscriptionRegistration",
      message: "The subscription is not registered to use namespace 'Microsoft.Resources'. See x.",
    },
    {
      reason:
        "Azure cannot read the resource group rg: the resource provider Microsoft.Resources is not registered.",
      fix: "Run az provider register --namespace Microsoft.Resources.",
    },
  ],
  [
    "that Azure throttles requests",
    {
      status: 429,
      code: "TooManyRequests",
      message: "Slow down.",
      headers: { "Retry-After": "0" },
    },
    {
      reason: "Azure could not read the resource group rg: Slow down.",
      fix: "Azure is throttling requests. Try again later.",
    },
  ],
  [
    "a 404 that does not mean that the resource is absent",
    {
      status: 404,
      code: "SubscriptionNotFound",
      message: "The subscription 'z' could not be found.",
    },
    {
      reason:
        "Azure could not read the resource group rg: The subscription 'z' could not be found.",
      fix: "Try again.",
    },
  ],
])("says %s", async (_, fault, said) => {
  arm.refuse({ on: /resourcegroups/, ...fault });
  expect(await readResourceGroup(arm.azure, "rg")).toEqual(said);
});

// A list of the newer SDK, whose errors say only the code, and an object of the older.
test.each([
  ["clusters of the subscription", "ExpiredToken", () => readManagedClusters(arm.azure)],
  [`subscription ${SUBSCRIPTION}`, "The access token expired", () => readSubscription(arm.azure)],
])("%s: says that the credentials are refused", async (what, why, read) => {
  const message = "The access token expired.";
  arm.refuse({ on: /./, status: 401, code: "ExpiredToken", message });
  await expect(read()).rejects.toThrow(
    new AccessError(
      `Azure refuses the credentials, so the ${what} could not be read: ${why}. Run az login again, in the tenant of the subscription.`,
    ),
  );
});

test("names the provider that is not registered, also for a list", async () => {
  const refusal = { status: 409, code: "MissingSubscriptionRegistration", message: "x" };
  arm.refuse({ on: /managedClusters/, ...refusal });
  expect(await readManagedClusters(arm.azure)).toEqual({
    reason:
      "Azure cannot read the clusters of the subscription: the resource provider Microsoft.ContainerService is not registered.",
    fix: "Run az provider register --namespace Microsoft.ContainerService.",
  });
});

test("says that Azure cannot be reached", async () => {
  const { azure } = arm;
  const options = {
    ...azure.options,
    endpoint: "https://localhost:1",
    retryOptions: { maxRetries: 0 },
  };
  await expect(readManagedClusters({ ...azure, options })).rejects.toThrow(
    /^Azure cannot be reached, so the clusters of the subscription could not be read: .*ECONNREFUSED.*\. Check the network and its proxy\.$/,
  );
});

function named(name: string, message: string, errors?: readonly Error[]): Error {
  return Object.assign(new Error(message), { name }, errors && { errors });
}

test.each([
  [
    named("AggregateAuthenticationError", "ChainedTokenCredential failed", [
      named("CredentialUnavailableError", "no az"),
      named("CredentialUnavailableError", "no azd"),
    ]),
    "Nobody is signed in to Azure. Run az login; in a pipeline, use azure/login, a workload identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
  ],
  [
    named("AggregateAuthenticationError", "failed", [
      named("CredentialUnavailableError", "no az"),
      named(
        "AuthenticationError",
        "AADSTS7000222: The provided client secret keys are expired.\nTrace ID",
      ),
    ]),
    "Azure does not sign you in: AADSTS7000222: The provided client secret keys are expired. Run az login again, or check the identity of the pipeline.",
  ],
])("says why nobody is signed in: %s", (error, message) => {
  expect(signInError(error)).toEqual(new AccessError(message));
});
