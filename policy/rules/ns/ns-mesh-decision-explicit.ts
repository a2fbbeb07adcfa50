import {
  DATAPLANE_MODE_LABEL,
  LEGACY_INJECTION_LABEL,
  MESH_DECISION_LABEL,
  REVISION_LABEL,
} from "../../../mesh/names.ts";
import { isPatch, namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { Unknown } from "../../engine/cursor.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { isSystemNamespace } from "../../model/kubernetes/systemNamespaces.ts";

export const nsMeshDecisionExplicit = defineRule({
  name: "ns-mesh-decision-explicit",
  displayName: "Every namespace is explicitly in the mesh or out of it",
  description:
    "Every namespace on a cluster with the Istio add-on either has the label istio.io/rev or states that it is left out on purpose: otherwise it looks like one that was forgotten.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set istio.io/rev to a revision of the cluster, or set the label or annotation that says that the namespace stays out.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection",
  tags: ["ns", "Istio:IST0102"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  config: {
    leftOutBy: {
      type: "string",
      minLength: 1,
      maxLength: 317,
      default: MESH_DECISION_LABEL,
      description:
        "The label or annotation, with any value, of a namespace that was left out of the mesh on purpose.",
    },
  },
  *check(namespace, { config, stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace, config.leftOutBy));
  },
});

function* judged(namespace: KubernetesObject, leftOutBy: string): Iterable<Finding> {
  const { name, at } = namespace;
  if (isPatch(namespace) || isSystemNamespace(name ?? "")) return;
  // Labels that are wrong on such a cluster are decisions too, and other rules' concern.
  const decisions = [REVISION_LABEL, LEGACY_INJECTION_LABEL, DATAPLANE_MODE_LABEL, leftOutBy];
  const labels = at("metadata", "labels").keys();
  const annotations = at("metadata", "annotations").keys();
  if (labels instanceof Unknown || annotations instanceof Unknown) return;
  const keys = [...(labels ?? []), ...(annotations ?? [])];
  if (decisions.some((decision) => keys.includes(decision))) return;
  yield `nothing says whether the namespace is in the mesh. Set ${at("metadata", "labels", REVISION_LABEL).path} to a revision of its cluster, or the label ${leftOutBy} where its pods are to have no sidecars.`;
}
