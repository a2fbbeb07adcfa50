import {
  isReadBy,
  managedGatewayApi,
  readFrom,
  servedFrom,
  servedVersion,
} from "../../../mesh/gatewayApi.ts";
import { kubernetesMinor, revisionStatus } from "../../../mesh/catalog.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { revisionsOf } from "../../model/istio/revisionLabel.ts";
import { GATEWAY_API, isMeshGateway, routes, typeOf } from "../../model/kubernetes/gatewayApi.ts";
import { gateways, kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { itemsOf } from "../../model/knownParts.ts";

/** The version from which every bundle serves the oldest kinds, so that no cluster lacks them. */
const ALWAYS = "1.26";

/** The first revision that supports the Gateway API. */
const OLDEST = "asm-1-26";

const definitions = kubernetesObjects("apiextensions.k8s.io/*", "CustomResourceDefinition");

export const gatewayapiKindsRead = defineRule({
  name: "gatewayapi-kinds-read",
  displayName: "Gateway API objects are served and read",
  description:
    "Gateway API objects are of kinds that AKS serves on the cluster's Kubernetes version, and that istiod of its revision reads. The API server rejects other kinds, or istiod ignores them without an error.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Use the API version that the message names, upgrade the cluster or the mesh, or use an HTTPRoute. Without the managed Gateway API, install definitions that contain the kind.",
  url: "https://learn.microsoft.com/azure/aks/managed-gateway-api#supported-kubernetes-versions-for-gateway-api-bundle-versions",
  tags: ["gatewayapi", "Istio:IST0176"],
  about: anyOf(
    gateways,
    routes,
    kubernetesObjects(`${GATEWAY_API}/*`, "ReferenceGrant", "ListenerSet", "BackendTLSPolicy"),
  ),
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    // The stack may install definitions of its own, which are registered in any order.
    if (!stack.complete || isOfOtherClass(object)) return;
    yield* onAddonClusters(object, stack, () => judged(object, stack));
  },
});

function isOfOtherClass(object: KubernetesObject): boolean {
  return gateways.matches(object.resource.type) && !isMeshGateway(object);
}

function* judged(object: KubernetesObject, stack: Stack): Iterable<Finding> {
  for (const cluster of stack.clustersOf(object.resource)) {
    const unserved = [...checkServed(object, cluster, stack)];
    yield* unserved.length > 0 ? unserved : checkRead(object, cluster, stack);
  }
}

/** Reports a kind that the managed Gateway API of the cluster lacks. */
function* checkServed(object: KubernetesObject, cluster: Cluster, stack: Stack): Iterable<Finding> {
  const { kind, version } = typeOf(object);
  if (isDefinedBy(stack, kind)) return;
  const written = `it is a ${kind} of ${GATEWAY_API}/${version}`;
  const from = servedFrom(kind, version);
  if (from === undefined) {
    const right = servedVersion(kind) ?? "";
    yield `${written}, which the managed Gateway API of AKS never serves. Use ${GATEWAY_API}/${right}, which AKS serves from Kubernetes ${servedFrom(kind, right) ?? ""} on.`;
    return;
  }
  if (from === ALWAYS) return;
  const kubernetes = cluster.kubernetesVersion;
  if (kubernetes instanceof Unknown) yield kubernetes;
  else if (kubernetesMinor(kubernetes) === undefined) {
    yield new NotJudged(
      `${written}, which AKS serves from Kubernetes ${from} on, and the Kubernetes version of ${cluster.label} is not known. Set its kubernetesVersion.`,
    );
  } else if ((kubernetesMinor(kubernetes) ?? 0) < (kubernetesMinor(from) ?? 0)) {
    const bundle = managedGatewayApi(kubernetes ?? "") ?? "";
    const other = otherVersion(kind, version);
    const upgrade = `pgrade the cluster to Kubernetes ${from}.`;
    const fix = other === undefined ? `U${upgrade}` : `Use ${GATEWAY_API}/${other}, or u${upgrade}`;
    yield `${written}, but on Kubernetes ${kubernetes ?? ""} AKS installs the Gateway API ${bundle}, which does not serve it, so the API server rejects the object. ${fix}`;
  }
}

/** A version of the kind that every cluster serves. */
function otherVersion(kind: string, version: string): string | undefined {
  const served = servedVersion(kind);
  return served === undefined || served === version || servedFrom(kind, served) !== ALWAYS
    ? undefined
    : served;
}

/** Whether the stack installs definitions of its own, so AKS does not manage them. */
function isDefinedBy(stack: Stack, kind: string): boolean {
  const name = `${kind.toLowerCase().replace(/y$/, "ie")}s.${GATEWAY_API}`;
  return stack.all(definitions).some((definition) => definition.name === name);
}

/** Reports a kind, or a protocol of a listener, that no revision of the cluster reads. */
function* checkRead(object: KubernetesObject, cluster: Cluster, stack: Stack): Iterable<Finding> {
  const { kind } = typeOf(object);
  yield* checkRevisions(
    readFrom("kinds", kind),
    { what: `${kind}s`, then: "so it has no effect" },
    cluster,
    stack,
  );
  if (!gateways.matches(object.resource.type)) return;
  for (const listener of itemsOf(object.at("spec", "listeners"))) {
    const place = listener.at("protocol");
    const protocol = place.text();
    if (protocol instanceof Unknown) yield protocol;
    if (protocol === undefined || protocol instanceof Unknown) continue;
    yield* checkRevisions(
      readFrom("protocols", protocol),
      { what: `listeners with ${place.path} ${protocol}`, then: "so nothing listens" },
      cluster,
      stack,
    );
  }
}

function* checkRevisions(
  from: ReturnType<typeof readFrom>,
  { what, then }: { readonly what: string; readonly then: string },
  cluster: Cluster,
  stack: Stack,
): Iterable<Finding> {
  if (from === undefined) return;
  if (from === "never") {
    yield `no revision of the add-on accepts ${what}, ${then}. Use another protocol.`;
    return;
  }
  const revisions = revisionsOf(cluster, stack);
  const all = revisions === undefined || revisions instanceof Unknown ? [revisions] : revisions;
  const known = all.filter((one) => typeof one === "string").filter(isMeshRevision);
  if (known.some((revision) => isReadBy(from, revision))) return;
  if (known.length < all.length) {
    // AKS no longer offers the revisions that lack the oldest kinds.
    if (from === OLDEST) return;
    const unknown = all.find((one) => one instanceof Unknown);
    yield (
      unknown ??
      new NotJudged(
        `${what} require ${from} or later, and the revisions of ${cluster.label} are not known. Set them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack's configuration.`,
      )
    );
  } else {
    const offered = revisionStatus(from) === "known" ? "" : ", once AKS offers it";
    yield `${known.join(" and ")} of ${cluster.label} ${known.length === 1 ? "does" : "do"} not accept ${what}, ${then}. Upgrade the mesh to ${from} or later${offered}.`;
  }
}
