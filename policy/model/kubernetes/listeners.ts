import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { GATEWAY_API } from "./gatewayApi.ts";

/** The kinds of routes that a protocol of a listener serves. */
const SERVES: Readonly<Record<string, readonly string[]>> = {
  HTTP: ["HTTPRoute", "GRPCRoute"],
  HTTPS: ["HTTPRoute", "GRPCRoute"],
  TLS: ["TLSRoute"],
  TCP: ["TCPRoute"],
  UDP: ["UDPRoute"],
};

/** The protocols of the Gateway API. */
export const PROTOCOLS: readonly string[] = Object.keys(SERVES);

/**
 * Whether a listener accepts routes of a kind: by its protocol, and by the kinds that it allows.
 *
 * @see https://github.com/istio/istio/blob/release-1.30/pilot/pkg/config/kube/gatewaycommon/conversion.go for `GenerateSupportedKinds`
 */
export function acceptsKind(listener: Cursor, kind: string): boolean | Unknown {
  const protocol = listener.at("protocol").text();
  if (protocol instanceof Unknown) return protocol;
  // The TCP connection inside of TLS.
  const terminates = protocol === "TLS" && listener.at("tls", "mode").text() !== "Passthrough";
  const served = [...(SERVES[protocol ?? ""] ?? []), ...(terminates ? ["TCPRoute"] : [])];
  if (!served.includes(kind)) return false;
  const allowed = listener.at("allowedRoutes", "kinds").items();
  if (allowed instanceof Unknown) return allowed;
  if (allowed === undefined || allowed.length === 0) return true;
  const answers = allowed.map((one) => {
    const [name, group] = [one.at("kind").text(), one.at("group").text() ?? GATEWAY_API];
    if (name instanceof Unknown) return name;
    return group instanceof Unknown ? group : name === kind && group === GATEWAY_API;
  });
  return answers.includes(true) || (answers.find((one) => one instanceof Unknown) ?? false);
}

/** The name of a listener in messages: `listener https`. */
export function listenerLabel(listener: Cursor): string {
  const name = listener.at("name").text();
  return `listener ${typeof name === "string" ? name : listener.path}`;
}
