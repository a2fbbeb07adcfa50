import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const meshForeignIstioWebhook = defineRule({
  name: "mesh-foreign-istio-webhook",
  displayName: "Istio's webhooks call the add-on",
  description:
    "On a cluster with the Istio add-on, every Istio webhook calls aks-istio-system, and no webhook of Open Service Mesh remains: a webhook without a backend blocks the creation of pods.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the webhook. For a revision tag let it lead to the istiod of a revision in aks-istio-system, as istioctl tag set --istioNamespace aks-istio-system does.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade",
  tags: ["mesh", "Istio:IST0139"],
  about: kubernetesObjects(
    "admissionregistration.k8s.io/*",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
  ),
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () => judged(object));
  },
});

function* judged({ at }: KubernetesObject): Iterable<Finding> {
  const webhooks = at("webhooks").items();
  if (webhooks instanceof Unknown) yield webhooks;
  else for (const webhook of webhooks ?? []) yield* called(webhook);
}

function* called(webhook: Cursor): Iterable<Finding> {
  const place = webhook.at("name");
  const name = place.text();
  if (name instanceof Unknown) yield name;
  else if (/^osm-[a-z]+\.k8s\.io$/.test(name ?? "")) {
    yield `${place.path} is ${name ?? ""}, a webhook of Open Service Mesh, which cannot be on beside the Istio add-on. Remove it.`;
  } else if (/(?:^|\.)istio\.io$/.test(name ?? "")) yield* leading(webhook, name ?? "");
}

function* leading(webhook: Cursor, name: string): Iterable<Finding> {
  const service = webhook.at("clientConfig", "service", "namespace");
  const url = webhook.at("clientConfig", "url");
  const namespace = service.text();
  if (namespace instanceof Unknown) yield namespace;
  else if (namespace !== undefined && namespace !== CONTROL_PLANE_NAMESPACE) {
    yield `${service.path} of ${name} is ${namespace}, and the add-on's istiod is in ${CONTROL_PLANE_NAMESPACE}. Remove the webhook, or let it lead there.`;
  } else if (namespace === undefined && url.read() !== undefined) {
    yield `${url.path} of ${name} leads to an istiod outside the cluster, and the cluster has the add-on's. Remove the webhook.`;
  }
}
