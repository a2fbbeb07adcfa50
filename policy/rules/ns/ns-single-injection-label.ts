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

const INJECTION_LABELS: readonly string[] = [
  REVISION_LABEL,
  LEGACY_INJECTION_LABEL,
  DATAPLANE_MODE_LABEL,
];

export const nsSingleInjectionLabel = defineRule({
  name: "ns-single-injection-label",
  displayName: "A single label controls injection",
  description:
    "A namespace on a cluster with the Istio add-on has at most one of the labels istio.io/rev, istio-injection and istio.io/dataplane-mode: a second one overrides it or misleads readers.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "If the pods should have sidecars, keep only istio.io/rev. If not, remove all of these labels.",
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
  const found = INJECTION_LABELS.filter((label) => keys.includes(label));
  if (found.length < 2) return;
  const named = found.map((label) => labels.at(label).path).join(" and ");
  const keep = found.includes(REVISION_LABEL)
    ? `Keep only ${REVISION_LABEL} if the pods should have sidecars, or remove all of them`
    : `Remove ${found.length === 2 ? "both" : "all"}, and set ${REVISION_LABEL} if the pods should have sidecars`;
  yield `${named} are set, but only one label may control injection. ${keep}.`;
}
