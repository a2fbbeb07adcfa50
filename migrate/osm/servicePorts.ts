import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Translation } from "../report.ts";
import { cleaned, withValue } from "./changed.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { protocolOf } from "./services.ts";
import type { Service } from "./services.ts";

/**
 * The Services with ports that say their protocol to Istio: it also reads names, and guesses without either.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export function servicePortsOf({ services, members }: OsmMesh): Translation {
  const changed = services
    .filter(({ namespace }) => members.includes(namespace))
    .flatMap((service) => changedService(service) ?? []);
  return {
    objects: changed.flatMap(({ objects }) => objects),
    entries: changed.flatMap(({ entries }) => entries),
  };
}

function changedService({ manifest, selector }: Service): Translation | undefined {
  if (Object.keys(selector).length === 0) return undefined;
  const ports = listAt(manifest.object, "spec", "ports");
  const settings = ports.flatMap((port, index) => {
    const protocol = appProtocolFor(port);
    return protocol === undefined ? [] : [{ index, protocol, port }];
  });
  if (settings.length === 0) return undefined;
  const object = settings.reduce(
    (service, { index, protocol }) =>
      withValue(service, ["spec", "ports", index, "appProtocol"], protocol),
    cleaned(manifest),
  );
  const said = settings.map(({ port, protocol }) => {
    const name = textAt(port, "name") ?? "without a name";
    return protocol === "tcp"
      ? `Istio has no tcp-server-first, so the port ${name} gets appProtocol: tcp, which does not wait for the client either.`
      : `OSM reads the port ${name} as HTTP, and appProtocol: http says so to Istio.`;
  });
  const entry = entryOf(manifest, "translated", said.join(" "), {
    becomes: [object],
    steps: ["spec", "ports"],
  });
  return { objects: [object], entries: [entry] };
}

/** The value that a port requires; undefined if Istio already reads it as OSM does. */
function appProtocolFor(port: unknown): string | undefined {
  const said = textAt(port, "appProtocol");
  if (said?.toLowerCase() === "tcp-server-first") return "tcp";
  // Of the names that OSM reads, Istio reads the first word alike.
  if (said !== undefined || protocolOf(port) !== "HTTP") return undefined;
  const [word = ""] = (textAt(port, "name") ?? "").split("-", 1);
  return ["http", "http2", "grpc", "grpc-web"].includes(word) ? undefined : "http";
}
