import { INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { selectedIngress, selectsEgress } from "../../model/istio/addonGateways.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { notListed } from "../../engine/enumeration.ts";
import { istioGateways } from "../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";
import { findSecret } from "../../model/kubernetes/tlsSecrets.ts";

/** The protocols with TLS. */
const ENCRYPTED = ["HTTPS", "TLS"];

/** The modes in which a gateway presents its own certificate. */
const TERMINATING = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"];
const MODES = [...TERMINATING, "PASSTHROUGH", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"];

const VERSIONS = ["TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"];

export const gatewayTlsComplete = defineRule({
  name: "gateway-tls-complete",
  displayName: "TLS servers have a mode and a certificate",
  description:
    "An HTTPS or TLS server of a Gateway has tls settings, and its certificate exists if the add-on's gateway terminates TLS. Otherwise, Istio rejects the Gateway, or the port does not answer.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set tls.mode and tls.credentialName, and create the Secret that credentialName names in the namespace aks-istio-ingress.",
  url: "https://learn.microsoft.com/azure/aks/istio-secure-gateway",
  tags: ["gateway", "Istio:IST0101", "Istio:IST0161"],
  about: istioGateways,
  unknown: "unjudged",
  // Secrets may be registered after the Gateways that use them.
  wholeStack: true,
  *check(gateway, { stack }) {
    yield* onAddonClusters(gateway, stack, () => checkServers(gateway, stack));
  },
});

function* checkServers(gateway: KubernetesObject, stack: Stack): Iterable<Finding> {
  const servers = gateway.at("spec", "servers").items();
  if (servers instanceof Unknown) yield servers;
  if (servers === undefined || servers instanceof Unknown) return;
  // For traffic that leaves the mesh, the destination decides whether it is encrypted.
  const outward = selectsEgress(gateway, stack);
  for (const server of servers) {
    if (!outward) yield* checkTlsIsSet(server);
    yield* notListed(server.at("tls", "mode"), MODES);
    yield* notListed(server.at("tls", "minProtocolVersion"), VERSIONS);
    yield* notListed(server.at("tls", "maxProtocolVersion"), VERSIONS);
    if (stack.complete) yield* checkCertificate(server, gateway, stack);
  }
}

function* checkTlsIsSet(server: Cursor): Iterable<Finding> {
  const spoken = server.at("port", "protocol").text();
  const tls = server.at("tls");
  if (spoken instanceof Unknown) yield spoken;
  else if (ENCRYPTED.includes(spoken?.toUpperCase() ?? "") && tls.read() === undefined) {
    yield `${tls.path} is not set, but a server with the protocol ${spoken ?? ""} requires it. Set its mode, and its credentialName if the gateway terminates TLS.`;
  }
}

/** Checks the certificate of a server on an ingress gateway of the add-on. */
function* checkCertificate(
  server: Cursor,
  gateway: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const mode = server.at("tls", "mode").text();
  if (selectedIngress(gateway.at("spec", "selector")) === undefined) return;
  if (typeof mode !== "string" || !TERMINATING.includes(mode)) return;
  const place = server.at("tls", "credentialName");
  const name = place.text();
  if (name instanceof Unknown) return;
  if (name === undefined) {
    const many = server.at("tls", "credentialNames");
    if (many.read() !== undefined) return;
    yield `${place.path} is not set, so the gateway has no certificate. Set it to the name of a Secret in ${INGRESS_NAMESPACE}.`;
    return;
  }
  const { there, elsewhere, similar } = findSecret(name, INGRESS_NAMESPACE, gateway, stack);
  if (there.length > 0) return;
  const unseen = unseenSources(gateway, [INGRESS_NAMESPACE], stack);
  if (elsewhere !== undefined) {
    yield unseen.length > 0
      ? inDoubt(
          unseen,
          `the Secret ${name} in ${INGRESS_NAMESPACE}, which ${place.path} names`,
          `Create it there in the program. If something else creates it, exempt ${gateway.label} from gateway-tls-complete in exceptions of mesh-scope.`,
        )
      : `${place.path} is ${name}, which ${elsewhere.secret.label} creates in ${elsewhere.namespace}, but the gateway reads Secrets only in ${INGRESS_NAMESPACE}. Create it there.`;
  } else if (unseen.length === 0 && similar !== undefined) {
    yield new NotJudged(
      `${place.path} is ${name}, but nothing in the stack creates this Secret in ${INGRESS_NAMESPACE}. Did you mean ${similar}?`,
    );
  }
}
