import { Unknown } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import { joinsMesh } from "../../model/istio/meshNamespaces.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";

/**
 * The labels that AKS adds to the `namespaceSelector` of admission webhooks to exclude its own namespaces: any value of
 * the first, and this value of the second.
 *
 * @see https://learn.microsoft.com/azure/aks/faq
 * @see https://github.com/DataDog/datadog-agent/pull/19965
 */
const CONTROL_PLANE_LABEL = "control-plane";
const MANAGED_BY_LABEL = "kubernetes.azure.com/managedby";
const MANAGER = "aks";

export const nsNoAksInternalLabels = defineRule({
  name: "ns-no-aks-internal-labels",
  displayName: "Namespaces of the mesh do not have the labels of AKS's own namespaces",
  description:
    "A namespace of the mesh has neither the label control-plane nor kubernetes.azure.com/managedby=aks. AKS excludes namespaces with these labels from admission webhooks, and so perhaps from sidecar injection: whether it changes the add-on's own webhook, too, is not documented.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Remove the label. Operators that generate it, such as those of Kubebuilder and Kubeflow, do not need it on their namespace. If it must stay, check that new pods of the namespace have a sidecar.",
  url: "https://learn.microsoft.com/azure/aks/faq",
  tags: ["ns"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  *check(namespace, { stack }) {
    if (!joinsMesh(namespace, stack)) return;
    yield* onAddonClusters(namespace, stack, () => judged(namespace));
  },
});

function* judged({ at }: KubernetesObject): Iterable<Finding> {
  const labels = at("metadata", "labels");
  const keys = labels.keys();
  if (keys === undefined || keys instanceof Unknown) return;
  for (const name of [CONTROL_PLANE_LABEL, MANAGED_BY_LABEL]) {
    const place = labels.at(name);
    const value = place.text();
    if (!keys.includes(name) || (name === MANAGED_BY_LABEL && value !== MANAGER)) continue;
    const found = typeof value === "string" ? JSON.stringify(value) : "set";
    yield `${place.path} is ${found}. AKS excludes namespaces with this label from admission webhooks, so its pods may not get sidecars. Remove the label, or check that new pods have a sidecar.`;
  }
}
