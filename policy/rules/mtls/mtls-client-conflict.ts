import {
  CLIENT_MODES,
  PEER_MODES,
  foreignTls,
  peerModes,
  tlsSettings,
} from "../../model/istio/clientTls.ts";
import { Unknown } from "../../engine/cursor.ts";
import { notListed } from "../../engine/enumeration.ts";
import { destinationRules, peerAuthentications } from "../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

const config: ConfigSchema<{ readonly allowed: readonly string[] }> = {
  allowed: {
    type: "array",
    items: {
      type: "string",
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$",
    },
    maxItems: 200,
    uniqueItems: true,
    default: [],
    description:
      "DestinationRules, as namespace/name, whose hosts intentionally do not use the mesh's mutual TLS.",
  },
};

export const mtlsClientConflict = defineRule<
  KubernetesObject,
  { readonly allowed: readonly string[] }
>({
  name: "mtls-client-conflict",
  displayName: "Clients use a TLS mode that sidecars accept",
  description:
    "No DestinationRule makes clients send plain text or another kind of TLS to sidecars that require mutual TLS, and every TLS mode is valid. Otherwise sidecars reset the connection, or the API server rejects the object.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove tls from DestinationRules for hosts in the mesh, or set its mode to ISTIO_MUTUAL. If a host is an intentional exception, list its DestinationRule in allowed of this rule.",
  url: "https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule",
  tags: ["mtls", "Istio:IST0128", "Istio:IST0129"],
  about: anyOf(destinationRules, peerAuthentications),
  unknown: "unjudged",
  wholeStack: true,
  config,
  *check(rule, { config: { allowed }, stack }) {
    yield* onAddonClusters(rule, stack, () => checkModes(rule));
    if (!stack.complete || !destinationRules.matches(rule.resource.type)) return;
    const { name } = namespaceOf(rule, stack);
    if (allowed.includes(`${name ?? ""}/${rule.name ?? ""}`)) return;
    yield* onAddonClusters(rule, stack, () => judged(rule, name, stack));
  },
});

/** TLS modes that the API server rejects. */
function* checkModes(rule: KubernetesObject): Iterable<Finding> {
  if (destinationRules.matches(rule.resource.type)) {
    for (const tls of tlsSettings(rule)) yield* notListed(tls.at("mode"), CLIENT_MODES);
    return;
  }
  for (const mode of peerModes(rule)) {
    if (!(mode instanceof Unknown)) yield* notListed(mode, PEER_MODES);
  }
}

function* judged(
  rule: KubernetesObject,
  namespace: string | undefined,
  stack: Stack,
): Iterable<Finding> {
  for (const { place, mode, host, refused } of foreignTls(rule, namespace, stack)) {
    if (mode instanceof Unknown) yield mode;
    else if (refused) {
      yield `${place.path} is ${mode} for ${host}, but the sidecars there accept only the mesh's mutual TLS. Remove tls, or set its mode to ISTIO_MUTUAL.`;
    }
  }
}
