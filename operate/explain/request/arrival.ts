import { labelOf } from "../../cluster/clusterObject.ts";
import { authorize } from "./authorize.ts";
import type { ClientMode } from "./clientRule.ts";
import { peerModeOf } from "./peerMode.ts";
import { bypasses, isGateway, principalOf } from "./parties.ts";
import { open, passed } from "./request.ts";
import type { Call, Party, RequestStep } from "./request.ts";
import { selectedPolicies } from "./selectedPolicies.ts";
import { transportOf } from "./transport.ts";
import type { World } from "./world.ts";
import type { Answer } from "../explanation.ts";

/** A request that reaches a pod. */
export interface Arrival {
  readonly sender: Party;
  /** Whether the request left the sender through its proxy, and whether that proxy knows the service. */
  readonly proxied: Answer;
  readonly isKnown: boolean;
  readonly clientMode: ClientMode | undefined;
  readonly call: Call;
  readonly receiver: Party;
  /** The port of the pod; undefined if it is not known. */
  readonly port: number | undefined;
}

/** What the receiver's side does with a request: mutual TLS, tokens, and authorization. */
export function arrive(arrival: Arrival, world: World): readonly RequestStep[] {
  const { sender, receiver, port } = arrival;
  const around = bypasses(receiver, "Inbound", port);
  const server = receiver.proxied === "yes" && around === "yes" ? "no" : receiver.proxied;
  const peerMode = peerModeOf(world.all("security.istio.io/PeerAuthentication"), receiver, port);
  const { step, isMutual } = transportOf({
    client: arrival.proxied,
    server,
    isBypassed: receiver.proxied === "yes" && around === "yes",
    isKnown: arrival.isKnown,
    clientMode: arrival.clientMode,
    peerMode,
  });
  if (step.answer !== "yes") return [step];
  if (server === "no") {
    const why = around === "yes" ? "keeps this port out of its proxy" : "has no proxy";
    return [step, passed("authorization", `The receiver ${why}, so no policy applies.`)];
  }
  const principal = isMutual ? principalOf(sender) : undefined;
  return [step, ...authorizeAt(receiver, { ...arrival, principal }, world)];
}

/** What the proxy of a receiver does with tokens, and whether its policies allow the request. */
export function authorizeAt(
  receiver: Party,
  request: {
    readonly sender: Party;
    readonly call: Call;
    readonly port: number | undefined;
    readonly principal: string | undefined;
  },
  world: World,
): readonly RequestStep[] {
  const { sender, call, port, principal } = request;
  const tokens = selectedPolicies(world.all("security.istio.io/RequestAuthentication"), receiver);
  const steps = authorize(
    selectedPolicies(world.all("security.istio.io/AuthorizationPolicy"), receiver),
    {
      receiver: receiver.label,
      call,
      principal,
      port,
      sourceAddress: sender.address,
      remoteAddress: isGateway(sender) ? undefined : sender.address,
      mayHaveToken: tokens.length === 0 ? "no" : "unknown",
    },
  );
  if (tokens.length === 0) return steps;
  const by = tokens.map(labelOf).join(", ");
  const message = "A request without a token passes; one with an invalid token is denied: 401.";
  return [passed("tokens", message, by), ...steps];
}

/** Whether the traffic of a sender to a port passes its proxy; the step says why. */
export function departure(sender: Party, port: number): { proxied: Answer; step: RequestStep } {
  const { label, revision } = sender;
  if (sender.proxied === "unknown") {
    const message = `Whether ${label} has a proxy is not known: only some of its pods have one, or none runs.`;
    const fix =
      "Restart the pods, so that all of them have one; aks-istio explain pod/NAME says why one has none.";
    return { proxied: "unknown", step: open("client", message, fix) };
  }
  if (sender.proxied === "no") {
    return { proxied: "no", step: passed("client", `${label} has no proxy.`) };
  }
  const around = bypasses(sender, "Outbound", port);
  const by = `${label} metadata.annotations`;
  if (around === "unknown") {
    const message = `${label} limits the ranges whose traffic passes its proxy, which are not evaluated.`;
    return {
      proxied: around,
      step: open("client", message, "Compare the ranges with the address of the service.", by),
    };
  }
  return around === "yes"
    ? { proxied: "no", step: passed("client", `${label} keeps this port out of its proxy.`, by) }
    : {
        proxied: "yes",
        step: passed(
          "client",
          `${label} has a proxy${revision === undefined ? "" : ` of ${revision}`}.`,
        ),
      };
}
