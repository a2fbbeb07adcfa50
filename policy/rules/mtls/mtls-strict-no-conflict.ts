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
      "PeerAuthentications and DestinationRules, as namespace/name, that let plain text through on purpose.",
  },
  strictElsewhere: {
    type: "boolean",
    default: false,
    description:
      "Something that the stack does not show, such as Flux, makes the PeerAuthentication by which the whole mesh refuses plain text.",
  },
};

export const mtlsStrictNoConflict = defineRule<KubernetesObject, Config>({
  name: "mtls-strict-no-conflict",
  displayName: "Mutual TLS is strict",
  description:
    "Sidecars in every namespace of the mesh refuse plain text, and no DestinationRule makes clients there skip mutual TLS or trust any server.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add a PeerAuthentication without a selector and with spec.mtls.mode STRICT to aks-istio-system, once every caller has a sidecar, and remove those that weaken it. Leave tls out of DestinationRules for hosts in the mesh. Exceptions are listed in plaintext of this rule. Nothing is mended for you, because callers without a sidecar would be cut off.",
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
    return settings.strictElsewhere || !stack.complete ? [] : protectedNamespace(object, stack);
  }
  const { name } = namespaceOf(object, stack);
  // Where its namespace is not known yet, it is with the whole stack.
  if (name === undefined && !stack.complete) return [];
  if (settings.plaintext.includes(`${name ?? ""}/${object.name ?? ""}`)) return [];
  return peerAuthentications.matches(type)
    ? accepting(object, name)
    : stack.complete
      ? sending(object, name, stack)
      : [];
}

/** What lets plain text in. */
function* accepting(policy: KubernetesObject, namespace: string | undefined): Iterable<Finding> {
  const place = policy.at("spec", "mtls", "mode");
  const mode = place.text();
  if (isForAll(policy) && namespace === CONTROL_PLANE_NAMESPACE && isUnset(mode)) {
    yield `${place.path} is ${mode ?? "not set"}, which for the whole mesh means PERMISSIVE. Set it to ${STRICT}.`;
  }
  for (const one of peerModes(policy)) {
    if (one instanceof Unknown) {
      yield one;
      continue;
    }
    const weak = one.text();
    if (weak instanceof Unknown) yield weak;
    else if (weak !== undefined && WEAK.includes(weak)) {
      yield `${one.path} is ${weak}, so that plain text gets in. Set it to ${STRICT}, or list ${namespace ?? "its namespace"}/${policy.name ?? "its name"} in plaintext of this rule.`;
    }
  }
}

/** What sends something else than mutual TLS where that is accepted, or trusts whoever answers. */
function* sending(
  rule: KubernetesObject,
  namespace: string | undefined,
  stack: Stack,
): Iterable<Finding> {
  for (const { place, mode, host, refused } of foreignTls(rule, namespace, stack)) {
    if (mode instanceof Unknown) yield mode;
    else if (!refused) {
      yield `${place.path} is ${mode} towards ${host}, which is in the mesh, so that this traffic goes without its mutual TLS. Leave tls out, or set it to ISTIO_MUTUAL.`;
    }
  }
  for (const tls of tlsSettings(rule)) {
    const unverified = tls.at("insecureSkipVerify");
    if (unverified.flag() === true) {
      yield `${unverified.path} is true, so that callers trust whoever answers. Remove it, and set caCertificates where the system's authorities do not know the server.`;
    }
  }
}

function* protectedNamespace(namespace: KubernetesObject, stack: Stack): Iterable<Finding> {
  const clusters = stack.clustersOf(namespace.resource);
  // What holds for a whole mesh is made where its cluster is.
  if (!joinsMesh(namespace, stack) || !clusters.every((one) => one instanceof AksCluster)) return;
  const name = nameOf(namespace);
  const policies = stack
    .all(peerAuthentications)
    .filter((policy) => isForAll(policy) && onOneCluster(policy, namespace, stack))
    .map((policy) => ({
      where: namespaceOf(policy, stack).name,
      mode: policy.at("spec", "mtls", "mode").text(),
    }));
  // One that is weak is told so itself.
  if (policies.some(({ where }) => where === CONTROL_PLANE_NAMESPACE)) return;
  if (policies.some(({ where, mode }) => where === name && !isUnset(mode) && isMode(mode))) return;
  const unseen = unseenSources(namespace, [CONTROL_PLANE_NAMESPACE, name], stack);
  if (unseen.length > 0) {
    yield inDoubt(
      unseen,
      "a PeerAuthentication by which its sidecars refuse plain text",
      `If something else makes it, set strictElsewhere of mtls-strict-no-conflict to true. Otherwise add one with spec.mtls.mode ${STRICT} to ${CONTROL_PLANE_NAMESPACE}.`,
    );
    return;
  }
  yield `no PeerAuthentication has the sidecars of ${name} refuse plain text, neither for the whole mesh nor for it. Add one with spec.mtls.mode ${STRICT} to ${CONTROL_PLANE_NAMESPACE}, or set strictElsewhere of this rule where something else makes it.`;
}

/** Whether it is a mode, or may be one. */
function isMode(mode: Read<string>): boolean {
  return mode instanceof Unknown || PEER_MODES.includes(mode ?? "");
}

function isUnset(mode: unknown): mode is "UNSET" | undefined {
  return mode === undefined || mode === "UNSET";
}
