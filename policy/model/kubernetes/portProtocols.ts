import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/**
 * The protocols that Istio accepts in the name of a port before the first hyphen, and in `appProtocol`.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/#explicit-protocol-selection
 * @see https://github.com/istio/istio/blob/master/pkg/config/protocol/instance.go
 */
export const PROTOCOLS: readonly string[] = [
  "grpc",
  "grpc-web",
  "http",
  "http2",
  "https",
  "mongo",
  "mysql",
  "redis",
  "tcp",
  "tls",
  "udp",
];

/** Further values of `appProtocol`. */
const KUBERNETES_PROTOCOLS = ["kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"];

/** Ports whose servers send first: Istio treats them as TCP and does not wait for the client. */
const TCP_PORTS: readonly unknown[] = ["25", "53", "3306", "27017"];

/**
 * Whether Istio knows the protocol of a Service port without inspecting its traffic; absent if the port has neither a
 * name nor `appProtocol`.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/kube/conversion.go
 */
export function saysProtocol(port: Cursor): Read<boolean> {
  const transport = port.at("protocol").text();
  if (transport === "UDP" || TCP_PORTS.includes(port.at("port").text())) return true;
  const application = port.at("appProtocol").text();
  if (application instanceof Unknown) return application;
  if (application !== undefined && KUBERNETES_PROTOCOLS.includes(application)) return true;
  const said = application ?? port.at("name").text();
  if (said === undefined || said instanceof Unknown) return said;
  const [word = ""] = said.toLowerCase().split("-", 1);
  return PROTOCOLS.includes(word);
}
