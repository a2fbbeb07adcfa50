import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeEgress, judgeEgressChange } from "../../mesh/egressChange.ts";
import { EGRESS_PHASES } from "../../mesh/egressPhases.ts";
import type { EgressGatewaySettings, EgressPhase, EgressState } from "../../mesh/egressPhases.ts";

type Phase = EgressPhase | "none";

const GATEWAY = { namespace: "egress", pool: { name: "egress", publicIPPrefixSize: 31 } };

function at(phase: Phase, changes: Partial<EgressGatewaySettings> = {}): EgressState {
  const gateways = phase === "none" ? {} : { partners: { ...GATEWAY, phase, ...changes } };
  return { staticEgress: true, gateways };
}

const lines = (before: EgressState, after: EgressState) =>
  judgeEgressChange(before, after).map(({ path, message }) => `${path}: ${message}`);

describe("a change of phase", () => {
  const legal: (readonly [Phase, Phase])[] = EGRESS_PHASES.flatMap((from, place) =>
    EGRESS_PHASES.slice(Math.max(0, place - 1), place + 2).map((to) => [from, to] as const),
  );
  test.each(legal)("%s to %s is one step or none", (from, to) => {
    expect(lines(at(from), at(to))).toEqual([]);
  });

  const goOn = {
    none: "To continue, set phase to prepared; Azure then creates its node pool and addresses.",
    prepared: "To continue, set phase to enabled; AKS then starts the gateway.",
  };
  const goBack = {
    enabled: "To roll back, set phase to prepared; AKS then stops the gateway.",
    routed:
      "To roll back, set phase to enabled; traffic to its hosts then no longer leaves through it.",
  };
  const away = "This change removes what the gateway depends on while";
  test.each<[Phase, Phase, string]>([
    [
      "none",
      "enabled",
      `This change moves the gateway to enabled, but it has no addresses yet. ${goOn.none}`,
    ],
    [
      "none",
      "routed",
      `This change moves the gateway to routed, but it has no addresses yet. ${goOn.none}`,
    ],
    [
      "prepared",
      "routed",
      `This change moves the gateway to routed, but it has not been enabled yet. ${goOn.prepared}`,
    ],
    ["enabled", "none", `${away} it still runs. ${goBack.enabled}`],
    ["routed", "none", `${away} traffic still leaves through it. ${goBack.routed}`],
    ["routed", "prepared", `${away} traffic still leaves through it. ${goBack.routed}`],
  ])("%s to %s is refused, with the legal step", (from, to, message) => {
    expect(lines(at(from), at(to))).toEqual([`egress.partners.phase: ${message}`]);
  });

  test("every pair of phases is either legal or refused", () => {
    expect(legal).toHaveLength(16 - 6);
  });
});

describe("the addresses of a gateway", () => {
  const moved =
    "This change gives an enabled gateway other addresses. Undo it, or set phase to prepared first.";
  const changes: readonly [string, Partial<EgressGatewaySettings>][] = [
    ["namespace", { namespace: "ops" }],
    ["pool.name", { pool: { name: "other", publicIPPrefixSize: 31 } }],
    ["pool.publicIPPrefixSize", { pool: { name: "egress", publicIPPrefixSize: 30 } }],
  ];

  test.each(changes)("may change with %s while it is prepared", (_, change) => {
    expect(lines(at("prepared"), at("prepared", change))).toEqual([]);
  });

  test.each(
    changes.flatMap(([key, change]) =>
      (["enabled", "routed"] as const).flatMap((phase) => [
        [key, phase, phase, change] as const,
        [key, "enabled", "prepared", change] as const,
        [key, "prepared", "enabled", change] as const,
      ]),
    ),
  )("do not change with %s, from %s to %s", (key, from, to, change) => {
    expect(lines(at(from), at(to, change))).toEqual([`egress.partners.${key}: ${moved}`]);
  });
});

describe("static egress", () => {
  test("stays on for the deployment that removes the last gateway", () => {
    const off = { staticEgress: false, gateways: {} };
    expect(lines(at("prepared"), off)).toEqual([
      "staticEgress: This change disables static egress while the pools of partners still exist. Leave staticEgress at true for the deployment that removes them.",
    ]);
    expect(lines(at("none"), off)).toEqual([]);
    expect(lines(off, at("prepared"))).toEqual([]);
  });

  test("is required for any gateway", () => {
    expect(judgeEgress({ staticEgress: false, gateways: { partners: {} } })).toEqual([
      {
        severity: "error",
        path: "staticEgress",
        message: "must be true, because egress gateways require it",
      },
    ]);
    expect(judgeEgress({ staticEgress: false, gateways: {} })).toEqual([]);
    expect(judgeEgress({ staticEgress: true, gateways: { partners: {} } })).toEqual([]);
  });
});

test("a cluster has 500 gateways at most", () => {
  const gateways = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`gateway-${index}`, {}]));
  expect(judgeEgress({ staticEgress: true, gateways: gateways(500) })).toEqual([]);
  expect(judgeEgress({ staticEgress: true, gateways: gateways(501) })).toEqual([
    { severity: "error", path: "egress", message: "must have at most 500 gateways, but has 501" },
  ]);
});

const anyState = fc.record({
  staticEgress: fc.constant(true),
  gateways: fc.dictionary(
    fc.constantFrom("partners", "banks", "logs"),
    fc.record({
      phase: fc.constantFrom<EgressPhase>("prepared", "enabled", "routed"),
      namespace: fc.constantFrom("egress", "ops"),
      pool: fc.record({
        name: fc.constantFrom("egress", "other"),
        publicIPPrefixSize: fc.integer({ min: 28, max: 31 }),
      }),
    }),
  ),
});

test("no change is always legal, and every legal step can be undone", () => {
  fc.assert(
    fc.property(anyState, anyState, (before, after) => {
      expect(judgeEgressChange(before, before)).toEqual([]);
      const there = judgeEgressChange(before, after).length;
      expect(judgeEgressChange(after, before).length).toBe(there);
    }),
  );
});

test("no gateway goes from nothing to traffic, or back, in fewer than three deployments", () => {
  const within = (deployments: number, from: Phase): ReadonlySet<Phase> => {
    if (deployments === 0) return new Set([from]);
    const before = [...within(deployments - 1, from)];
    return new Set(
      EGRESS_PHASES.filter((to) => before.some((each) => lines(at(each), at(to)).length === 0)),
    );
  };
  expect([...within(2, "none")]).toEqual(["none", "prepared", "enabled"]);
  expect([...within(3, "none")]).toEqual([...EGRESS_PHASES]);
  expect([...within(2, "routed")]).toEqual(["prepared", "enabled", "routed"]);
  expect([...within(3, "routed")]).toEqual([...EGRESS_PHASES]);
});
