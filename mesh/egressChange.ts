import { MAX_EGRESS_GATEWAYS } from "./egressGateways.ts";
import { EGRESS_PHASES, egressSteps } from "./egressPhases.ts";
import type { EgressGatewaySettings, EgressPhase, EgressState } from "./egressPhases.ts";
import type { Problem } from "./problem.ts";

/** What is wrong with a state by itself, with paths from the gateway settings. */
export function judgeEgress({
  staticEgress,
  gateways,
}: {
  readonly staticEgress: boolean;
  readonly gateways: Readonly<Record<string, unknown>>;
}): readonly Problem[] {
  const names = Object.keys(gateways);
  return [
    ...(names.length > 0 && !staticEgress
      ? [refuse("staticEgress", "must be true, because egress gateways stand on it")]
      : []),
    ...(names.length > MAX_EGRESS_GATEWAYS
      ? [
          refuse(
            "egress",
            `must be at most ${MAX_EGRESS_GATEWAYS} gateways, and is ${names.length}`,
          ),
        ]
      : []),
  ];
}

/**
 * What is wrong with going from one state to another in one deployment, with paths from the gateway settings: each
 * deployment takes each gateway one phase on or back, and none that is enabled moves.
 */
export function judgeEgressChange(before: EgressState, after: EgressState): readonly Problem[] {
  const names = [
    ...new Set([...Object.keys(before.gateways), ...Object.keys(after.gateways)]),
  ].sort();
  const stranded = Object.keys(before.gateways).sort().join(", ");
  return [
    ...(before.staticEgress && !after.staticEgress && stranded !== ""
      ? [
          refuse(
            "staticEgress",
            `This change switches static egress off before the pools of ${stranded} are gone. Leave staticEgress at true for the deployment that removes them.`,
          ),
        ]
      : []),
    ...names.flatMap((name) =>
      judgeGateway(`egress.${name}`, before.gateways[name], after.gateways[name]),
    ),
  ];
}

function judgeGateway(
  path: string,
  was: EgressGatewaySettings | undefined,
  will: EgressGatewaySettings | undefined,
): readonly Problem[] {
  const from = was?.phase ?? "none";
  const to = will?.phase ?? "none";
  const steps = EGRESS_PHASES.indexOf(to) - EGRESS_PHASES.indexOf(from);
  const jump = Math.abs(steps) > 1 ? [refuse(`${path}.phase`, jumpText(from, to))] : [];
  if (was === undefined || will === undefined || (from === "prepared" && to === "prepared")) {
    return jump;
  }
  return [...jump, ...moves(path, was, will)];
}

function jumpText(from: EgressPhase | "none", to: EgressPhase | "none"): string {
  const { next, back } = egressSteps(from);
  if (EGRESS_PHASES.indexOf(to) < EGRESS_PHASES.indexOf(from)) {
    const still = from === "routed" ? "traffic still leaves through it" : "it still runs";
    return `This change takes away what the gateway stands on while ${still}. To go back, ${back?.does ?? ""}.`;
  }
  const missing =
    from === "none" ? "it has no addresses yet" : "nobody knows yet whether the gateway runs";
  return `This change goes to ${to} when ${missing}. To go on, ${next?.does ?? ""}.`;
}

function moves(
  path: string,
  was: EgressGatewaySettings,
  will: EgressGatewaySettings,
): readonly Problem[] {
  const changed: (readonly [string, boolean])[] = [
    ["namespace", was.namespace !== will.namespace],
    ["pool.name", was.pool.name !== will.pool.name],
    ["pool.publicIPPrefixSize", was.pool.publicIPPrefixSize !== will.pool.publicIPPrefixSize],
  ];
  return changed
    .filter(([, differs]) => differs)
    .map(([key]) =>
      refuse(
        `${path}.${key}`,
        "This change gives the gateway other addresses, which it has to have before it is enabled. Leave this as it is, or go back to prepared first.",
      ),
    );
}

function refuse(path: string, message: string): Problem {
  return { severity: "error", path, message };
}
