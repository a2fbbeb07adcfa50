import { OPERATOR_KINDS, isIstioGroup } from "../../../mesh/ownIstio.ts";
import { Unknown } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const definitions = kubernetesObjects("apiextensions.k8s.io/v1", "CustomResourceDefinition");

/** Resources that make an Istio operator install Istio. */
const orders = anyOf(
  kubernetesObjects("install.istio.io/*", ...OPERATOR_KINDS["install.istio.io"]),
  kubernetesObjects("sailoperator.io/*", ...OPERATOR_KINDS["sailoperator.io"]),
);

export const meshNoIstioOperatorOrCrds = defineRule({
  name: "mesh-no-istio-operator-or-crds",
  displayName: "Istio operator resources and CRDs are not created",
  description:
    "No operator resource, such as IstioOperator, and no Istio CRD is created on a cluster with the Istio add-on, which installs the CRDs that its revisions need.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the object from the program. Move the configuration of an IstioOperator to the shared ConfigMap of the revision and to serviceMeshProfile.istio.components. Leave CRDs that the cluster already has to the add-on: deleting a CRD deletes every resource of its kind.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: anyOf(orders, definitions),
  unknown: "violation",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () =>
      definitions.matches(object.resource.type)
        ? checkDefinition(object)
        : checkOperatorResource(object),
    );
  },
});

function* checkOperatorResource(object: KubernetesObject): Iterable<Finding> {
  const kind = object.label.slice(0, object.label.indexOf(" "));
  yield `${kind} makes an operator install Istio, but the cluster has the Istio add-on. Remove it.`;
}

function* checkDefinition(object: KubernetesObject): Iterable<Finding> {
  const place = object.at("spec", "group");
  const group = place.text();
  // The name of a definition ends in its group, which a patch may leave out.
  const called = object.name?.slice(object.name.indexOf(".") + 1);
  if (group instanceof Unknown) yield group;
  else if (isIstioGroup(group ?? called ?? "")) {
    const found = group === undefined ? object.at("metadata", "name").path : place.path;
    yield `${found} is ${group ?? object.name ?? ""}, but the add-on installs Istio's CRDs. Remove it.`;
  }
}
