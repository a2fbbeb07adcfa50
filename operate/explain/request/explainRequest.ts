import type { Explanation, Verdict } from "../explanation.ts";
import { fromSidecar } from "./fromSidecar.ts";
import { forward } from "./forward.ts";
import { serversOf, serves } from "./gatewayServer.ts";
import { OUTSIDE, isGateway, partiesOf } from "./parties.ts";
import { ended } from "./request.ts";
import type { Call, Party, RequestStep } from "./request.ts";
import { throughGateway } from "./throughGateway.ts";
import { withUnread } from "./unreadSteps.ts";
import type { World } from "./world.ts";

/** More gateways than a request passes on purpose. */
export const HOPS = 3;

/** A request from pods of the cluster. */
export function explainRequest(client: Party, call: Call, world: World): Explanation {
  return explanationOf(client.label, call, fromSidecar(client, call, HOPS, world), world);
}

/**
 * A request from outside the cluster, through the gateways that serve its host.
 *
 * @param gateway part of the name of the gateway, if there are several
 */
export function explainIngress(gateway: string | undefined, call: Call, world: World): Explanation {
  const serving = gatewaysFor(gateway, call.host, world, call.port);
  const steps =
    serving.length === 0
      ? [
          ended("gateway", "fails: 404", {
            message: `No gateway${gateway === undefined ? "" : ` named ${gateway}`} that runs serves ${call.host}.`,
            fix: "Add the host to a Gateway that selects the gateway's pods, and check that they run.",
          }),
        ]
      : serving.flatMap((one) =>
          throughGateway(
            one,
            { sender: OUTSIDE, call, hops: HOPS, send: (sent) => forward(sent, world) },
            world,
          ),
        );
  return explanationOf(OUTSIDE.label, call, steps, world);
}

/**
 * The gateways that serve a host on a port, or if none does, on any port.
 *
 * @param name part of the name of the gateway
 */
export function gatewaysFor(
  name: string | undefined,
  host: string,
  world: World,
  port?: number,
): readonly Party[] {
  const serving = partiesOf(world.all("Pod"))
    .filter(isGateway)
    .filter(({ label }) => name === undefined || label.includes(name))
    .map((gateway) => ({
      gateway,
      servers: serversOf(gateway, world).filter((server) => serves(server, host)),
    }))
    .filter(({ servers }) => servers.length > 0);
  const here = serving.filter(({ servers }) => servers.some((server) => server.port === port));
  return (here.length > 0 ? here : serving).map(({ gateway }) => gateway);
}

function explanationOf(
  from: string,
  call: Call,
  steps: readonly RequestStep[],
  world: World,
): Explanation {
  const { method = "any method on", path = "" } = call;
  const what =
    call.protocol === "HTTP" ? `${method} ${call.authority}${path}` : `${call.host}:${call.port}`;
  return {
    subject: `Request of ${from}: ${what}`,
    from: world.state.from,
    steps: withUnread(steps, world.state),
    verdict: verdictOf(steps, world),
  };
}

/** The first step at which the request ends decides, unless something that decides could not be read. */
function verdictOf(steps: readonly RequestStep[], world: World): Verdict {
  const unread = world.unread();
  if (unread.length > 0) {
    return {
      answer: "unknown",
      outcome: "unknown",
      message: unread.map(({ reason }) => reason).join(" "),
      fix: unread.map(({ fix }) => fix).join(" "),
    };
  }
  const end = steps.find(({ answer }) => answer === "no");
  if (end !== undefined) {
    const { outcome = "fails", fix } = end;
    return {
      answer: "no",
      outcome,
      message: withPlace(end),
      ...(fix === undefined ? {} : { fix }),
    };
  }
  const open = steps.filter(({ answer }) => answer === "unknown");
  if (open.length > 0) {
    return {
      answer: "unknown",
      outcome: "unknown",
      message: open.map(withPlace).join(" "),
      fix: [...new Set(open.flatMap(({ fix }) => fix ?? []))].join(" "),
    };
  }
  return { answer: "yes", outcome: "allowed", message: "Every step lets the request pass." };
}

/** What a step says, after the objects that decide, unless the sentence names them. */
function withPlace({ decidedBy, message }: RequestStep): string {
  const isNamed = decidedBy?.split(", ").every((place) => message.includes(place)) ?? true;
  return isNamed ? message : `${decidedBy}: ${message}`;
}
