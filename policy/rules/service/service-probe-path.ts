import { GATEWAY_PORTS } from "../../../mesh/ingressGateways.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { isInMesh } from "../../model/istio/meshMembership.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { isMeshGateway } from "../../model/kubernetes/gatewayApi.ts";
import { gateways, isPatch } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { services } from "../../model/kubernetes/services.ts";

/** The application protocols that turn a probe into a request. */
const REQUESTS = ["http", "https"];

const PREFIX = "service.beta.kubernetes.io/";
const PATH = `${PREFIX}azure-load-balancer-health-probe-request-path`;

/** The annotation with which Istio creates a Gateway's Service with another type. */
const SERVICE_TYPE = "networking.istio.io/service-type";

/** Where a gateway of Istio answers probes. */
const READY = "/healthz/ready";

export const serviceProbePath = defineRule({
  name: "service-probe-path",
  displayName: "HTTP probes of the load balancer have a path",
  description:
    "A Service of type LoadBalancer with appProtocol http or https says which path the load balancer probes. By default it requests /, and takes every node out of rotation unless the answer is 200. A Gateway on a port other than 80 has the same probe, which Istio answers with 404.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set the annotation service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path to a path that answers 200, or service.beta.kubernetes.io/port_<port>_health-probe_protocol to tcp. For a Gateway, set port_<port>_health-probe_protocol to http, _port to 15021 and _request-path to /healthz/ready in spec.infrastructure.annotations.",
  url: "https://learn.microsoft.com/azure/aks/configure-load-balancer-standard#default-health-probe-behavior",
  tags: ["service"],
  about: anyOf(services, gateways),
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    if (isPatch(object) || sharesProbes(object, stack)) return;
    if (services.matches(object.resource.type)) {
      yield* ifTrue(isInMesh(object, stack), () => checkService(object));
    } else if (isMeshGateway(object)) {
      yield* onAddonClusters(object, stack, () => checkGateway(object));
    }
  },
});

/** Whether the load balancer probes the nodes themselves, and not their Services. */
function sharesProbes({ resource }: KubernetesObject, stack: Stack): boolean {
  return stack
    .clustersOf(resource)
    .some(
      (cluster) =>
        cluster instanceof AksCluster &&
        enumerated(cluster.at("probeMode"), ["Shared"]) === "Shared",
    );
}

function* checkService({ at }: KubernetesObject): Iterable<Finding> {
  const type = at("spec", "type").text();
  const policy = at("spec", "externalTrafficPolicy").text();
  if (type instanceof Unknown) yield type;
  // With Local, the probes ask kube-proxy.
  if (type !== "LoadBalancer" || policy === "Local") return;
  const annotations = at("metadata", "annotations");
  const ports = at("spec", "ports").items();
  if (ports instanceof Unknown) yield ports;
  if (ports === undefined || ports instanceof Unknown) return;
  for (const port of ports) {
    const place = port.at("appProtocol");
    const protocol = place.text();
    if (protocol instanceof Unknown) yield protocol;
    if (typeof protocol !== "string" || !REQUESTS.includes(protocol.toLowerCase())) continue;
    const number = port.at("port").text();
    if (number instanceof Unknown) yield number;
    if (typeof number !== "string") continue;
    const answer = isDirected(annotations, number);
    if (answer instanceof Unknown) yield answer;
    else if (!answer) {
      yield `${place.path} is ${protocol}, so the load balancer requests / on port ${number}, and takes every node out of rotation unless the answer is 200. Set ${annotations.at(PATH).path} to a path that answers 200, or ${annotations.at(ofPort(number, "protocol")).path} to tcp.`;
    }
  }
}

/**
 * AKS directs the probes of port 80 to Istio's status port. The rule does not judge HTTPS, which Microsoft's guide serves
 * without an annotation, nor a Gateway whose ConfigMap may set annotations.
 */
function* checkGateway({ at }: KubernetesObject): Iterable<Finding> {
  const infrastructure = at("spec", "infrastructure");
  const annotations = infrastructure.at("annotations");
  const ofType = [annotations, at("metadata", "annotations")].some((place) => {
    const names = place.keys();
    return Array.isArray(names) && names.includes(SERVICE_TYPE);
  });
  const manual = at("spec", "addresses").read() !== undefined;
  if (ofType || manual || infrastructure.at("parametersRef").read() !== undefined) return;
  const listeners = at("spec", "listeners").items();
  if (listeners instanceof Unknown) yield listeners;
  if (listeners === undefined || listeners instanceof Unknown) return;
  for (const listener of listeners) {
    const protocol = listener.at("protocol").text();
    if (protocol instanceof Unknown) yield protocol;
    if (protocol !== "HTTP") continue;
    const place = listener.at("port");
    const number = place.text();
    if (number instanceof Unknown) yield number;
    if (typeof number !== "string" || number === String(GATEWAY_PORTS.http)) continue;
    const answer = isDirected(annotations, number);
    if (answer instanceof Unknown) yield answer;
    else if (!answer) {
      const settings = [
        ["protocol", "http"],
        ["port", String(GATEWAY_PORTS.status)],
        ["request-path", READY],
      ] as const;
      yield `${place.path} is ${number}, for which AKS does not direct the load balancer's probes to Istio's status port, so it requests / from the gateway, and takes every node out of rotation unless a route answers with 200. In ${annotations.path}, set ${settings.map(([what, value]) => `${ofPort(number, what)} to ${value}`).join(", ")}.`;
    }
  }
}

/** Whether annotations say what the probe of a port requests, or that there is none. */
function isDirected(annotations: Cursor, port: string): boolean | Unknown {
  const all = annotations.keys();
  if (all instanceof Unknown) return all;
  const named = (name: string): Read<string> => annotations.at(name).text();
  const paths = [PATH, ofPort(port, "request-path")].map(named);
  if (paths.some((path) => path !== undefined)) return true;
  const protocol = named(ofPort(port, "protocol"));
  if (protocol instanceof Unknown || protocol?.toLowerCase() === "tcp") return true;
  return ["no_lb_rule", "no_probe_rule"].some(
    (name) => named(`${PREFIX}port_${port}_${name}`) === "true",
  );
}

function ofPort(port: string, what: "port" | "protocol" | "request-path"): string {
  return `${PREFIX}port_${port}_health-probe_${what}`;
}
