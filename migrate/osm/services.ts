import { selects } from "../../mesh/labelSelector.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { textsOf } from "./workloads.ts";
import type { Labels, Workload } from "./workloads.ts";

export interface Service {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly name: string;
  /** Empty if it selects no pods. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  readonly number: number;
  /** The port of the pods, or its name. */
  readonly target: number | string;
  readonly protocol: OsmProtocol;
}

/** How Open Service Mesh reads the bytes of a port. */
export type OsmProtocol = "HTTP" | "TCP";

/** A port of pods. */
export interface WorkloadPort {
  readonly number: number;
  readonly protocol: OsmProtocol;
}

export function serviceOf(manifest: Manifest): Service | undefined {
  const { kind, apiVersion, object, namespace = "default", name } = manifest;
  if (kind !== "Service" || apiVersion !== "v1" || name === undefined) return undefined;
  return {
    ...{ manifest, namespace, name },
    selector: textsOf(valueAt(object, "spec", "selector")),
    ports: listAt(object, "spec", "ports").flatMap((port): readonly ServicePort[] => {
      const number = numberAt(port, "port");
      const protocol = protocolOf(port);
      if (number === undefined || protocol === undefined) return [];
      const target = numberAt(port, "targetPort") ?? textAt(port, "targetPort") ?? number;
      return [{ number, target, protocol }];
    }),
  };
}

/** What OSM reads from the name of a port, if a hyphen follows. */
const PREFIXES = ["tcp-server-first", "http", "tcp", "grpc"];

/**
 * The protocol of a port of a Service: `appProtocol`, the beginning of its name, such as `tcp-` or `tcp-server-first-`, or
 * HTTP.
 *
 * @returns undefined for UDP and other transports, and for protocols for which OSM opens no port
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/k8s/client.go
 */
export function protocolOf(port: unknown): OsmProtocol | undefined {
  if ((textAt(port, "protocol") ?? "TCP") !== "TCP") return undefined;
  const name = textAt(port, "name") ?? "";
  const prefix = PREFIXES.find((one) => name.startsWith(`${one}-`));
  const said = (textAt(port, "appProtocol") ?? prefix ?? "http").toLowerCase();
  if (said === "http" || said === "grpc") return "HTTP";
  return said === "tcp" || said === "tcp-server-first" ? "TCP" : undefined;
}

/** The ports on which pods of a workload can be called: OSM opens only those of Services. Ports of both protocols are HTTP and TCP. */
export function portsOf(
  { namespace, labels, portNames }: Workload,
  services: readonly Service[],
): readonly WorkloadPort[] {
  const ports = services
    .filter((service) => service.namespace === namespace && selectsPods(service, labels))
    .flatMap((service) => service.ports)
    .flatMap(({ target, protocol }): readonly WorkloadPort[] => {
      const number = typeof target === "number" ? target : portNames.get(target);
      return number === undefined ? [] : [{ number, protocol }];
    })
    .sort((a, b) => a.number - b.number);
  return [...new Map(ports.map((port) => [`${port.number} ${port.protocol}`, port])).values()];
}

export function selectsPods({ selector }: Service, labels: Labels): boolean {
  return Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels);
}
