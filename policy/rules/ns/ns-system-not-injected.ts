import { IGNORED_NAMESPACES } from "../../../mesh/istiodInjection.ts";
import { REVISION_LABEL } from "../../../mesh/names.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { isSystemNamespace } from "../../model/kubernetes/systemNamespaces.ts";

export const nsSystemNotInjected = defineRule({
  name: "ns-system-not-injected",
  displayName: "System namespaces are not in the mesh",
  description:
    "No namespace of Kubernetes, of AKS or of its add-ons has the label istio.io/rev: otherwise its pods could not start while istiod is down, and istiod needs some of them.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the label istio.io/rev from the namespace, and put workloads that belong in the mesh in a dedicated namespace.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection",
  tags: ["ns"],
  about: namespaces,
  unknown: "violation",
  wholeStack: true,
  *check(namespace, { stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace));
  },
  // Only if istiod ignores the namespace anyway, so no pod changes.
  remediate(namespace, { stack }) {
    if (allUseAddon(stack.clustersOf(namespace.resource)) !== true) return false;
    const { name, at } = namespace;
    const label = at("metadata", "labels", REVISION_LABEL);
    const value = label.read();
    if (!IGNORED_NAMESPACES.includes(name ?? "")) return false;
    if (value === undefined || label.text() instanceof Unknown) return false;
    label.remove();
    return true;
  },
});

function* judged({ name, at }: KubernetesObject): Iterable<Finding> {
  const labels = at("metadata", "labels");
  const keys = labels.keys();
  const label = labels.at(REVISION_LABEL);
  const given = at("metadata", "name");
  if (given.text() instanceof Unknown) {
    if (keys instanceof Unknown || keys?.includes(REVISION_LABEL) === true) {
      yield new NotJudged(
        `${given.path} is known only once it is deployed. Make sure that it is not a system namespace, which must not have ${label.path}.`,
      );
    }
    return;
  }
  if (!isSystemNamespace(name ?? "")) return;
  if (keys instanceof Unknown) yield keys;
  else if (keys?.includes(REVISION_LABEL) === true) {
    yield `${label.path} is set on ${name ?? ""}, a system namespace: while istiod is down, none of its pods can start. Remove it.`;
  }
}
