import type { ClusterState } from "../../cluster/clusterState.ts";
import { open } from "./request.ts";
import type { RequestStep } from "./request.ts";
import type { Deciding } from "./world.ts";

const ROUTES: readonly Deciding[] = [
  "networking.istio.io/VirtualService",
  "networking.istio.io/Sidecar",
  "gateway.networking.k8s.io/HTTPRoute",
];

/** The kinds without which a step cannot be certain, by its name. */
const KINDS_OF_STEPS: Readonly<Record<string, readonly Deciding[]>> = {
  authorization: [
    "security.istio.io/AuthorizationPolicy",
    "security.istio.io/RequestAuthentication",
  ],
  certificate: ["networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway"],
  endpoints: ["Pod", "networking.istio.io/DestinationRule"],
  gateway: ["Pod", "Namespace", "networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway"],
  "mutual TLS": [
    "Pod",
    "networking.istio.io/DestinationRule",
    "security.istio.io/PeerAuthentication",
  ],
  route: ROUTES,
  service: ["Pod", "Service", "networking.istio.io/ServiceEntry", ...ROUTES],
  subset: ["Pod", "networking.istio.io/DestinationRule"],
};

/** The steps, of which those that lack a kind are unknown: what they say holds only if there is no object of the kind. */
export function withUnread(
  steps: readonly RequestStep[],
  state: ClusterState,
): readonly RequestStep[] {
  return steps.map((step) => {
    const unread = state.unread(KINDS_OF_STEPS[step.name] ?? []);
    if (unread.length === 0) return step;
    const reasons = unread.map(({ reason }) => reason).join(" ");
    const fix = unread.map((one) => one.fix).join(" ");
    return open(step.name, `${reasons} If there are none: ${step.message}`, fix, step.decidedBy);
  });
}
