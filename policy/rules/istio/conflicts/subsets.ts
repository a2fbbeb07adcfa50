import type { Cursor } from "../../../engine/cursor.ts";
import { serviceOf, wholeHost } from "../../../model/istio/hosts.ts";
import { destinationRules, virtualServices } from "../../../model/istio/istioConfig.ts";
import { workloads } from "../../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { holds } from "../../../model/kubernetes/labelMaps.ts";
import { inNamespaceOf, namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import { inDoubt, ownsNamespace, unseenSources } from "../../../model/opaque.ts";
import type { Finding } from "../../../engine/finding.ts";
import { services } from "../../../model/kubernetes/services.ts";
import type { Stack } from "../../../engine/stack.ts";
import { claimantsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { referred } from "../../../model/istio/references.ts";
import { destinationsOf } from "./routes.ts";
import { itemsOf } from "../../../model/knownParts.ts";

/** The hosts of DestinationRules. */
const hosts: Claims = {
  kind: destinationRules,
  of: (rule, stack) => {
    const host = hostOf(rule, stack);
    return host === undefined ? [] : [host];
  },
};

/** Labels that the scheduler's topology or sidecar injection adds to pods. */
const ADDED = /^(?:topology\.(?:kubernetes\.io|istio\.io)\/|kubernetes\.io\/hostname$)|istio\.io\//;

/** Subsets that VirtualServices route to, with their hosts. */
const routed: Claims = {
  kind: virtualServices,
  of: (virtualService, stack) => {
    const { name } = namespaceOf(virtualService, stack);
    return destinationsOf(virtualService).flatMap((destination) => {
      const [host, subset] = [destination.at("host").text(), destination.at("subset").text()];
      if (typeof host !== "string" || typeof subset !== "string") return [];
      return [`${wholeHost(host, name) ?? ""} ${subset}`];
    });
  },
};

/**
 * Reports subsets of a DestinationRule that contain none of their Service's pods although a VirtualService routes to
 * them, if the stack creates the namespace. A subset that nothing routes to is harmless: Istio's samples define more
 * subsets than they use.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0173/
 */
export function* checkEmptySubsets(rule: KubernetesObject, stack: Stack): Iterable<Finding> {
  const host = hostOf(rule, stack);
  const service = host === undefined ? undefined : serviceOf(host);
  if (host === undefined || service === undefined) return;
  const { namespace } = service;
  if (!ownsNamespace(rule, namespace, stack)) return;
  const unseen = unseenSources(rule, [namespace], stack);
  const pods = referred({ from: rule, kind: services, ...service }, stack).flatMap((one) =>
    podsOf(one, stack),
  );
  if (pods.length === 0) return;
  for (const subset of itemsOf(rule.at("spec", "subsets"))) {
    const labels = subset.at("labels");
    const names = labels.keys();
    if (!Array.isArray(names) || names.some((one) => ADDED.test(String(one)))) continue;
    if (pods.some((pod) => holds(pod, labels) !== false)) continue;
    const called = subset.at("name").text();
    const [route] =
      typeof called === "string" ? claimantsOf(`${host} ${called}`, routed, rule, stack) : [];
    if (route === undefined) continue;
    if (unseen.length > 0) {
      yield inDoubt(
        unseen,
        `a pod of ${host} that ${labels.path} matches`,
        `Set the labels to those of pods in the program. If something else creates such a pod, exempt ${rule.label} from istio-config-conflicts in exceptions of mesh-scope.`,
      );
      continue;
    }
    yield `${labels.path} matches none of the pods of ${host}, so requests that ${route.label} routes to the subset fail. Set it to labels that the pods have.`;
  }
}

/** The DestinationRules for a host on the cluster of an object. */
export function rulesOf(
  host: string,
  from: KubernetesObject,
  stack: Stack,
): readonly KubernetesObject[] {
  return claimantsOf(host, hosts, from, stack);
}

/** The names of a rule's subsets; undefined if one of them is unknown. */
export function namedSubsets({ at }: KubernetesObject): readonly string[] | undefined {
  const names = itemsOf(at("spec", "subsets")).map((subset) => subset.at("name").text());
  return names.every((name) => typeof name === "string") ? names : undefined;
}

function hostOf(rule: KubernetesObject, stack: Stack): string | undefined {
  const host = rule.at("spec", "host").text();
  return typeof host === "string" ? wholeHost(host, namespaceOf(rule, stack).name) : undefined;
}

/** The labels of the pods that a Service selects. */
function podsOf(service: KubernetesObject, stack: Stack): readonly Cursor[] {
  const selector = service.at("spec", "selector");
  const pairs = selector.keys();
  if (!Array.isArray(pairs) || pairs.length === 0) return [];
  return inNamespaceOf(service, workloads, stack)
    .map(({ template }) => template("metadata", "labels"))
    .filter((labels) => holds(labels, selector) !== false);
}
