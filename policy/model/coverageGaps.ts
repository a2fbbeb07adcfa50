import { allUseAddon } from "./azure/cluster.ts";
import { fluxConfigurations } from "./flux/flux.ts";
import { fluxClusters } from "./flux/fluxClusters.ts";
import { namespaceGaps } from "./istio/namespaceGaps.ts";
import { opaque } from "./opaque.ts";
import type { Opaque } from "./opaque.ts";
import { labelOf } from "../engine/resource.ts";
import type { Resource } from "../engine/resource.ts";
import { someOf } from "../engine/unjudged.ts";
import type { Gap } from "../engine/unjudged.ts";
import type { Landing, CompleteStack } from "../engine/completeStack.ts";

/** Resources that create Kubernetes objects as their children in a preview that expands them. */
const EXPANDED =
  /^kubernetes:(?:yaml(?:\/v2)?:Config(?:File|Group)|kustomize(?:\/v2)?:Directory|helm\.sh\/v[34]:Chart)$/;

/** What the rules do not see, or see without knowing its cluster or its namespace. */
export function coverageGaps(stack: CompleteStack): readonly Gap[] {
  return [
    ...clusterGaps(stack),
    ...namespaceGaps(stack),
    ...sourceGaps(stack),
    ...azureGaps(stack),
  ];
}

/** Resources that may create or change AKS clusters in a form that the rules do not read. */
const OTHER_AZURE =
  /^(?:azure-native:resources(?:\/v\d+\w*)?:Deployment(?:AtSubscriptionScope|AtManagementGroupScope)?|azapi:.*|azurerm:.*:KubernetesCluster\w*)$/;

function* azureGaps(stack: CompleteStack): Iterable<Gap> {
  const kinds = new Map<string, Resource[]>();
  for (const resource of stack.declared({ matches: (type) => OTHER_AZURE.test(type) })) {
    kinds.set(resource.type, [...(kinds.get(resource.type) ?? []), resource]);
  }
  for (const resources of kinds.values()) {
    const [first] = resources;
    if (first === undefined) continue;
    const labels = resources.map(({ type, name }) => labelOf(type, name));
    yield {
      resource: first,
      message: `${someOf(labels)}: may create or change clusters in a form that the rules do not read. Declare clusters with azure-native or azure, or exempt the resource if it creates none.`,
    };
  }
}

/** Kubernetes objects whose cluster is not known, once for each provider. */
function* clusterGaps(stack: CompleteStack): Iterable<Gap> {
  const byProvider = new Map<string, Resource[]>();
  for (const resource of stack.declared({ matches: (type) => type.startsWith("kubernetes:") })) {
    const urn = resource.provider?.urn;
    if (urn !== undefined) byProvider.set(urn, [...(byProvider.get(urn) ?? []), resource]);
  }
  for (const [urn, resources] of byProvider) {
    const [first] = resources;
    if (first?.provider === undefined) continue;
    const landing = stack.landingOf(first);
    if (landing.doubt === undefined) continue;
    const flux = stack.declared(fluxConfigurations).find((one) => one.urn === urn);
    if (flux !== undefined) {
      yield {
        resource: flux,
        message: `${labelOf(flux.type, flux.name)}: ${unsettled(resources, landing, "Take its clusterName from the cluster.")}`,
      };
      continue;
    }
    const { name } = first.provider;
    const provider = { ...first, urn, name, type: "pulumi:providers:kubernetes" };
    yield {
      resource: stack.has(urn) ? provider : { ...provider, urn: first.urn },
      message: `Provider "${name}": ${unsettled(resources, landing, "Make the provider depend on its cluster (dependsOn).")}`,
    };
  }
}

/** @param distinguish how to say which of several clusters is meant */
function unsettled(
  resources: readonly Resource[],
  { doubt, candidates, evidence }: Landing,
  distinguish: string,
): string {
  const many = resources.length !== 1;
  const labels = resources.map(({ type, name }) => labelOf(type, name));
  const what = `${resources.length} ${many ? "objects" : "object"} (${someOf(labels)}) ${many ? "go" : "goes"}`;
  const where =
    doubt === "elsewhere"
      ? "to a cluster that the program does not create, and whether it has the Istio add-on is not known"
      : `to one of ${candidates.map(({ label }) => label).join(" and ")}, which cannot be distinguished before they exist, and not all of them have the Istio add-on`;
  const result =
    evidence === undefined
      ? "The mesh rules do not judge them."
      : `The rules judge them as objects on a mesh, because ${evidence} has the label of a revision of the add-on.`;
  const fix =
    doubt === "elsewhere"
      ? "Set clusterUsesAddon of mesh-scope in the policy configuration to true, with the cluster's revisions, or to false if it does not have the add-on."
      : distinguish;
  return `${what} ${where}. ${result} ${fix}`;
}

/** Resources that create objects that the preview does not show, once for each kind. */
function* sourceGaps(stack: CompleteStack): Iterable<Gap> {
  const kinds = new Map<string, Opaque[]>();
  for (const maker of opaque(stack)) {
    const { type } = maker.resource;
    if (!mayJoinMesh(maker.resource, stack)) continue;
    kinds.set(type, [...(kinds.get(type) ?? []), maker]);
  }
  for (const [type, unsorted] of kinds) {
    // The engine registers resources in any order that their dependencies allow.
    const makers = unsorted.toSorted((a, b) => (a.resource.urn < b.resource.urn ? -1 : 1));
    const [first] = makers;
    if (first === undefined) continue;
    const made = EXPANDED.test(type)
      ? "creates objects that this preview does not show, so no rule judges them. A preview with the Pulumi CLI and this pack does."
      : "applies objects that no rule sees. Check them where they are rendered.";
    yield {
      resource: first.resource,
      message: `${someOf(makers.map(({ label }) => label))}: ${made}`,
    };
  }
}

/** Whether its objects may go to a cluster with the mesh. */
function mayJoinMesh(resource: Resource, stack: CompleteStack): boolean {
  return allUseAddon(fluxClusters(resource, stack) ?? stack.clustersOf(resource)) !== false;
}
