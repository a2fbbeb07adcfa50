import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { notListed } from "../../engine/enumeration.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { isMeshGateway } from "../../model/kubernetes/gatewayApi.ts";
import { PROTOCOLS } from "../../model/kubernetes/listeners.ts";
import { gateways } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { checkCertificates } from "./certificates.ts";
import { checkCollisions } from "./collisions.ts";

/** The protocols with TLS. */
const ENCRYPTED = ["HTTPS", "TLS"];
const MODES = ["Terminate", "Passthrough"];

export const gatewayapiListenersValid = defineRule({
  name: "gatewayapi-listeners-valid",
  displayName: "Listeners are distinct and have a certificate",
  description:
    "The TLS settings of a listener fit its protocol, its certificate exists and may be used, and no two listeners of a Gateway have the same port and host. Otherwise the API server rejects the Gateway, or istiod ignores the listener.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set protocol to HTTP, HTTPS or TLS. For HTTPS, set tls.certificateRefs to a Secret with tls.crt and tls.key, and create a ReferenceGrant if it is in another namespace. Give listeners on one port different hostnames.",
  url: "https://gateway-api.sigs.k8s.io/guides/tls/",
  tags: ["gatewayapi", "Istio:IST0101"],
  about: gateways,
  unknown: "unjudged",
  // Secrets and grants may be registered after the Gateways that use them.
  wholeStack: true,
  *check(gateway, { stack }) {
    if (!isMeshGateway(gateway)) return;
    yield* onAddonClusters(gateway, stack, () => checkListeners(gateway, stack));
  },
});

function* checkListeners(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const listeners = gateway.at("spec", "listeners").items();
  if (listeners instanceof Unknown) yield listeners;
  if (listeners === undefined || listeners instanceof Unknown) return;
  for (const listener of listeners) {
    const settings = [...checkSettings(listener)];
    yield* settings;
    if (settings.length === 0 && stack.complete) yield* checkCertificates(listener, gateway, stack);
  }
  yield* checkCollisions(listeners);
}

/** Reports a protocol that does not exist, and TLS settings that do not fit it. */
function* checkSettings(listener: Cursor): Iterable<Finding> {
  const place = listener.at("protocol");
  const protocol = place.text();
  const tls = listener.at("tls");
  if (protocol instanceof Unknown) yield protocol;
  if (protocol === undefined || protocol instanceof Unknown) return;
  const meant = protocol.toUpperCase();
  if (!PROTOCOLS.includes(protocol)) {
    const fix = PROTOCOLS.includes(meant) ? meant : "HTTP, HTTPS or TLS";
    yield `${place.path} is ${protocol}, which istiod does not accept, so nothing listens. Set it to ${fix}.`;
  } else if (!ENCRYPTED.includes(protocol)) {
    if (tls.read() === undefined) return;
    yield `${tls.path} is set, but ${place.path} is ${protocol}, and the API server rejects the combination. Remove it, or set ${place.path} to HTTPS.`;
  } else if (tls.read() === undefined) {
    yield `${tls.path} is not set, but a listener with the protocol ${protocol} requires it: without it, nothing listens. Set ${protocol === "TLS" ? `${tls.path}.mode` : `${tls.path}.certificateRefs`}.`;
  } else yield* checkMode(tls, protocol);
}

function* checkMode(tls: Cursor, protocol: string): Iterable<Finding> {
  const place = tls.at("mode");
  const mode = place.text();
  if (mode instanceof Unknown) yield mode;
  else if (mode === "Passthrough" && protocol === "HTTPS") {
    yield `${place.path} is Passthrough, which the API server rejects for the protocol HTTPS. Set it to Terminate, or set the protocol to TLS.`;
  } else yield* notListed(place, MODES);
}
