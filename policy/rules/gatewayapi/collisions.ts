import type { Cursor } from "../../engine/cursor.ts";
import { listenerLabel } from "../../model/kubernetes/listeners.ts";
import type { Finding } from "../../engine/finding.ts";

/** The protocols whose listeners share a port if their hosts differ. */
const WITH_HOSTS = ["HTTP", "HTTPS", "TLS"];

/**
 * Reports listeners of one Gateway with the same name, or with the same port and host. Of two such listeners, the API
 * server rejects both, or istiod keeps the first.
 *
 * @see https://github.com/istio/istio/blob/release-1.30/pilot/pkg/config/kube/gatewaycommon/listener_conflict.go
 */
export function* checkCollisions(listeners: readonly Cursor[]): Iterable<Finding> {
  for (const [index, listener] of listeners.entries()) {
    const before = listeners.slice(0, index);
    const name = listener.at("name").text();
    if (typeof name === "string" && before.some((other) => other.at("name").text() === name)) {
      yield `${listener.at("name").path} is ${name}, which is also the name of an earlier listener. Give each listener its own name.`;
    }
    const rival = before.find((other) => collide(listener, other));
    if (rival === undefined) continue;
    const port = listener.at("port").text();
    if (typeof port !== "string") continue;
    yield `${listener.path} (${listenerLabel(listener)}) and ${rival.path} (${listenerLabel(rival)}) both serve ${hostOf(listener) ?? "any host"} on port ${port}, so only one of them takes effect. Change the port or the hostname of one.`;
  }
}

/** Whether two listeners certainly have the same port and host. */
function collide(a: Cursor, b: Cursor): boolean {
  const [portA, portB] = [a.at("port").text(), b.at("port").text()];
  if (typeof portA !== "string" || portA !== portB) return false;
  const [protocolA, protocolB] = [a, b].map((one) => one.at("protocol").text());
  if (typeof protocolA !== "string" || typeof protocolB !== "string") return false;
  // The others have no hosts.
  if (![protocolA, protocolB].every((one) => WITH_HOSTS.includes(one))) return true;
  const [hostA, hostB] = [hostOf(a), hostOf(b)];
  return hostA !== undefined && hostA === hostB;
}

/** The host of a listener; `any host` if it has none, undefined if it is not known. */
function hostOf(listener: Cursor): string | undefined {
  const host = listener.at("hostname").text() ?? "";
  if (typeof host !== "string") return undefined;
  return host === "" ? "any host" : host;
}
