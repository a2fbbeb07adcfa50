import { Unknown } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const definitions = kubernetesObjects("apiextensions.k8s.io/v1", "CustomResourceDefinition");

/** What the operators of Istio take as an order to install it. @see https://github.com/istio-ecosystem/sail-operator */
const orders = anyOf(
  kubernetesObjects("install.istio.io/*", "IstioOperator"),
  kubernetesObjects(
    "sailoperator.io/*",
    "Istio",
    "IstioRevision",
    "IstioRevisionTag",
    "IstioCNI",
    "ZTunnel",
  ),
);

export const meshNoIstioOperatorOrCrds = defineRule({
  name: "mesh-no-istio-operator-or-crds",
  displayName: "No Istio operator or CRDs beside the add-on",
  description:
    "No IstioOperator and no Istio CRDs are created on a cluster with the Istio add-on, which installs the CRDs that its revisions need.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the object. Move what an IstioOperator configures to the shared ConfigMap of the revision and to serviceMeshProfile.istio.components, and leave the CRDs to the add-on: who removes them removes every resource of their kinds.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: anyOf(orders, definitions),
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () =>
      definitions.matches(object.resource.type) ? definition(object) : order(object),
    );
  },
});

function* order(object: KubernetesObject): Iterable<Finding> {
  const kind = object.label.slice(0, object.label.indexOf(" "));
  yield `${kind} asks an operator for an Istio, and the cluster has the add-on's. Remove it.`;
}

function* definition(object: KubernetesObject): Iterable<Finding> {
  const place = object.at("spec", "group");
  const group = place.text();
  // A definition is called after its kind and its group, also where only a patch of it names neither.
  const called = object.name?.slice(object.name.indexOf(".") + 1);
  if (group instanceof Unknown) yield group;
  else if (isIstios(group ?? called ?? "")) {
    const found = group === undefined ? object.at("metadata", "name").path : place.path;
    yield `${found} is ${group ?? object.name ?? ""}, one of Istio's, whose CRDs the add-on brings. Remove it.`;
  }
}

function isIstios(group: string): boolean {
  return /(?:^|\.)istio\.io$/.test(group);
}
