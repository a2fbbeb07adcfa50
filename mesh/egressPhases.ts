/** How far an egress gateway has come. */
export type EgressPhase = "prepared" | "enabled" | "routed";

/** What of an egress gateway decides what Azure makes of it. */
export interface EgressGatewaySettings {
  readonly phase: EgressPhase;
  /** The namespace of the gateway and of its `StaticGatewayConfiguration`: AKS wants both in one. */
  readonly namespace: string;
  /** The pool whose addresses it leaves the cluster with. */
  readonly pool: { readonly name: string; readonly publicIPPrefixSize: number };
}

/** All that decides how traffic leaves the mesh. */
export interface EgressState {
  /** Whether the cluster has Azure's static egress gateway, on which every egress gateway stands. */
  readonly staticEgress: boolean;
  /** The egress gateways, by name. */
  readonly gateways: Readonly<Record<string, EgressGatewaySettings>>;
}

/** What there is of a gateway in a phase. */
export interface EgressEffects {
  /** Its node pool and its `StaticGatewayConfiguration`, with the addresses. */
  readonly addresses: boolean;
  /** The gateway that AKS runs. */
  readonly gateway: boolean;
  /** The routes that send traffic to it. */
  readonly routes: boolean;
}

/** An entry of `serviceMeshProfile.istio.components.egressGateways`. */
export interface EgressGatewayEntry {
  readonly enabled: boolean;
  readonly name: string;
  readonly namespace: string;
  readonly gatewayConfigurationName?: string;
}

/** A legal step: what to do, and what has to be true before. */
export interface EgressStep {
  readonly phase: EgressPhase | "none";
  readonly does: string;
  readonly first: readonly string[];
}

/** The phases in their order; `none` is a gateway that the settings do not name. */
export const EGRESS_PHASES = ["none", "prepared", "enabled", "routed"] as const;

/**
 * What there is of a gateway in a phase. The cluster takes a gateway only once its `StaticGatewayConfiguration` has
 * addresses, but that is an object in the cluster: it takes two deployments. Routes take a third, because a
 * deployment changes the cluster before anything in it: routes that went together with their gateway would still
 * send traffic to it when it is gone already.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress#enable-an-istio-egress-gateway
 */
export function egressEffects(phase: EgressPhase | "none"): EgressEffects {
  const reached = (other: EgressPhase) =>
    EGRESS_PHASES.indexOf(phase) >= EGRESS_PHASES.indexOf(other);
  return {
    addresses: reached("prepared"),
    gateway: reached("enabled"),
    routes: reached("routed"),
  };
}

/**
 * The entries for the cluster, in the order of the names. A gateway that is not enabled is named too, as the Azure CLI
 * does when it disables one: one that is merely left out may stay as it is.
 */
export function egressGatewayEntries(
  gateways: Readonly<Record<string, Pick<EgressGatewaySettings, "phase" | "namespace">>>,
): readonly EgressGatewayEntry[] {
  return Object.entries(gateways)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { phase, namespace }]) => {
      const { gateway: enabled } = egressEffects(phase);
      return {
        enabled,
        name,
        namespace,
        ...(enabled ? { gatewayConfigurationName: name } : {}),
      };
    });
}

/** The steps on and back from a phase; undefined where there is none. */
export function egressSteps(phase: EgressPhase | "none"): {
  readonly next: EgressStep | undefined;
  readonly back: EgressStep | undefined;
} {
  switch (phase) {
    case "none":
      return {
        next: {
          phase: "prepared",
          does: "set phase to prepared, so that Azure makes its pool and its addresses",
          first: [],
        },
        back: undefined,
      };
    case "prepared":
      return {
        next: {
          phase: "enabled",
          does: "set phase to enabled, so that AKS starts the gateway",
          first: [
            "the deployment of prepared has ended well: it waits until the StaticGatewayConfiguration has its egressIpPrefix",
          ],
        },
        back: {
          phase: "none",
          does: "remove the gateway, so that nothing of its pool and its addresses is left",
          first: ["no pod is annotated with its StaticGatewayConfiguration any more"],
        },
      };
    case "enabled":
      return {
        next: {
          phase: "routed",
          does: "set phase to routed, so that traffic to its hosts leaves through it",
          first: [
            "the gateway's pods are ready",
            "whoever admits traffic by its address admits the egressIpPrefix",
          ],
        },
        back: {
          phase: "prepared",
          does: "set phase to prepared, so that AKS stops the gateway",
          first: [],
        },
      };
    case "routed":
      return {
        next: undefined,
        back: {
          phase: "enabled",
          does: "set phase to enabled, so that traffic to its hosts no longer leaves through it",
          first: [],
        },
      };
  }
}
