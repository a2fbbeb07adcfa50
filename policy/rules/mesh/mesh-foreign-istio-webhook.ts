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
  displayName: "Istio webhooks call the add-on",
  description:
    "On a cluster with the Istio add-on, every Istio webhook calls aks-istio-system, and no Open Service Mesh webhook remains: a webhook without a backend blocks pod creation.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the webhook. If it belongs to a revision tag, point it to the istiod of a revision in aks-istio-system, as istioctl tag set --istioNamespace aks-istio-system does.",
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
  else for (const webhook of webhooks ?? []) yield* checkWebhook(webhook);
}

function* checkWebhook(webhook: Cursor): Iterable<Finding> {
  const place = webhook.at("name");
  const name = place.text();
  if (name instanceof Unknown) yield name;
  else if (/^osm-[a-z]+\.k8s\.io$/.test(name ?? "")) {
    yield `${place.path} is ${name ?? ""}, an Open Service Mesh webhook, but a cluster with the Istio add-on cannot run Open Service Mesh. Remove the webhook.`;
  } else if (/(?:^|\.)istio\.io$/.test(name ?? "")) yield* checkBackend(webhook, name ?? "");
}

function* checkBackend(webhook: Cursor, name: string): Iterable<Finding> {
  const service = webhook.at("clientConfig", "service", "namespace");
  const url = webhook.at("clientConfig", "url");
  const namespace = service.text();
  if (namespace instanceof Unknown) yield namespace;
  else if (namespace !== undefined && namespace !== CONTROL_PLANE_NAMESPACE) {
    yield `${service.path} of ${name} is ${namespace}, but the add-on's istiod runs in ${CONTROL_PLANE_NAMESPACE}. Remove the webhook, or point it there.`;
  } else if (namespace === undefined && url.read() !== undefined) {
    yield `${url.path} of ${name} points to an istiod outside the cluster, but the cluster has the add-on's istiod. Remove the webhook.`;
  }
}
