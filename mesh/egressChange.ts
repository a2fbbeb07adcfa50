import { MAX_EGRESS_GATEWAYS } from "./egressGateways.ts";
import { EGRESS_PHASES, egressSteps } from "./egressPhases.ts";
import type { EgressGatewaySettings, EgressPhase, EgressState } from "./egressPhases.ts";
import type { Problem } from "./problem.ts";

/** The problems of a single state, with paths from the gateway settings. */
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
      ? [refuse("staticEgress", "must be true, because egress gateways require it")]
      : []),
    ...(names.length > MAX_EGRESS_GATEWAYS
      ? [
          refuse(
            "egress",
            `must have at most ${MAX_EGRESS_GATEWAYS} gateways, but has ${names.length}`,
          ),
        ]
      : []),
  ];
}

/**
 * The problems of changing from one state to another in one deployment, with paths from the gateway settings. Each
 * deployment moves each gateway one phase forward or back, and an enabled gateway cannot get other addresses.
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
            `This change disables static egress while the pools of ${stranded} still exist. Leave staticEgress at true for the deployment that removes them.`,
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
    return `This change removes what the gateway depends on while ${still}. To roll back, ${back?.does ?? ""}.`;
  }
  const missing = from === "none" ? "it has no addresses yet" : "it has not been enabled yet";
  return `This change moves the gateway to ${to}, but ${missing}. To continue, ${next?.does ?? ""}.`;
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
        "This change gives an enabled gateway other addresses. Undo it, or set phase to prepared first.",
      ),
    );
}

function refuse(path: string, message: string): Problem {
  return { severity: "error", path, message };
}
