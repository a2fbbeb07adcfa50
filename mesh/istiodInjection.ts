import { selects } from "./labelSelector.ts";
import type { LabelSelector } from "./labelSelector.ts";
import { SIDECAR_INJECT_LABEL } from "./names.ts";

/**
 * Namespaces in which istiod never injects sidecars, regardless of their labels.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/initializer.go
 */
export const IGNORED_NAMESPACES: readonly string[] = [
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "local-path-storage",
];

type Labels = Readonly<Record<string, string>>;

/** A pod at creation, with its namespace. */
export interface InjectionSubject {
  readonly namespace: { readonly name: string; readonly labels: Labels };
  readonly pod: {
    readonly labels: Labels;
    readonly annotations: Labels;
    readonly hostNetwork: boolean;
  };
}

/**
 * What istiod does with pods that say nothing themselves: the fields of its ConfigMap `istio-sidecar-injector-<revision>`.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/istiod-injector-configmap.yaml
 */
export interface InjectorPolicy {
  /** `enabled` injects. */
  readonly policy: string;
  readonly neverInjectSelector: readonly LabelSelector[];
  readonly alwaysInjectSelector: readonly LabelSelector[];
}

/** The policy that Istio's charts, and the add-on, set. */
export const DEFAULT_INJECTOR_POLICY: InjectorPolicy = {
  policy: "enabled",
  neverInjectSelector: [],
  alwaysInjectSelector: [],
};

/**
 * Why istiod does not inject the pod although a webhook called it, as a sentence; undefined if it injects.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/inject.go
 */
export function istiodExemption(
  { namespace, pod }: InjectionSubject,
  { policy, neverInjectSelector, alwaysInjectSelector }: InjectorPolicy = DEFAULT_INJECTOR_POLICY,
): string | undefined {
  if (pod.hostNetwork) {
    return "The pod uses the host network, and istiod never injects such pods.";
  }
  if (IGNORED_NAMESPACES.includes(namespace.name)) {
    return `istiod does not inject sidecars in the namespace ${namespace.name}.`;
  }
  // A label, even an empty one, overrides the annotation.
  const inject = pod.labels[SIDECAR_INJECT_LABEL] ?? pod.annotations[SIDECAR_INJECT_LABEL];
  if (inject === "true") return undefined;
  if (inject === "false") {
    return `The pod's annotation ${SIDECAR_INJECT_LABEL}=false opts it out.`;
  }
  const selectsPod = (selector: LabelSelector) =>
    !isEmpty(selector) && selects(selector, pod.labels);
  if (neverInjectSelector.some(selectsPod)) {
    return "The neverInjectSelector of istiod's configuration selects the pod.";
  }
  if (alwaysInjectSelector.some(selectsPod) || policy === "enabled") return undefined;
  return `The policy of istiod's configuration is ${policy}, and the pod does not ask for a sidecar.`;
}

/** istiod ignores empty selectors, which would select every pod. */
function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
