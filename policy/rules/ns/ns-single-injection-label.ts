import {
  DATAPLANE_MODE_LABEL,
  LEGACY_INJECTION_LABEL,
  REVISION_LABEL,
} from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const CHOOSING: readonly string[] = [REVISION_LABEL, LEGACY_INJECTION_LABEL, DATAPLANE_MODE_LABEL];

export const nsSingleInjectionLabel = defineRule({
  name: "ns-single-injection-label",
  displayName: "A single label controls injection",
  description:
    "A namespace on a cluster with the Istio add-on has at most one of the labels istio.io/rev, istio-injection and istio.io/dataplane-mode: the others override it, and mislead readers.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Keep istio.io/rev where pods are to have sidecars, and no label where they are not.",
  url: "https://istio.io/latest/docs/reference/config/analysis/ist0123/",
  tags: ["ns", "Istio:IST0123"],
  about: namespaces,
  unknown: "violation",
  wholeStack: true,
  *check(namespace, { stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace));
  },
});

function* judged({ at }: KubernetesObject): Iterable<Finding> {
  const labels = at("metadata", "labels");
  const keys = labels.keys();
  if (keys instanceof Unknown) yield keys;
  if (keys === undefined || keys instanceof Unknown) return;
  const found = CHOOSING.filter((label) => keys.includes(label));
  if (found.length < 2) return;
  const named = found.map((label) => labels.at(label).path).join(" and ");
  const keep = found.includes(REVISION_LABEL)
    ? `Keep ${REVISION_LABEL} if its pods are to have sidecars, and none otherwise`
    : `Remove ${found.length === 2 ? "both" : "all"}, and set ${REVISION_LABEL} if its pods are to have sidecars`;
  yield `${named} are set, and each of them decides about the mesh by itself. ${keep}.`;
}
