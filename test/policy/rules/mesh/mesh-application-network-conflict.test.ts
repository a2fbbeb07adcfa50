import { describe, expect, test } from "vitest";
import { meshApplicationNetworkConflict } from "../../../../policy/rules/mesh/mesh-application-network-conflict.ts";
import { UNKNOWN, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const plain = cluster({ serviceMeshProfile: undefined }, "plain");

function membership(resourceName: unknown, from: readonly Fixture[] = []): Fixture {
  return {
    type: "azure-native:containerservice:MeshMembership",
    name: "shop",
    props: { resourceName },
    from: { resourceName: from },
  };
}

function member(resourceId: unknown, from: readonly Fixture[] = []): Fixture {
  return {
    type: "azure-native:applink:AppLinkMember",
    name: "shop",
    props: { appLinkName: "shop", properties: { metadata: { resourceId } } },
    from: { properties: from },
  };
}

const idOf = (name: string) =>
  `/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/${name}`;

async function messages(...stack: Fixture[]) {
  const reports = await run(meshApplicationNetworkConflict, stack);
  return reports.map(({ level, message }) => [level, message.replace(/^\w+ "shop": /, "")]);
}

const CONFLICT = [
  [
    "violation",
    'it connects ManagedCluster "orders", which has the Istio add-on, to an Application Network, but Microsoft supports only one of the two on a cluster. Remove the membership, or disable the add-on.',
  ],
];

describe("mesh-application-network-conflict", () => {
  test.each([
    ["a cluster without the add-on", [plain, membership("plain")]],
    ["the other cluster of the stack, by name", [mesh, plain, membership("plain")]],
    ["the other cluster of the stack, by ID", [mesh, plain, member(idOf("plain"))]],
    ["the other cluster of the stack, before it exists", [mesh, plain, member(UNKNOWN, [plain])]],
    ["a cluster of another stack", [membership("elsewhere")]],
    ["a cluster of another stack, beside one with the add-on", [mesh, member(idOf("elsewhere"))]],
    ["no membership", [mesh]],
  ])("accepts %s", async (_, stack) => {
    expect(await messages(...stack)).toEqual([]);
  });

  test.each([
    ["by name", [mesh, plain, membership("orders")]],
    ["before it exists", [mesh, plain, membership(UNKNOWN, [mesh])]],
    ["by the network's member", [mesh, plain, member(idOf("orders"))]],
    ["by the network's member, before it exists", [mesh, plain, member(UNKNOWN, [mesh])]],
    [
      "by a local package",
      [
        mesh,
        {
          ...membership("orders"),
          type: "azure-native_containerservice_v20260502preview:containerservice:MeshMembership",
        },
      ],
    ],
  ])("reports a cluster with the add-on, named %s", async (_, stack) => {
    expect(await messages(...stack)).toEqual(CONFLICT);
  });

  test("does not judge a cluster that may be one of two", async () => {
    expect(await messages(mesh, plain, member(UNKNOWN))).toEqual([
      [
        "unjudged",
        "the cluster of the membership is known only once it is deployed. Make sure that it does not have the Istio add-on.",
      ],
    ]);
  });

  test("does not judge an add-on that is known only later", async () => {
    const later = cluster({ serviceMeshProfile: UNKNOWN });
    expect(await messages(later, membership("orders"))).toEqual([
      [
        "unjudged",
        'serviceMeshProfile of ManagedCluster "orders" is known only once it is deployed. Give it a value that does not depend on another resource.',
      ],
    ]);
  });
});
