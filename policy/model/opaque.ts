import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { helmReleases } from "./kubernetes/charts.ts";
import { AksCluster } from "./azure/cluster.ts";
import { mayBelongTo } from "./azure/clusterParts.ts";
import { Unknown } from "../engine/cursor.ts";
import type { Cursor, Read } from "../engine/cursor.ts";
import { fluxConfigurations, fluxKustomizations } from "./flux/flux.ts";
import { grouped } from "../engine/grouping.ts";
import type { Groupings } from "../engine/grouping.ts";
import { isPatch, kubernetesObjects, namespaces } from "./kubernetes/objects.ts";
import type { KubernetesObject } from "./kubernetes/objects.ts";
import { nameOf } from "./istio/meshNamespaces.ts";
import { namespaceAt, namespaceOf, onOneCluster } from "./kubernetes/objectNamespace.ts";
import { anyOf } from "../engine/resource.ts";
import type { Resource, TargetKind, Target } from "../engine/resource.ts";
import { NotJudged } from "../engine/finding.ts";
import type { Stack } from "../engine/stack.ts";
import { someOf } from "../engine/unjudged.ts";

/** Where objects that the stack does not show may be. */
interface Reach {
  /** The only namespace that they may be in; undefined if they may be in any. */
  readonly namespace: string | undefined;
  /** Whether some of them may be cluster-scoped and affect the mesh. */
  readonly clusterWide: boolean;
  /** Whether they may be on a cluster other than that of their source. */
  readonly otherClusters: boolean;
}

/** A resource that creates Kubernetes objects that the stack does not show. */
export interface Opaque extends Target {
  reach(stack: Stack): Reach;
}

const ANYWHERE: Reach = { namespace: undefined, clusterWide: true, otherClusters: false };

/** Files that the Kubernetes provider expands, in both generations. */
const files = made(
  /^kubernetes:(?:yaml(?:\/v2)?:Config(?:File|Group)|kustomize(?:\/v2)?:Directory)$/,
  () => ANYWHERE,
);

/** A List of any objects, which the API server rejects and the rules do not read. */
const lists = made(/^kubernetes:(?:core\/)?v1:List$/, () => ANYWHERE);

/** Pulumi's charts: Release, and both generations of Chart. */
const pulumiCharts = made(/^kubernetes:helm\.sh\/v[34]:(?:Release|Chart)$/, (resource, stack) => {
  const { inputs } = resource;
  const ofTeam = inputs.at("path").read() !== undefined || isPath(inputs.at("chart").text());
  return ofChart(namespaceAt(inputs.at("namespace"), resource, stack).name, ofTeam);
});

const fluxCharts = objects(helmReleases, (release, stack) => {
  const { at } = release;
  const own = at("spec", "targetNamespace").text() ?? namespaceOf(release, stack).name;
  const source = at("spec", "chart", "spec", "sourceRef", "kind").text();
  return {
    ...ofChart(own instanceof Unknown ? undefined : own, source === "GitRepository"),
    otherClusters: at("spec", "kubeConfig").read() !== undefined,
  };
});

const fluxSteps = objects(fluxKustomizations, ({ at }) => ({
  namespace: known(at("spec", "targetNamespace")),
  clusterWide: true,
  otherClusters: at("spec", "kubeConfig").read() !== undefined,
}));

const fluxOfAzure: TargetKind<Opaque> = {
  ...fluxConfigurations,
  in: (resource) =>
    fluxConfigurations.in(resource).map((flux) => ({
      resource,
      label: flux.label,
      reach: () => ({
        ...ANYWHERE,
        namespace:
          flux.at("scope").text() === "namespace" ? known(flux.at("namespace")) : undefined,
      }),
    })),
};

/** Argo CD's names for the cluster that it runs on. */
const IN_CLUSTER = [undefined, "https://kubernetes.default.svc", "in-cluster"];

const argoApplications = objects(
  kubernetesObjects("argoproj.io/*", "Application", "ApplicationSet"),
  ({ at, resource }) => {
    const destination = at("spec", "destination");
    const isChart = at("spec", "source", "chart").read() !== undefined;
    const cluster = destination.at("server").text() ?? destination.at("name").text();
    return {
      ...(isChart ? ofChart(known(destination.at("namespace")), false) : ANYWHERE),
      otherClusters:
        resource.type.endsWith("ApplicationSet") ||
        cluster instanceof Unknown ||
        !IN_CLUSTER.includes(cluster),
    };
  },
);

/** Every kind of resource that may create objects that the stack does not show. */
const makers = anyOf(
  files,
  lists,
  pulumiCharts,
  fluxCharts,
  fluxSteps,
  fluxOfAzure,
  argoApplications,
);

/** The resources of the stack that create objects that it does not show, without components that show their parts. */
export function opaque(stack: Stack): readonly Opaque[] {
  return stack
    .all(makers)
    .filter(({ resource }) => !stack.showsParts(resource) && !listsParts(resource));
}

/** Whether a component of the Kubernetes provider lists its parts. One that has none is not opaque either. */
function listsParts({ outputs }: Resource): boolean {
  return Array.isArray(outputs?.at("resources").read());
}

/**
 * Resources that may create an object that the stack does not show, on the cluster of a given one and in one of some
 * namespaces; in any namespace if one of them is not known. A rule must call this before it reports that an object is
 * missing, and yield `inDoubt` if there are any.
 *
 * For objects that other stacks create, see `ownsNamespace`.
 */
export function unseenSources(
  beside: Target,
  namespaces: readonly (string | undefined)[],
  stack: Stack,
): readonly Opaque[] {
  return sources(
    beside,
    ({ namespace: only }) =>
      only === undefined || namespaces.includes(undefined) || namespaces.includes(only),
    stack,
  );
}

/** The same for a cluster-scoped object. */
export function unseenSourcesClusterWide(beside: Target, stack: Stack): readonly Opaque[] {
  return sources(beside, ({ clusterWide }) => clusterWide, stack);
}

function sources(
  beside: Target,
  reaches: (reach: Reach) => boolean,
  stack: Stack,
): readonly Opaque[] {
  return opaque(stack).filter((maker) => {
    const reach = maker.reach(stack);
    return reaches(reach) && (reach.otherClusters || mayShareCluster(maker, beside, stack));
  });
}

/**
 * Replaces a violation that an unseen object may disprove.
 *
 * @param object the object that may exist, with its article
 * @param answer how to settle it, in one or more sentences
 */
export function inDoubt(from: readonly Opaque[], object: string, answer: string): NotJudged {
  return new NotJudged(
    `the stack does not show ${object}, but ${someOf(from.map(({ label }) => label))} may create it. ${answer}`,
  );
}

const namespacesByName: Groupings<KubernetesObject> = new WeakMap();

/** Whether the stack creates a namespace itself, so other stacks are assumed to create nothing in it. */
export function ownsNamespace(beside: Target, namespace: string, stack: Stack): boolean {
  const called = grouped(stack.all(namespaces), namespacesByName, nameOf).get(namespace) ?? [];
  return called.some((one) => !isPatch(one) && onOneCluster(one, beside, stack));
}

/** A Flux configuration of Azure names its cluster. For everything else, the Kubernetes provider does. */
function mayShareCluster(maker: Target, beside: Target, stack: Stack): boolean {
  if (!fluxConfigurations.matches(maker.resource.type)) return onOneCluster(maker, beside, stack);
  return stack
    .clustersOf(beside.resource)
    .some((one) => !(one instanceof AksCluster) || mayBelongTo(one, maker.resource, stack));
}

/**
 * A chart's namespaced objects are in its namespace. A team's own chart may also create cluster-scoped objects of the
 * mesh, such as the webhook of a revision tag. A published chart does not, unless it is part of a control plane.
 */
function ofChart(namespace: string | undefined, ofTeam: boolean): Reach {
  const clusterWide = ofTeam || namespace === undefined || namespace === CONTROL_PLANE_NAMESPACE;
  return { namespace, clusterWide, otherClusters: false };
}

function isPath(chart: Read<string>): boolean {
  return chart instanceof Unknown || /^[./]/.test(chart ?? "");
}

function known(place: Cursor): string | undefined {
  const text = place.text();
  return text instanceof Unknown ? undefined : text;
}

function made(
  type: RegExp,
  reach: (resource: Resource, stack: Stack) => Reach,
): TargetKind<Opaque> {
  return {
    type: "kubernetes:yaml/v2:ConfigGroup",
    matches: (one) => type.test(one),
    in: (resource) => [
      { resource, label: resource.inputs.owner, reach: (stack) => reach(resource, stack) },
    ],
  };
}

function objects(
  subject: TargetKind<KubernetesObject>,
  reach: (object: KubernetesObject, stack: Stack) => Reach,
): TargetKind<Opaque> {
  return {
    ...subject,
    in: (resource) =>
      subject.in(resource).map((object) => ({
        resource,
        label: object.label,
        reach: (stack) => reach(object, stack),
      })),
  };
}
