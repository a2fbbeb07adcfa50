import { describe, expect, test } from "vitest";
import { meshAdvancedNetworkingConflict } from "../../../../policy/rules/mesh/mesh-advanced-networking-conflict.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

async function messages(fixture: Fixture) {
  const reports = await run(meshAdvancedNetworkingConflict, [fixture]);
  return reports.map(({ level, message }) => [level, message.replace(/^\w+ "orders": /, "")]);
}

const PLACE = "networkProfile.advancedNetworking.security";

function secured(security: unknown, enabled: unknown = true, others: Props = {}): Fixture {
  return cluster({ networkProfile: { advancedNetworking: { enabled, security } }, ...others });
}

const L7 = { enabled: true, advancedNetworkPolicies: "L7" };
const MTLS = { enabled: true, transitEncryption: { type: "mTLS" } };
const L7_MESSAGE = `${PLACE}.advancedNetworkPolicies is L7, which Microsoft does not support together with the Istio add-on. Set it to FQDN, and use AuthorizationPolicies for HTTP.`;
const MTLS_MESSAGE = `${PLACE}.transitEncryption.type is mTLS, which Microsoft does not support together with Istio. Set it to None or WireGuard.`;

describe("mesh-advanced-networking-conflict", () => {
  test.each([
    ["a cluster without it", cluster()],
    ["policies by name", secured({ enabled: true, advancedNetworkPolicies: "FQDN" })],
    ["no policies", secured({ enabled: true, advancedNetworkPolicies: "None" })],
    ["WireGuard", secured({ enabled: true, transitEncryption: { type: "WireGuard" } })],
    ["L7 policies that are off", secured({ ...L7, enabled: false })],
    ["services that are off", secured(L7, false)],
    ["a cluster without the add-on", secured(L7, true, { serviceMeshProfile: undefined })],
    ["the classic provider", classicCluster({ networkProfile: { networkPlugin: "azure" } })],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test.each([
    ["L7 policies", secured(L7), [L7_MESSAGE]],
    ["L7 policies in lower case", secured({ ...L7, advancedNetworkPolicies: "l7" }), [L7_MESSAGE]],
    [
      "L7 policies without the switches",
      secured({ advancedNetworkPolicies: "L7" }, undefined),
      [L7_MESSAGE],
    ],
    ["mTLS", secured(MTLS), [MTLS_MESSAGE]],
    ["both", secured({ ...L7, ...MTLS }), [L7_MESSAGE, MTLS_MESSAGE]],
  ])("reports %s", async (_, fixture, expected) => {
    expect(await messages(fixture)).toEqual(expected.map((message) => ["violation", message]));
  });

  test.each([
    [`${PLACE}.advancedNetworkPolicies`, secured({ advancedNetworkPolicies: UNKNOWN })],
    [`${PLACE}.transitEncryption.type`, secured({ transitEncryption: { type: UNKNOWN } })],
    ["serviceMeshProfile", secured(L7, true, { serviceMeshProfile: UNKNOWN })],
  ])("does not judge an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
