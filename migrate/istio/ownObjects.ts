import type { Manifest } from "../../manifests/manifest.ts";
import {
  CONTROL_PLANE_PARTS,
  OPERATOR_KINDS,
  isIstioGroup,
  isOperatorKind,
} from "../../mesh/ownIstio.ts";
import { isPublisher } from "../../mesh/istioCharts.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { groupOf } from "./kinds.ts";

/**
 * Why an object belongs to an own Istio, so that the add-on takes its place: a sentence. Undefined if it does not.
 *
 * @param roots the namespaces of own control planes
 */
export function whyOwn(manifest: Manifest, roots: ReadonlySet<string>): string | undefined {
  const { kind, namespace = "", object } = manifest;
  if (namespace.startsWith("aks-istio-")) return undefined;
  const group = groupOf(manifest);
  if (isOperatorKind(group, kind)) return "It makes an operator install Istio.";
  if (kind === "CustomResourceDefinition") {
    const defined = textAt(object, "spec", "group") ?? "";
    if (Object.hasOwn(OPERATOR_KINDS, defined)) {
      return "It defines what makes an operator install Istio.";
    }
    return isIstioGroup(defined)
      ? "The add-on installs the definitions that its revisions need."
      : undefined;
  }
  if (/^(?:Mutating|Validating)WebhookConfiguration$/.test(kind)) return whyWebhook(manifest);
  if (/^(?:Helm|OCI)Repository$/.test(kind) && group === "source.toolkit.fluxcd.io") {
    return isPublisher(textAt(object, "spec", "url") ?? "")
      ? "Flux gets Istio's charts from it, which nothing installs any more."
      : undefined;
  }
  const isConfiguration = isIstioGroup(group) || group === "gateway.networking.k8s.io";
  if (isConfiguration) return whyConfiguration(manifest);
  return isLabelled(object) || isNamed(manifest, roots)
    ? "It is a part of the self-installed Istio."
    : undefined;
}

function whyWebhook({ object }: Manifest): string | undefined {
  const isIstios = listAt(object, "webhooks").some((webhook) =>
    /(?:^|\.)istio\.io$/.test(textAt(webhook, "name") ?? ""),
  );
  const ofAddon = listAt(object, "webhooks").some(
    (webhook) => textAt(webhook, "clientConfig", "service", "namespace") === "aks-istio-system",
  );
  if (!isIstios || ofAddon) return undefined;
  const tag = textAt(object, "metadata", "labels", "istio.io/tag");
  return tag === undefined || tag === "default"
    ? "It calls the self-installed Istio. The add-on has webhooks of its own."
    : `It is the revision tag ${tag} of the self-installed Istio. Namespaces get the label of a revision instead.`;
}

/** Filters that Istio 1.21 and earlier installed for their metrics. */
function whyConfiguration({ kind, name = "", object }: Manifest): string | undefined {
  if (kind === "EnvoyFilter" && /^(?:tcp-)?(?:metadata-exchange|stats-filter)-\d/.test(name)) {
    return "It is a part of the self-installed Istio.";
  }
  if (kind === "GatewayClass") {
    return (textAt(object, "spec", "controllerName") ?? "").startsWith("istio.io/")
      ? "Istio creates its classes itself."
      : undefined;
  }
  return textAt(object, "spec", "gatewayClassName") === "istio-waypoint"
    ? "It is a waypoint of ambient mode, which the add-on does not support. Its layer 7 policies need sidecars."
    : undefined;
}

const LABELS: readonly (readonly [key: string, value?: string])[] = [
  ["operator.istio.io/component"],
  ["install.operator.istio.io/owning-resource"],
  ["app.kubernetes.io/part-of", "istio"],
  ["k8s-app", "istio-cni-node"],
];

function isLabelled(object: unknown): boolean {
  return LABELS.some(([key, value]) => {
    const found = textAt(object, "metadata", "labels", key);
    return found !== undefined && (value === undefined || found === value);
  });
}

/** Patches and older charts have no labels. */
const NAMES: Readonly<Record<string, RegExp>> = {
  ConfigMap:
    /^(?:istio|istio-sidecar-injector|istio-cni-config|values)(?:-\d[\w-]*|-canary|-stable)?$/,
  Secret: /^istio-ca-secret$/,
  ServiceAccount: /^(?:istiod|istio-(?:reader|(?:in|e)gressgateway)-service-account|ztunnel)$/,
};
const PARTS =
  /^(?:istiod(?:-.*)?|istio-pilot|istio-operator|sail-operator|istio-(?:in|e)gressgateway|istio-cni-node|istio-reader.*|ztunnel)$/;
const PART_KINDS = [
  ...["Deployment", "DaemonSet", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"],
  ...["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
];

function isNamed(
  { kind, name = "", namespace, object }: Manifest,
  roots: ReadonlySet<string>,
): boolean {
  const inRoot = namespace === undefined || roots.has(namespace) || namespace === "kube-system";
  const isCluster = kind.startsWith("Cluster");
  if (!inRoot && !isCluster) return false;
  if (kind === "ConfigMap" && !isIstiosConfig(object)) return false;
  if (NAMES[kind]?.test(name) === true) return true;
  const parts = CONTROL_PLANE_PARTS.flatMap(({ names }) => names);
  return PART_KINDS.includes(kind) && (PARTS.test(name) || parts.includes(name));
}

/** The ConfigMap of another project may have the same name. */
function isIstiosConfig(object: unknown): boolean {
  return ["mesh", "values", "meshNetworks", "config", "merged-values", "original-values"].some(
    (key) => ["data", "binaryData"].some((field) => valueAt(object, field, key) !== undefined),
  );
}
