/** The rollout phase of an egress gateway. */
export type EgressPhase = "prepared" | "enabled" | "routed";

/** The settings of an egress gateway that determine its Azure resources. */
export interface EgressGatewaySettings {
  readonly phase: EgressPhase;
  /** The namespace of the gateway and of its `StaticGatewayConfiguration`: AKS requires both in the same namespace. */
  readonly namespace: string;
  /** The node pool that provides the outbound addresses. */
  readonly pool: { readonly name: string; readonly publicIPPrefixSize: number };
}

/** The settings that determine how traffic leaves the mesh. */
export interface EgressState {
  /** Whether AKS static egress gateway is enabled on the cluster; every egress gateway requires it. */
  readonly staticEgress: boolean;
  /** The egress gateways, by name. */
  readonly gateways: Readonly<Record<string, EgressGatewaySettings>>;
}

/** Which parts of a gateway exist in a phase. */
export interface EgressEffects {
  /** The node pool and the `StaticGatewayConfiguration`, with the addresses. */
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

/** A legal step: the action, and its prerequisites. */
export interface EgressStep {
  readonly phase: EgressPhase | "none";
  readonly does: string;
  readonly first: readonly string[];
}

/** The phases in order; `none` is a gateway that is not in the settings. */
export const EGRESS_PHASES = ["none", "prepared", "enabled", "routed"] as const;

/**
 * Which parts of a gateway exist in a phase. AKS accepts a gateway only once its `StaticGatewayConfiguration` has
 * addresses, and that is an object in the cluster, so a gateway requires two deployments. Routes require a third,
 * because a deployment changes the cluster before the objects in it: if gateway and routes were removed together, the
 * routes would send traffic to a gateway that no longer exists.
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
 * The entries for the cluster, sorted by name. A gateway that is not enabled has an entry too, as the Azure CLI writes
 * it when it disables one, because an omitted gateway may stay unchanged.
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

/** The steps forward and back from a phase; undefined if there is none. */
export function egressSteps(phase: EgressPhase | "none"): {
  readonly next: EgressStep | undefined;
  readonly back: EgressStep | undefined;
} {
  switch (phase) {
    case "none":
      return {
        next: {
          phase: "prepared",
          does: "set phase to prepared; Azure then creates its node pool and addresses",
          first: [],
        },
        back: undefined,
      };
    case "prepared":
      return {
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
      };
    case "enabled":
      return {
        next: {
          phase: "routed",
          does: "set phase to routed; traffic to its hosts then leaves through it",
          first: [
            "the gateway's pods are ready",
            "firewalls that filter by source address allow the egressIpPrefix",
          ],
        },
        back: {
          phase: "prepared",
          does: "set phase to prepared; AKS then stops the gateway",
          first: [],
        },
      };
    case "routed":
      return {
        next: undefined,
        back: {
          phase: "enabled",
          does: "set phase to enabled; traffic to its hosts then no longer leaves through it",
          first: [],
        },
      };
  }
}
