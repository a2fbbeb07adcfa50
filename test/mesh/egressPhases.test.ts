import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EGRESS_PHASES,
  egressEffects,
  egressGatewayEntries,
  egressSteps,
} from "../../mesh/egressPhases.ts";
import type { EgressPhase } from "../../mesh/egressPhases.ts";

describe("the objects in a phase", () => {
  test.each([
    ["none", { addresses: false, gateway: false, routes: false }],
    ["prepared", { addresses: true, gateway: false, routes: false }],
    ["enabled", { addresses: true, gateway: true, routes: false }],
    ["routed", { addresses: true, gateway: true, routes: true }],
  ] as const)("%s", (phase, effects) => {
    expect(egressEffects(phase)).toEqual(effects);
  });

  test("a step changes one thing", () => {
    const states = EGRESS_PHASES.map(egressEffects).map((effects) => [
      effects.addresses,
      effects.gateway,
      effects.routes,
    ]);
    const changed = states
      .slice(1)
      .map((state, index) => state.filter((on, place) => on !== states[index]?.[place]).length);
    expect(changed).toEqual([1, 1, 1]);
  });
});

describe("the cluster's entries", () => {
  test("list every gateway, with gateways that are not enabled marked as such", () => {
    expect(
      egressGatewayEntries({
        partners: { phase: "enabled", namespace: "egress" },
        banks: { phase: "prepared", namespace: "egress" },
        logs: { phase: "routed", namespace: "ops" },
      }),
    ).toEqual([
      { enabled: false, name: "banks", namespace: "egress" },
      { enabled: true, name: "logs", namespace: "ops", gatewayConfigurationName: "logs" },
      {
        enabled: true,
        name: "partners",
        namespace: "egress",
        gatewayConfigurationName: "partners",
      },
    ]);
    expect(egressGatewayEntries({})).toEqual([]);
  });

  const anyGateways = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.record({
      phase: fc.constantFrom<EgressPhase>("prepared", "enabled", "routed"),
      namespace: fc.constantFrom("egress", "ops"),
    }),
  );

  test("do not depend on the order of the settings, and only gateways with addresses are enabled", () => {
    fc.assert(
      fc.property(anyGateways, (gateways) => {
        const entries = egressGatewayEntries(gateways);
        const reversed = Object.fromEntries(Object.entries(gateways).reverse());
        expect(egressGatewayEntries(reversed)).toEqual(entries);
        for (const { name, enabled, gatewayConfigurationName } of entries) {
          expect(enabled).toBe(gateways[name]?.phase !== "prepared");
          expect(gatewayConfigurationName).toBe(enabled ? name : undefined);
        }
      }),
    );
  });
});

describe("steps", () => {
  test("lead to the last phase and back to the first, and undo each other", () => {
    const walk = (way: "next" | "back", from: EgressPhase | "none"): string[] => {
      const step = egressSteps(from)[way];
      return step === undefined ? [from] : [from, ...walk(way, step.phase)];
    };
    expect(walk("next", "none")).toEqual(EGRESS_PHASES);
    expect(walk("back", "routed")).toEqual([...EGRESS_PHASES].reverse());
  });

  test("state the action and its prerequisites", () => {
    expect(egressSteps("prepared")).toEqual({
      next: {
        phase: "enabled",
        does: "set phase to enabled; AKS then starts the gateway",
        first: [
          "the deployment of phase prepared has succeeded: it waits until the StaticGatewayConfiguration has an egressIpPrefix",
        ],
      },
      back: {
        phase: "none",
        does: "remove the gateway; this deletes its node pool and addresses",
        first: ["no pod is annotated with its StaticGatewayConfiguration"],
      },
    });
  });
});
