import { REVISION_LABEL } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const nsDefaultNotInMesh = defineRule({
  name: "ns-default-not-in-mesh",
  displayName: "The namespace default is not in the mesh",
  description:
    "The namespace default does not have the label istio.io/rev: objects without a namespace go there.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Remove the label, and put the workloads of the mesh in a dedicated namespace.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection",
  tags: ["ns", "checkov:CKV_K8S_21", "Trivy:KSV-0110", "AzurePolicy:BlockDefaultNamespace"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  *check(namespace, { stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace));
  },
});

function* judged({ name, at }: KubernetesObject): Iterable<Finding> {
  const labels = at("metadata", "labels");
  const keys = labels.keys();
  if (name !== "default" || keys === undefined || keys instanceof Unknown) return;
  if (!keys.includes(REVISION_LABEL)) return;
  yield `${labels.at(REVISION_LABEL).path} is set on default, where objects without a namespace go. Remove it, and put the workloads of the mesh in a dedicated namespace.`;
}
