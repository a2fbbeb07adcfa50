/**
 * The namespace of an Istio that users install. It is also the root namespace of that mesh.
 *
 * @see https://istio.io/latest/docs/setup/install/
 */
export const OWN_ISTIO_NAMESPACE = "istio-system";

/**
 * Kinds that the add-on's webhook rejects, by group, without IstioOperator, which installs an Istio.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-about#limitations
 */
export const BLOCKED_KINDS = {
  "networking.istio.io": ["ProxyConfig", "WorkloadEntry", "WorkloadGroup"],
  "extensions.istio.io": ["WasmPlugin"],
} as const;

/**
 * Kinds that make an Istio operator install Istio, by group.
 *
 * @see https://github.com/istio-ecosystem/sail-operator
 */
export const OPERATOR_KINDS = {
  "install.istio.io": ["IstioOperator"],
  "sailoperator.io": ["Istio", "IstioRevision", "IstioRevisionTag", "IstioCNI", "ZTunnel"],
} as const;

/** Whether the add-on's webhook rejects objects of a kind. */
export function isBlockedKind(group: string, kind: string): boolean {
  return isOneOf(BLOCKED_KINDS, group, kind);
}

/** Whether objects of a kind make an operator install Istio. */
export function isOperatorKind(group: string, kind: string): boolean {
  return isOneOf(OPERATOR_KINDS, group, kind);
}

function isOneOf(
  kinds: Readonly<Record<string, readonly string[]>>,
  group: string,
  kind: string,
): boolean {
  return Object.hasOwn(kinds, group) && kinds[group]?.includes(kind) === true;
}

/**
 * The names that Istio's charts give to the parts of a control plane, and the label that a part has under any name.
 *
 * @see https://github.com/istio/istio/tree/master/manifests/charts
 */
export const CONTROL_PLANE_PARTS: readonly {
  readonly names: readonly string[];
  readonly label: readonly [key: string, value: string];
}[] = [
  { names: ["istiod", "istio-pilot"], label: ["app", "istiod"] },
  { names: ["istio-cni-node"], label: ["k8s-app", "istio-cni-node"] },
  { names: ["ztunnel"], label: ["app", "ztunnel"] },
];

/** Whether definitions of a group are Istio's. */
export function isIstioGroup(group: string): boolean {
  return /(?:^|\.)istio\.io$/.test(group);
}
