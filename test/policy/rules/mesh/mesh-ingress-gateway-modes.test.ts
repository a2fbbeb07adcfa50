import { describe, expect, test } from "vitest";
import { meshIngressGatewayModes } from "../../../../policy/rules/mesh/mesh-ingress-gateway-modes.ts";
import { meshNoExternalIngress } from "../../../../policy/rules/mesh/mesh-no-external-ingress.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshIngressGatewayModes, meshNoExternalIngress];

const PATH = "serviceMeshProfile.istio.components.ingressGateways";
const INTERNAL = { mode: "Internal", enabled: true };
const EXTERNAL = { mode: "External", enabled: true };
const ALLOWED: Run = { disabled: ["mesh-no-external-ingress"] };

function open(ingressGateways: unknown, mode: unknown = "Istio"): Fixture {
  const istio = { revisions: ["asm-1-30"], components: { ingressGateways } };
  return cluster({ serviceMeshProfile: { mode, istio } });
}

async function messages(fixture: Fixture, options = {}) {
  return (await run(RULES, [fixture], options)).map(({ level, message }) => [level, message]);
}

describe("mesh-ingress-gateway-modes", () => {
  test("reports an external gateway as advice, unless it is configured as intended", async () => {
    expect(await messages(open([INTERNAL, EXTERNAL]))).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${PATH}[1] exposes the mesh to the internet through a public address. Use an Internal gateway behind your perimeter firewall, or disable this rule if the mesh must be reachable from the internet.`,
      ],
    ]);
    expect(await messages(open([INTERNAL, EXTERNAL]), ALLOWED)).toEqual([]);
  });

  test("reports two gateways of one mode", async () => {
    expect(await messages(open([INTERNAL, EXTERNAL, INTERNAL]), ALLOWED)).toEqual([
      [
        "violation",
        `ManagedCluster "orders": ${PATH}[0] and ${PATH}[2] are both Internal and enabled, but a mesh has at most one gateway of each mode. Remove one of them.`,
      ],
    ]);
    expect(await messages(open([EXTERNAL, EXTERNAL]), ALLOWED)).toHaveLength(1);
    expect((await messages(open([INTERNAL, INTERNAL, INTERNAL]))).map(([, text]) => text)).toEqual([
      expect.stringContaining("[0] and"),
      expect.stringContaining("[0] and"),
    ]);
  });

  test.each([
    [
      "Externel",
      'mode is "Externel", which is not a valid ingress gateway mode. Did you mean External?',
    ],
    [
      "Public",
      'mode is "Public", which is not a valid ingress gateway mode. Set it to External or Internal.',
    ],
    [
      undefined,
      "mode is not set, which is not a valid ingress gateway mode. Set it to External or Internal.",
    ],
  ])("reports the mode %s, even of a disabled gateway", async (mode, said) => {
    expect(await messages(open([{ mode, enabled: false }]))).toEqual([
      ["violation", `ManagedCluster "orders": ${PATH}[0].${said}`],
    ]);
  });

  test("advises about the classic provider's flag", async () => {
    const classic = (switches: object) =>
      messages(
        classicCluster({
          serviceMeshProfile: { mode: "Istio", revisions: ["asm-1-30"], ...switches },
        }),
      );
    expect(
      (await classic({ externalIngressGatewayEnabled: true })).map(([, text]) => text),
    ).toEqual([
      expect.stringContaining(
        'KubernetesCluster "orders": serviceMeshProfile.externalIngressGatewayEnabled exposes',
      ),
    ]);
    expect(
      await classic({ internalIngressGatewayEnabled: true, externalIngressGatewayEnabled: false }),
    ).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["no gateways", cluster()],
    ["an internal one", open([INTERNAL])],
    ["a disabled external one", open([{ mode: "External", enabled: false }, EXTERNAL])],
    ["one without enabled", open([{ mode: "External" }])],
    ["a disabled mesh", open([EXTERNAL, EXTERNAL], "Disabled")],
    ["possibly no mesh", open([EXTERNAL, EXTERNAL], UNKNOWN)],
  ])("has no violation for: %s", async (_, fixture) => {
    expect(await messages(fixture, ALLOWED)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    [PATH, open(UNKNOWN)],
    [`${PATH}[0]`, open([UNKNOWN])],
    [`${PATH}[0].mode`, open([{ mode: UNKNOWN, enabled: true }])],
    [`${PATH}[0].enabled`, open([{ mode: "External", enabled: UNKNOWN }])],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `ManagedCluster "orders": ${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
