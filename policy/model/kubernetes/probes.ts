import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

export const PROBES = ["readinessProbe", "livenessProbe", "startupProbe"] as const;

const HANDLERS = ["httpGet", "tcpSocket", "grpc"];

/** A port that a probe of a container checks. */
export interface ProbedPort {
  readonly place: Cursor;
  /** Absent if it is a name that no port of the container has. */
  readonly number: Read<string>;
}

export function probedPorts(container: Cursor): readonly ProbedPort[] {
  return PROBES.flatMap((probe) => HANDLERS.map((handler) => container.at(probe, handler, "port")))
    .filter((place) => place.read() !== undefined)
    .map((place) => ({ place, number: numberOf(place.text(), container) }));
}

function numberOf(port: Read<string>, container: Cursor): Read<string> {
  if (port === undefined || port instanceof Unknown || /^\d+$/.test(port)) return port;
  const ports = container.at("ports").items();
  if (ports === undefined || ports instanceof Unknown) return ports;
  return ports
    .find((one) => one.at("name").text() === port)
    ?.at("containerPort")
    .text();
}
