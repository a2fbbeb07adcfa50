import { Unknown } from "../../engine/cursor.ts";
import { isPatch } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { isInMesh } from "../../model/istio/meshMembership.ts";
import { PROTOCOLS, saysProtocol } from "../../model/kubernetes/portProtocols.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { services } from "../../model/kubernetes/services.ts";

export const servicePortProtocol = defineRule({
  name: "service-port-protocol",
  displayName: "Service ports declare their protocol",
  description:
    "Every port of a Service in the mesh declares its protocol, in its name or in appProtocol. Otherwise Istio guesses, and treats traffic that it does not recognize in time as TCP, without retries, routes or HTTP metrics.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Start the port's name with its protocol (http, http-metrics, grpc, tcp-db), or set appProtocol.",
  url: "https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/#explicit-protocol-selection",
  tags: ["service", "Istio:IST0118"],
  about: services,
  unknown: "unjudged",
  wholeStack: true,
  *check(service, { stack }) {
    yield* ifTrue(isInMesh(service, stack), () => judged(service));
  },
});

function* judged(service: KubernetesObject): Iterable<Finding> {
  // Only a DNS name, which has no ports in the mesh.
  if (service.at("spec", "type").text() === "ExternalName") return;
  const ports = service.at("spec", "ports").items();
  if (ports instanceof Unknown) {
    yield ports;
    return;
  }
  for (const port of ports ?? []) {
    const says = saysProtocol(port);
    if (says instanceof Unknown) yield says;
    else if (says === false || (says === undefined && !isPatch(service))) {
      const application = port.at("appProtocol");
      const byName = application.read() === undefined;
      const place = byName ? port.at("name") : application;
      const value = place.text();
      const protocols = PROTOCOLS.join(", ");
      // appProtocol overrides the name.
      const fix = byName
        ? `Start the name with the protocol (${protocols}), as in http or http-metrics, or set appProtocol.`
        : `Set it to one of ${protocols}, or remove it and start the port's name with the protocol.`;
      yield `${place.path} is ${typeof value === "string" ? value : "not set"}, which does not tell Istio the protocol of the port. ${fix}`;
    }
  }
}
