import type { Answer } from "../explanation.ts";
import type { ClientMode } from "./clientRule.ts";
import type { PeerMode } from "./peerMode.ts";
import { ended, open, passed } from "./request.ts";
import type { RequestStep } from "./request.ts";

/** How a request travels. */
export interface Transport {
  readonly step: RequestStep;
  /** Whether the receiver knows the client's identity. */
  readonly isMutual: boolean;
}

/** The two ends of a connection. */
export interface Ends {
  /** Whether the traffic passes a proxy at each end. */
  readonly client: Answer;
  readonly server: Answer;
  /** Whether the receiver has a proxy, and keeps the port out of it, which clients do not know. */
  readonly isBypassed: boolean;
  /** Whether the client's proxy knows the service. To an unknown one, it passes bytes on as they are. */
  readonly isKnown: boolean;
  readonly clientMode: ClientMode | undefined;
  readonly peerMode: PeerMode;
}

const STEP = "mutual TLS";
const RESET = "fails: connection reset";
const UNAVAILABLE = "fails: 503";
const LET_DECIDE = "Remove tls from the DestinationRule, so that the client's proxy decides.";

/**
 * Whether the client's TLS fits what the receiver accepts. Without a DestinationRule, a proxy uses mutual TLS if the
 * receiver has a proxy that accepts it.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/xds/endpoints/mtls_checker.go
 * @see https://github.com/istio/istio.io/blob/master/content/en/about/faq/security/automtls-exlucde-port.md
 */
export function transportOf(ends: Ends): Transport {
  const { client, server, isKnown, clientMode, peerMode } = ends;
  if (client === "unknown" || server === "unknown") {
    const whose = client === "unknown" ? "the client" : "the receiver";
    return undecided(
      `Whether the pods of ${whose} have a proxy is not known: only some of them have one, or none runs.`,
      "Restart the pods, so that all of them have one.",
    );
  }
  if (server === "yes" && peerMode.mode === "unknown") {
    return undecided(
      "The mode of the receiver's PeerAuthentication is not known here.",
      "Read what this mode accepts.",
      peerMode.place,
    );
  }
  if (client === "no") {
    const fix =
      "Give the client a sidecar, or let the receiver's PeerAuthentication be PERMISSIVE.";
    return plain("The client's traffic passes no proxy", ends, RESET, fix);
  }
  if (!isKnown) {
    const fix =
      "Make the service known to the client: see its Sidecar, and exportTo of the service.";
    return plain("The client's proxy does not know the service", ends, RESET, fix);
  }
  if (ends.isBypassed && clientMode === undefined && peerMode.mode !== "DISABLE") {
    const message =
      "The client's proxy uses mutual TLS, because the receiver has a proxy; but the receiver keeps this port out of its proxy, so its application gets TLS.";
    const fix =
      "Set the mode DISABLE for this port in a DestinationRule, or in portLevelMtls of a PeerAuthentication.";
    return { step: ended(STEP, UNAVAILABLE, { message, fix }), isMutual: false };
  }
  const accepted = server === "yes" && peerMode.mode !== "DISABLE";
  switch (clientMode?.mode) {
    case undefined:
      return accepted
        ? mutual(
            `Mutual TLS, which the client's proxy chooses. ${accepts(peerMode)}`,
            peerMode.place,
          )
        : plain(
            "The client's proxy sees that the receiver does not accept mutual TLS",
            ends,
            RESET,
            "",
          );
    case "DISABLE":
      return plain("The DestinationRule disables TLS", ends, UNAVAILABLE, LET_DECIDE);
    case "ISTIO_MUTUAL": {
      if (accepted) return mutual(`Mutual TLS. ${accepts(peerMode)}`, clientMode.place);
      const receiver = server === "no" ? "has no proxy" : "has the mode DISABLE";
      return conflict(`The client must use mutual TLS, and the receiver ${receiver}.`, ends);
    }
    default: {
      const originates = `The client's proxy originates TLS of mode ${clientMode?.mode ?? ""}`;
      if (server === "yes" && peerMode.mode === "STRICT") {
        return conflict(`${originates}, and the receiver has the mode STRICT.`, ends);
      }
      return undecided(
        `${originates}, and whether the receiver's application speaks TLS is not known.`,
        "Make sure that the application serves TLS on this port.",
        clientMode?.place,
      );
    }
  }
}

function accepts({ mode, place }: PeerMode): string {
  return `The receiver has the mode ${mode}${place === undefined ? ", the default" : ""}.`;
}

function mutual(message: string, by: string | undefined): Transport {
  return { step: passed(STEP, message, by), isMutual: true };
}

function undecided(message: string, fix: string, by?: string): Transport {
  return { step: open(STEP, message, fix, by), isMutual: false };
}

function conflict(message: string, ends: Ends): Transport {
  const by = placesOf(ends);
  return { step: ended(STEP, UNAVAILABLE, { message, fix: LET_DECIDE, by }), isMutual: false };
}

/** Plain text, which a receiver with a proxy and the mode STRICT rejects. */
function plain(why: string, ends: Ends, outcome: string, fix: string): Transport {
  const { server, peerMode } = ends;
  const by = placesOf(ends);
  if (server === "yes" && peerMode.mode === "STRICT") {
    const message = `${why}, so it sends plain text, and the receiver has the mode STRICT.`;
    return { step: ended(STEP, outcome, { message, fix, by }), isMutual: false };
  }
  const receiver = server === "yes" ? accepts(peerMode) : "The receiver has no proxy.";
  return {
    step: passed(STEP, `Plain text: ${lowerFirst(why)}. ${receiver}`, by === "" ? undefined : by),
    isMutual: false,
  };
}

function placesOf({ clientMode, peerMode, server }: Ends): string {
  return [clientMode?.place, server === "yes" ? peerMode.place : undefined]
    .filter((place) => place !== undefined)
    .join(", ");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
