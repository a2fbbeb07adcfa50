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
  displayName: "Every namespace is explicitly in or out of the mesh",
  description:
    "Every namespace on a cluster with the Istio add-on either has the label istio.io/rev or a label or annotation that marks it as intentionally outside the mesh: otherwise a reader cannot tell it from one that was forgotten.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set istio.io/rev to a revision of the cluster, or set the label or annotation that marks the namespace as intentionally outside the mesh.",
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
        "The label or annotation, with any value, that marks a namespace as intentionally outside the mesh.",
    },
  },
  *check(namespace, { config, stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace, config.leftOutBy));
  },
});

function* judged(namespace: KubernetesObject, leftOutBy: string): Iterable<Finding> {
  const { name, at } = namespace;
  if (isPatch(namespace) || isSystemNamespace(name ?? "")) return;
  // Labels that are wrong on such a cluster are decisions too. Other rules report them.
  const decisions = [REVISION_LABEL, LEGACY_INJECTION_LABEL, DATAPLANE_MODE_LABEL, leftOutBy];
  const labels = at("metadata", "labels").keys();
  const annotations = at("metadata", "annotations").keys();
  if (labels instanceof Unknown || annotations instanceof Unknown) return;
  const keys = [...(labels ?? []), ...(annotations ?? [])];
  if (decisions.some((decision) => keys.includes(decision))) return;
  yield `the namespace does not state whether it is in the mesh. Set ${at("metadata", "labels", REVISION_LABEL).path} to a revision of its cluster, or set the label ${leftOutBy} if its pods should have no sidecars.`;
}
