import { describe, expect, test } from "vitest";
import { meshEgressPrerequisites } from "../../../../policy/rules/mesh/mesh-egress-prerequisites.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

const PATH = "serviceMeshProfile.istio.components.egressGateways";
const GATEWAY = { name: "partners", gatewayConfigurationName: "partners", enabled: true };
const STATIC = { networkProfile: { staticEgressGatewayProfile: { enabled: true } } };

/** A cluster with egress gateways and all their prerequisites except a pool. */
function egress(egressGateways: unknown, props: Props = {}): Fixture {
  const istio = { revisions: ["asm-1-30"], components: { egressGateways } };
  return cluster({ serviceMeshProfile: { mode: "Istio", istio }, ...STATIC, ...props });
}

function pool(mode: unknown, props: Props = {}): Fixture {
  return {
    type: "azure-native:containerservice:AgentPool",
    name: "egress",
    props: { resourceName: UNKNOWN, mode, gatewayProfile: { publicIPPrefixSize: 31 }, ...props },
  };
}

async function messages(...stack: Fixture[]) {
  return (await run(meshEgressPrerequisites, stack)).map(({ level, message }) => [level, message]);
}

async function texts(...stack: Fixture[]) {
  return (await messages(...stack)).map(([, text]) =>
    text?.replace('ManagedCluster "orders": ', ""),
  );
}

describe("mesh-egress-prerequisites", () => {
  test("accepts a gateway with all its prerequisites", async () => {
    expect(await messages(egress([GATEWAY]), pool("Gateway"))).toEqual([]);
    expect(
      await messages(egress([GATEWAY], { agentPoolProfiles: [{ name: "gw", mode: "Gateway" }] })),
    ).toEqual([]);
  });

  test.each([
    [undefined, "not set"],
    [{ staticEgressGatewayProfile: { enabled: false } }, "false"],
    [{ staticEgressGatewayProfile: { enabled: "False" } }, "false"],
  ])("reports Static Egress Gateway with %j", async (networkProfile, is) => {
    expect(await messages(egress([GATEWAY], { networkProfile }), pool("Gateway"))).toEqual([
      [
        "violation",
        `ManagedCluster "orders": networkProfile.staticEgressGatewayProfile.enabled is ${is}, but the mesh's egress gateways require Static Egress Gateway. Set it to true.`,
      ],
    ]);
  });

  describe("the pool", () => {
    const LACKING = [
      "the mesh has egress gateways, but no node pool has the mode Gateway to hold their addresses. Add an AgentPool with mode Gateway and a gatewayProfile.",
    ];

    test("reports its absence, once the whole stack is known", async () => {
      expect(await texts(egress([GATEWAY]))).toEqual(LACKING);
      expect(await texts(egress([GATEWAY]), pool("User"))).toEqual(LACKING);
      const reports = await run(meshEgressPrerequisites, [egress([GATEWAY])]);
      expect(reports.map(({ when }) => when)).toEqual(["late"]);
    });

    test("reports one of another cluster", async () => {
      expect(await texts(egress([GATEWAY]), pool("Gateway", { resourceName: "west" }))).toEqual(
        LACKING,
      );
      expect(await texts(egress([GATEWAY]), pool("Gateway", { resourceName: "orders" }))).toEqual(
        [],
      );
      const unnamed = egress([GATEWAY], { resourceName: undefined });
      expect(await texts(unnamed, pool("Gateway", { resourceName: "orders-3f2a" }))).toEqual([]);
    });

    test.each([
      "azure-native:containerservice/v20250901:AgentPool",
      "azure-native_containerservice_v20260501:containerservice:AgentPool",
    ])("accepts the token %s", async (type) => {
      expect(await texts(egress([GATEWAY]), { ...pool("Gateway"), type })).toEqual([]);
    });

    test("advises if its mode is unknown", async () => {
      expect(await messages(egress([GATEWAY]), pool(UNKNOWN))).toEqual([
        [
          "unjudged",
          'ManagedCluster "orders": mode of AgentPool "egress" is known only once it is deployed. Give it a value that does not depend on another resource.',
        ],
      ]);
    });

    test("reports pods in their own subnet, in any pool, known or not", async () => {
      for (const podSubnetID of ["/subscriptions/…/subnets/pods", UNKNOWN]) {
        expect(
          await texts(
            egress([GATEWAY], {
              agentPoolProfiles: [{ name: "system", mode: "System", podSubnetID }],
            }),
            pool("Gateway"),
            { ...pool("User", { podSubnetID }), name: "apps" },
          ),
        ).toEqual([
          'agentPoolProfiles[0].podSubnetID of ManagedCluster "orders" gives pods a separate subnet, which egress gateways do not support. Remove it, and use Azure CNI Overlay.',
          'podSubnetID of AgentPool "apps" gives pods a separate subnet, which egress gateways do not support. Remove it, and use Azure CNI Overlay.',
        ]);
      }
    });
  });

  describe("each gateway", () => {
    const judged = (...gateways: unknown[]) => texts(egress(gateways), pool("Gateway"));

    test.each([
      ["a".repeat(53), []],
      [
        "a".repeat(54),
        [
          `${PATH}[0].name "${"a".repeat(54)}" must be at most 53 characters long, but has 54. Rename it.`,
        ],
      ],
      [undefined, [`${PATH}[0].name "" must not be empty. Rename it.`]],
      [
        "Partners",
        [
          `${PATH}[0].name "Partners" must consist of lowercase letters, digits and hyphens, start with a letter, and end with a letter or digit. Rename it.`,
        ],
      ],
    ])("must have a valid name, not %s", async (name, expected) => {
      expect(await judged({ ...GATEWAY, name })).toEqual(expected);
    });

    test.each([undefined, ""])("requires a configuration: %j", async (gatewayConfigurationName) => {
      expect(await judged({ ...GATEWAY, gatewayConfigurationName })).toEqual([
        `${PATH}[0].gatewayConfigurationName is not set. Set it to the name of the StaticGatewayConfiguration in the gateway's namespace.`,
      ]);
      expect(await judged({ ...GATEWAY, gatewayConfigurationName: UNKNOWN })).toEqual([]);
    });

    test("has a unique name in its namespace", async () => {
      const there = { ...GATEWAY, namespace: "aks-istio-egress" };
      expect(await judged(GATEWAY, there)).toEqual([
        `${PATH}[0] and ${PATH}[1] are both named partners in the namespace aks-istio-egress, but each egress gateway of a namespace needs a unique name. Rename one of them.`,
      ]);
      expect(await judged(GATEWAY, { ...GATEWAY, namespace: "partners" })).toEqual([]);
      expect(await judged(GATEWAY, { ...GATEWAY, namespace: UNKNOWN })).toEqual([]);
      expect(await judged(GATEWAY, { ...there, enabled: false })).toEqual([]);
    });

    test("counts towards the limit of 500", async () => {
      const many = (count: number) =>
        Array.from({ length: count }, (_, index) => ({ ...GATEWAY, name: `gw-${index}` }));
      expect(await judged(...many(500))).toEqual([]);
      expect(await judged(...many(501))).toEqual([
        `${PATH} has 501 enabled egress gateways, but AKS runs at most 500. Share gateways between namespaces.`,
      ]);
    });
  });

  test.each<[string, Fixture]>([
    ["no gateways", cluster()],
    ["disabled gateways", egress([{ enabled: false }], { networkProfile: undefined })],
    ["an invalid gateway", egress([null], { networkProfile: undefined })],
    [
      "no mesh",
      cluster({
        serviceMeshProfile: {
          mode: "Disabled",
          istio: { components: { egressGateways: [GATEWAY] } },
        },
      }),
    ],
    ["the classic provider, which does not support it", classicCluster()],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    [PATH, egress(UNKNOWN)],
    [`${PATH}[0].enabled`, egress([{ ...GATEWAY, enabled: UNKNOWN }])],
    [`${PATH}[0].name`, egress([{ ...GATEWAY, name: UNKNOWN }])],
    ["networkProfile", egress([GATEWAY], { networkProfile: UNKNOWN })],
    ["agentPoolProfiles", egress([GATEWAY], { agentPoolProfiles: UNKNOWN })],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture, pool("Gateway"))).toEqual([
      [
        "unjudged",
        `ManagedCluster "orders": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  describe("remediation", () => {
    async function mended(networkProfile: unknown, gateways: unknown = [GATEWAY]) {
      const fixture = egress(gateways, { networkProfile });
      return (await remediate(meshEgressPrerequisites, [fixture]))?.["networkProfile"];
    }

    test("enables it unless it is explicitly off, permanently", async () => {
      const on = { staticEgressGatewayProfile: { enabled: true } };
      expect(await mended(undefined)).toEqual(on);
      expect(await mended({ networkPlugin: "azure" })).toEqual({ networkPlugin: "azure", ...on });
      expect(await mended(on)).toBeUndefined();
      expect(await texts(egress([GATEWAY], { networkProfile: on }), pool("Gateway"))).toEqual([]);
    });

    test.each<[string, unknown, unknown]>([
      ["an explicit false", { staticEgressGatewayProfile: { enabled: false } }, [GATEWAY]],
      ["an unknown profile", UNKNOWN, [GATEWAY]],
      ["an invalid profile", "azure", [GATEWAY]],
      ["no enabled gateway", undefined, [{ ...GATEWAY, enabled: false }]],
      ["a gateway that may be enabled", undefined, [{ ...GATEWAY, enabled: UNKNOWN }]],
      ["unknown gateways", undefined, UNKNOWN],
    ])("changes nothing for %s", async (_, networkProfile, gateways) => {
      expect(await mended(networkProfile, gateways)).toBeUndefined();
    });
  });
});
