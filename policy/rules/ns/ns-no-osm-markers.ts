import { REVISION_LABEL } from "../../../mesh/names.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/** `openservicemesh.io/monitored-by`, `…/sidecar-injection`, `…/metrics` and the rest. */
const PREFIX = "openservicemesh.io/";

export const nsNoOsmMarkers = defineRule({
  name: "ns-no-osm-markers",
  displayName: "Namespaces in the mesh have no Open Service Mesh labels or annotations",
  description:
    "No namespace in the Istio add-on's mesh has Open Service Mesh labels or annotations, which have no effect there.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Once the namespace has istio.io/rev, remove the labels and annotations openservicemesh.io/*, and restart its workloads.",
  url: "https://learn.microsoft.com/azure/aks/open-service-mesh-istio-migration-guidance",
  tags: ["ns"],
  about: namespaces,
  unknown: "unjudged",
  wholeStack: true,
  *check(namespace, { stack }) {
    yield* onAddonClusters(namespace, stack, () => judged(namespace));
  },
  // AKS does not run Open Service Mesh together with the add-on, so nothing else reads them.
  remediate(namespace, { stack }) {
    if (allUseAddon(stack.clustersOf(namespace.resource)) !== true) return false;
    const marks = marksOf(namespace);
    if (!isInMesh(namespace) || marks instanceof Unknown) return false;
    for (const mark of marks) mark.remove();
    return marks.length > 0;
  },
});

function* judged(namespace: KubernetesObject): Iterable<Finding> {
  const marks = marksOf(namespace);
  if (marks instanceof Unknown) yield marks;
  else if (marks.length > 0 && isInMesh(namespace)) {
    const paths = marks.map(({ path }) => path).join(" and ");
    yield `${paths} ${marks.length === 1 ? "belongs" : "belong"} to Open Service Mesh, but the namespace is in the mesh of the Istio add-on. Remove ${marks.length === 1 ? "it" : "them"}.`;
  }
}

function isInMesh({ at }: KubernetesObject): boolean {
  return at("metadata", "labels", REVISION_LABEL).read() !== undefined;
}

/** The Open Service Mesh labels and annotations of a namespace. */
function marksOf({ at }: KubernetesObject): readonly Cursor[] | Unknown {
  const marks: Cursor[] = [];
  for (const place of [at("metadata", "labels"), at("metadata", "annotations")]) {
    const keys = place.keys();
    if (keys instanceof Unknown) return keys;
    const own = (keys ?? []).filter((key) => key.startsWith(PREFIX));
    marks.push(...own.map((key) => place.at(key)));
  }
  return marks;
}
