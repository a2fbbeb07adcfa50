import { EGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import { azureNative } from "../../model/azure/azureNative.ts";
import { isPatch, namespaces } from "../../model/kubernetes/objects.ts";
import { isSystemNamespace } from "../../model/kubernetes/systemNamespaces.ts";

/** A namespace that a program creates, and the place of its name. */
interface NamedNamespace extends Target {
  readonly place: Cursor;
}

const ofKubernetes: TargetKind<NamedNamespace> = {
  ...namespaces,
  in: (resource) =>
    namespaces
      .in(resource)
      .filter((namespace) => !isPatch(namespace))
      .map((namespace) => ({ ...namespace, place: namespace.at("metadata", "name") })),
};

const MANAGED = azureNative("containerservice", "ManagedNamespace");

/** A namespace that AKS creates and manages for the program. */
const ofAzure: TargetKind<NamedNamespace> = {
  type: "azure-native:containerservice:ManagedNamespace",
  matches: (type) => MANAGED.test(type),
  in: (resource) => [
    { resource, label: resource.inputs.owner, place: resource.inputs.at("managedNamespaceName") },
  ],
};

const PREFIX = /^(kube-|aks-istio-)/;

export const nsReservedPrefix = defineRule({
  name: "ns-reserved-prefix",
  displayName: "Names of namespaces do not begin with a reserved prefix",
  description:
    "No namespace of a program begins with kube-, which Kubernetes reserves for its system namespaces, or with aks-istio-, which AKS reserves for those of the add-on. AKS rejects managed namespaces with these prefixes, and a later version may create a namespace of the same name.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Choose another name. A namespace cannot be renamed, so move its objects to a new one.",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#working-with-namespaces",
  tags: ["ns"],
  about: anyOf(ofKubernetes, ofAzure),
  unknown: "nothing",
  *check({ place }): Iterable<Finding> {
    const name = place.text();
    if (name === undefined || name instanceof Unknown) return;
    const [, prefix] = PREFIX.exec(name) ?? [];
    // Namespaces of the system itself are the subject of other rules. The add-on's egress gateways run in the last one.
    if (prefix === undefined || isSystemNamespace(name) || name === EGRESS_NAMESPACE) return;
    const owner = prefix === "kube-" ? "Kubernetes reserves" : "AKS reserves for the Istio add-on";
    yield `${place.path} is ${name}, which begins with ${prefix}, a prefix that ${owner}. Choose another name.`;
  },
});
