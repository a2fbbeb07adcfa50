import { sidecarInjection } from "../../../mesh/injection.ts";
import type { InjectingRevisions } from "../../../mesh/injection.ts";
import type { InjectionSubject } from "../../../mesh/istiodInjection.ts";
import {
  LEGACY_INJECTION_LABEL,
  REVISION_LABEL,
  SIDECAR_INJECT_LABEL,
} from "../../../mesh/names.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import { allUseAddon } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { containersOf } from "../kubernetes/containers.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { imageReference } from "../kubernetes/images.ts";
import type { KubernetesObject, Workload } from "../kubernetes/objects.ts";
import { namespaceOf } from "../kubernetes/objectNamespace.ts";
import { unseenSourcesClusterWide } from "../opaque.ts";
import type { Resource } from "../../engine/resource.ts";
import { revisionsOf, taggedRevision } from "./revisionLabel.ts";
import type { Stack } from "../../engine/stack.ts";

type Labels = Readonly<Record<string, string>>;
type Pod = InjectionSubject["pod"];

/** Whether the pods of a workload are in the mesh. */
export interface MeshMembership {
  /** Whether they get sidecars unless they opt out. */
  readonly belongs: boolean | Unknown;
  /** If they belong to the mesh but a label or annotation opts them out, the reason as a sentence. */
  readonly optOut: string | undefined;
  /** Whether they get sidecars as declared. */
  readonly injected: boolean | Unknown;
}

/** Labels or annotations that are set, with their values. */
export interface MeshLabels {
  readonly known: Labels;
  /** Set if there may be more. */
  readonly unknown: Unknown | undefined;
}

/** Replaces a value that is known only once it is deployed: a revision that runs by then. */
const KNOWN_LATER = "known only once it is deployed";

/** The tag that selects objects that name no revision. */
const DEFAULT_TAG = "default";

/** Whether a pod without mesh labels gets a sidecar in the namespace of the object. */
export function isInMesh(object: KubernetesObject, stack: Stack): boolean | Unknown {
  return injection(object, stack, { labels: {}, annotations: {}, hostNetwork: false }).injected;
}

/** Many rules ask for the membership of the same workload. */
const known = new WeakMap<Resource, Map<string, MeshMembership>>();

export function meshMembershipOf(workload: Workload, stack: Stack): MeshMembership {
  const ofResource = known.get(workload.resource) ?? new Map<string, MeshMembership>();
  const { path } = workload.template();
  const membership = ofResource.get(path) ?? determineMembership(workload, stack);
  known.set(workload.resource, ofResource.set(path, membership));
  return membership;
}

function determineMembership(workload: Workload, stack: Stack): MeshMembership {
  const { labels, annotations, hostNetwork } = podOf(workload);
  const { [SIDECAR_INJECT_LABEL]: inject, ...others } = labels;
  if (inject === "false" && onlyPauses(workload)) {
    return { belongs: false, optOut: undefined, injected: false };
  }
  const willing = inject === "false" ? others : labels;
  const onPodNetwork = { labels: willing, annotations: {}, hostNetwork: false };
  const belongs = injection(workload, stack, onPodNetwork).injected;
  if (belongs === false) return { belongs, optOut: undefined, injected: false };
  const optOut = injection(workload, stack, { labels, annotations, hostNetwork: false }).reason;
  return { belongs, optOut, injected: optOut === undefined && !hostNetwork && belongs };
}

/** The labels with which the namespace of an object joins a mesh; undefined if neither stack nor configuration shows it. */
export function meshLabelsOf(object: KubernetesObject, stack: Stack): MeshLabels | undefined {
  const { name = "", declared } = namespaceOf(object, stack);
  const { namespaces } = stack.scope;
  const elsewhere = Object.hasOwn(namespaces, name) ? namespaces[name] : undefined;
  if (elsewhere === undefined && declared.length === 0) return undefined;
  const here = declared.map(({ at }) =>
    marksAt(at("metadata", "labels"), [REVISION_LABEL, LEGACY_INJECTION_LABEL]),
  );
  const known = [
    ...(elsewhere === undefined ? [] : [[REVISION_LABEL, elsewhere] as const]),
    ...here.flatMap((labels) => Object.entries(labels.known)),
  ];
  return {
    known: Object.fromEntries(known),
    unknown: here.find(({ unknown }) => unknown !== undefined)?.unknown,
  };
}

/** The result of `mesh/injection.ts` for a pod in the namespace of the object. */
function injection(
  object: KubernetesObject,
  stack: Stack,
  pod: Pod,
): { readonly injected: boolean | Unknown; readonly reason: string | undefined } {
  const clusters = stack.clustersOf(object.resource);
  const addon = allUseAddon(clusters) ?? false;
  if (addon === false) return { injected: false, reason: undefined };
  const { known = {}, unknown } = meshLabelsOf(object, stack) ?? {};
  const open = known[REVISION_LABEL] === undefined ? unknown : undefined;
  const labels = open === undefined ? known : { ...known, [REVISION_LABEL]: KNOWN_LATER };
  const namespace = { name: namespaceOf(object, stack).name ?? "", labels };
  const wanted = [labels[REVISION_LABEL], pod.labels[REVISION_LABEL]].filter(
    (one) => one !== undefined,
  );
  const refusal = clusters
    .map((cluster) =>
      sidecarInjection({ namespace, pod }, runningOn(cluster, object, stack, wanted)),
    )
    .find(({ outcome }) => outcome !== "injected");
  if (refusal !== undefined) return { injected: false, reason: refusal.reason };
  return { injected: open ?? addon, reason: undefined };
}

/** The revisions of a cluster. If some are not known, it is assumed to run those wanted. Another rule checks that. */
function runningOn(
  cluster: Cluster,
  object: KubernetesObject,
  stack: Stack,
  wanted: readonly string[],
): InjectingRevisions {
  const given = revisionsOf(cluster, stack);
  const revisions = given === undefined || given instanceof Unknown ? [given] : given;
  const known = revisions.filter((revision) => typeof revision === "string");
  const unseenTags =
    wanted.some(mayBeTag) && stack.complete && unseenSourcesClusterWide(object, stack).length > 0;
  const assumed =
    known.length < revisions.length ? wanted : unseenTags ? wanted.filter(mayBeTag) : [];
  const tags = [...wanted, DEFAULT_TAG].flatMap((tag) => {
    const revision = taggedRevision(tag, cluster, stack);
    return revision === undefined ? [] : [[tag, textOf(revision)] as const];
  });
  return { revisions: [...known, ...assumed, KNOWN_LATER], tags: Object.fromEntries(tags) };
}

function mayBeTag(label: string): boolean {
  return !isMeshRevision(label);
}

/** Whether pods only pause, and so have no traffic to encrypt: they exist for their mounts. */
function onlyPauses(workload: Workload): boolean {
  const containers = containersOf(workload);
  if (containers instanceof Unknown || containers.length === 0) return false;
  return containers.every((container) => {
    const image = container.at("image").text();
    return typeof image === "string" && imageReference(image).name === "pause";
  });
}

/** A pod as injection sees it. Labels and annotations that are not known yet do not opt it out. */
function podOf({ template }: Workload): Pod {
  return {
    labels: marksAt(template("metadata", "labels"), [REVISION_LABEL, SIDECAR_INJECT_LABEL]).known,
    annotations: marksAt(template("metadata", "annotations"), [SIDECAR_INJECT_LABEL]).known,
    hostNetwork: template("spec", "hostNetwork").flag() === true,
  };
}

function marksAt(place: Cursor, names: readonly string[]): MeshLabels {
  const keys = place.keys();
  if (keys instanceof Unknown) return { known: {}, unknown: keys };
  const known = names.flatMap((name) => {
    const value = place.at(name).text();
    return value === undefined ? [] : [[name, textOf(value)] as const];
  });
  return { known: Object.fromEntries(known), unknown: undefined };
}

function textOf(value: string | Unknown): string {
  return value instanceof Unknown ? KNOWN_LATER : value;
}
