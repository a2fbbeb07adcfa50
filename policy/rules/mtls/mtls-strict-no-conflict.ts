import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import {
  PEER_MODES,
  foreignTls,
  isForAll,
  peerModes,
  tlsSettings,
} from "../../model/istio/clientTls.ts";
import { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { destinationRules, peerAuthentications } from "../../model/istio/istioConfig.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { joinsMesh, nameOf } from "../../model/istio/meshNamespaces.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

const STRICT = "STRICT";
const WEAK = ["DISABLE", "PERMISSIVE"];

interface Config {
  readonly plaintext: readonly string[];
  readonly strictElsewhere: boolean;
}

const config: ConfigSchema<Config> = {
  plaintext: {
    type: "array",
    items: {
      type: "string",
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$",
    },
    maxItems: 200,
    uniqueItems: true,
    default: [],
    description:
      "PeerAuthentications and DestinationRules, as namespace/name, that intentionally allow plain text.",
  },
  strictElsewhere: {
    type: "boolean",
    default: false,
    description:
      "Whether something that the stack does not show, such as Flux, creates the PeerAuthentication that makes the whole mesh reject plain text.",
  },
};

export const mtlsStrictNoConflict = defineRule<KubernetesObject, Config>({
  name: "mtls-strict-no-conflict",
  displayName: "Mutual TLS is strict",
  description:
    "Sidecars in every namespace of the mesh reject plain text, and no DestinationRule makes clients there skip mutual TLS or trust any server.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Once every caller has a sidecar, add a PeerAuthentication without a selector and with spec.mtls.mode STRICT to aks-istio-system, and remove PeerAuthentications that weaken it. Remove tls from DestinationRules for hosts in the mesh. List intentional exceptions in plaintext of this rule. The rule does not change this for you: callers without a sidecar would lose access.",
  url: "https://istio.io/latest/docs/ops/best-practices/security/#mutual-tls",
  tags: ["mtls", "Kyverno:enforce-strict-mtls", "Istio:IST0128", "Istio:IST0129"],
  about: anyOf(peerAuthentications, destinationRules, namespaces),
  unknown: "unjudged",
  wholeStack: true,
  config,
  *check(object, { config: settings, stack }) {
    yield* onAddonClusters(object, stack, () => judged(object, settings, stack));
  },
});

function judged(object: KubernetesObject, settings: Config, stack: Stack): Iterable<Finding> {
  const { type } = object.resource;
  if (namespaces.matches(type)) {
    return settings.strictElsewhere || !stack.complete ? [] : checkNamespace(object, stack);
  }
  const { name } = namespaceOf(object, stack);
  // A namespace that is not known yet is known once the stack is complete.
  if (name === undefined && !stack.complete) return [];
  if (settings.plaintext.includes(`${name ?? ""}/${object.name ?? ""}`)) return [];
  return peerAuthentications.matches(type)
    ? checkPeerAuthentication(object, name)
    : stack.complete
      ? checkDestinationRule(object, name, stack)
      : [];
}

/** Settings of a PeerAuthentication that allow plain text. */
function* checkPeerAuthentication(
  policy: KubernetesObject,
  namespace: string | undefined,
): Iterable<Finding> {
  const place = policy.at("spec", "mtls", "mode");
  const mode = place.text();
  if (isForAll(policy) && namespace === CONTROL_PLANE_NAMESPACE && isUnset(mode)) {
    yield `${place.path} is ${mode ?? "not set"}, which means PERMISSIVE for the whole mesh. Set it to ${STRICT}.`;
  }
  for (const one of peerModes(policy)) {
    if (one instanceof Unknown) {
      yield one;
      continue;
    }
    const weak = one.text();
    if (weak instanceof Unknown) yield weak;
    else if (weak !== undefined && WEAK.includes(weak)) {
      yield `${one.path} is ${weak}, which allows plain text. Set it to ${STRICT}, or list ${namespace ?? "its namespace"}/${policy.name ?? "its name"} in plaintext of this rule.`;
    }
  }
}

/** Settings of a DestinationRule that bypass mutual TLS and that sidecars accept, or that trust any server. */
function* checkDestinationRule(
  rule: KubernetesObject,
  namespace: string | undefined,
  stack: Stack,
): Iterable<Finding> {
  for (const { place, mode, host, refused } of foreignTls(rule, namespace, stack)) {
    if (mode instanceof Unknown) yield mode;
    else if (!refused) {
      yield `${place.path} is ${mode} for ${host}, which is in the mesh, so this traffic bypasses the mesh's mutual TLS. Remove tls, or set its mode to ISTIO_MUTUAL.`;
    }
  }
  for (const tls of tlsSettings(rule)) {
    const unverified = tls.at("insecureSkipVerify");
    if (unverified.flag() === true) {
      yield `${unverified.path} is true, so callers trust any server. Remove it, and set caCertificates if no system CA issued the server's certificate.`;
    }
  }
}

function* checkNamespace(namespace: KubernetesObject, stack: Stack): Iterable<Finding> {
  const clusters = stack.clustersOf(namespace.resource);
  // Only a stack that creates the cluster creates mesh-wide policies.
  if (!joinsMesh(namespace, stack) || !clusters.every((one) => one instanceof AksCluster)) return;
  const name = nameOf(namespace);
  const policies = stack
    .all(peerAuthentications)
    .filter((policy) => isForAll(policy) && onOneCluster(policy, namespace, stack))
    .map((policy) => ({
      where: namespaceOf(policy, stack).name,
      mode: policy.at("spec", "mtls", "mode").text(),
    }));
  // A weak policy is reported itself.
  if (policies.some(({ where }) => where === CONTROL_PLANE_NAMESPACE)) return;
  if (policies.some(({ where, mode }) => where === name && !isUnset(mode) && isMode(mode))) return;
  const unseen = unseenSources(namespace, [CONTROL_PLANE_NAMESPACE, name], stack);
  if (unseen.length > 0) {
    yield inDoubt(
      unseen,
      "a PeerAuthentication that makes its sidecars reject plain text",
      `If something else creates it, set strictElsewhere of mtls-strict-no-conflict to true. Otherwise add one with spec.mtls.mode ${STRICT} to ${CONTROL_PLANE_NAMESPACE}.`,
    );
    return;
  }
  yield `no PeerAuthentication, for the mesh or for the namespace, makes the sidecars of ${name} reject plain text. Add one with spec.mtls.mode ${STRICT} to ${CONTROL_PLANE_NAMESPACE}, or set strictElsewhere of this rule if something else creates it.`;
}

/** Whether it is a valid mode, or may be one. */
function isMode(mode: Read<string>): boolean {
  return mode instanceof Unknown || PEER_MODES.includes(mode ?? "");
}

function isUnset(mode: unknown): mode is "UNSET" | undefined {
  return mode === undefined || mode === "UNSET";
}
