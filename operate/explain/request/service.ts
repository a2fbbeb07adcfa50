import { selects } from "../../../mesh/labelSelector.ts";
import { listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { isActive } from "../../cluster/workload.ts";
import { serviceHost } from "./hosts.ts";
import { namespaceOf, textsAt } from "./objects.ts";
import type { Protocol } from "./request.ts";

/** A Service, or a ServiceEntry, as proxies know it. */
export interface MeshService {
  readonly object: ClusterObject;
  /** Full names; those of a ServiceEntry may begin with `*`. */
  readonly hosts: readonly string[];
  readonly ports: readonly ServicePort[];
  /** Whether its endpoints are outside the mesh. */
  readonly isExternal: boolean;
}

export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** The number or the name of the pods' port. */
  readonly target: number | string;
}

export function servicesFrom(objects: readonly ClusterObject[]): readonly MeshService[] {
  return objects.map((object) => {
    const isEntry = object.kind === "ServiceEntry";
    return {
      object,
      hosts: isEntry
        ? textsAt(object, "spec", "hosts")
        : [serviceHost(object.metadata.name, namespaceOf(object))],
      ports: listAt(object, "spec", "ports").map(portOf),
      isExternal: isEntry && textAt(object, "spec", "location") !== "MESH_INTERNAL",
    };
  });
}

/** The ports of SMTP, DNS, MySQL and MongoDB: without a protocol that Istio knows, proxies do not look for HTTP there. */
const TCP_PORTS: readonly number[] = [25, 53, 3306, 27017];

const PROTOCOLS =
  /^(grpc|grpc-web|http|http2|https|kubernetes\.io\/(h2c|wss?)|mongo|mysql|redis|tcp|tls|udp)$/i;

function portOf(port: unknown): ServicePort {
  const number = numberAt(port, "number") ?? numberAt(port, "port") ?? 0;
  const name = textAt(port, "name") ?? "";
  const target = valueAt(port, "targetPort");
  const declared = textAt(port, "protocol");
  const isTransport = declared === undefined || ["TCP", "UDP", "SCTP"].includes(declared);
  const protocol =
    textAt(port, "appProtocol") ?? (isTransport ? name.split("-")[0] : declared) ?? "";
  const isTcp = TCP_PORTS.includes(number) && !PROTOCOLS.test(protocol);
  return {
    number,
    name,
    protocol: isTcp ? "TCP" : protocolOf(protocol),
    target: typeof target === "number" || typeof target === "string" ? target : number,
  };
}

/**
 * The protocol that a port declares. For one that declares none, proxies detect HTTP.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
function protocolOf(declared: string): Protocol {
  const name = declared.toLowerCase();
  if (["https", "tls", "kubernetes.io/wss"].includes(name)) return "TLS";
  return ["tcp", "udp", "mongo", "mysql", "redis"].includes(name) ? "TCP" : "HTTP";
}

/** The labels of the pods that a service selects; undefined if its endpoints are written by someone else. */
export function selectorOf({ object }: MeshService): Readonly<Record<string, string>> | undefined {
  const labels =
    valueAt(object, "spec", "selector") ?? valueAt(object, "spec", "workloadSelector", "labels");
  return labels as Readonly<Record<string, string>> | undefined;
}

/** The pods that a service selects. One without a selector selects none. */
export function podsBehind(
  service: MeshService,
  pods: readonly ClusterObject[],
): readonly ClusterObject[] {
  const matchLabels = selectorOf(service);
  if (matchLabels === undefined) return [];
  return pods.filter(
    (pod) =>
      namespaceOf(pod) === namespaceOf(service.object) &&
      isActive(pod) &&
      selects({ matchLabels }, pod.metadata.labels ?? {}),
  );
}

/**
 * Whether a pod receives requests of a service that selects it.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec
 */
export function isPublished({ object }: MeshService, pod: ClusterObject): boolean {
  return valueAt(object, "spec", "publishNotReadyAddresses") === true || isReady(pod);
}

function isReady(pod: ClusterObject): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    listAt(pod, "status", "conditions").some(
      (condition) =>
        textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
    )
  );
}

/** The number of the pods' port; undefined if no container has a port of that name. */
export function targetPort(
  { target }: ServicePort,
  pods: readonly ClusterObject[],
): number | undefined {
  if (typeof target === "number") return target;
  return pods
    .flatMap((pod) => [
      ...listAt(pod, "spec", "containers"),
      ...listAt(pod, "spec", "initContainers").filter(
        (container) => textAt(container, "restartPolicy") === "Always",
      ),
    ])
    .flatMap((container) => listAt(container, "ports"))
    .flatMap((port) =>
      textAt(port, "name") === target ? (numberAt(port, "containerPort") ?? []) : [],
    )
    .at(0);
}
