import type { PlannedPart } from "../../check/context.ts";
import { isRecord } from "../../manifests/manifest.ts";
import { isUnknownText } from "../../manifests/unknownText.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";

/** What a plan says of the cluster and the objects on it. */
export interface Planned {
  readonly objects: readonly ClusterObject[];
  /** The revisions of the planned cluster; undefined if no resource says. */
  readonly revisions: readonly string[] | undefined;
}

const KUBERNETES = /^kubernetes:([^:]+):([^:]+)$/;
const CLUSTER = /^azure-native:containerservice(\/v[^:]+)?:ManagedCluster$/;

/** The Kubernetes objects and the mesh of a plan. */
export function plannedObjects(parts: readonly PlannedPart[]): Planned {
  const objects = parts.flatMap((part) => plannedObject(part) ?? []);
  const revisions = parts
    .filter(({ type }) => CLUSTER.test(type))
    .map(({ inputs }) => listAt(inputs, "serviceMeshProfile", "istio", "revisions").map(String))
    .find((list) => list.length > 0 && !list.some(isUnknownText));
  return { objects, revisions };
}

/**
 * The Kubernetes object of a resource; undefined if it is none, or only a patch of one. An object with an unknown name
 * has that of its resource.
 */
export function plannedObject({ type, urn, inputs }: PlannedPart): ClusterObject | undefined {
  const [, group = "", kind = ""] = KUBERNETES.exec(type) ?? [];
  if (kind === "" || kind.endsWith("Patch")) return undefined;
  const metadata = readableMetadata(valueAt(inputs, "metadata"));
  const { name } = metadata;
  const known = name === undefined || isUnknownText(name) ? (urn.split("::").at(-1) ?? "") : name;
  const apiVersion = textAt(inputs, "apiVersion") ?? group.replace(/^core\//, "");
  return {
    ...inputs,
    apiVersion,
    kind: textAt(inputs, "kind") ?? kind,
    metadata: { ...metadata, name: known },
  };
}

const TEXTS = ["name", "namespace"] as const;
const MAPS = ["labels", "annotations"] as const;

/** The metadata as an API server returns it. A plan may also have what a server rejects, and null, which is nothing. */
function readableMetadata(metadata: unknown): Partial<ClusterObject["metadata"]> {
  const fields = [
    ...TEXTS.map((field) => [field, textAt(metadata, field)] as const),
    ...MAPS.map((field) => [field, textsIn(valueAt(metadata, field))] as const),
  ];
  return Object.fromEntries<unknown>(fields.filter(([, value]) => value !== undefined));
}

function textsIn(map: unknown): Readonly<Record<string, string>> | undefined {
  // Any label may be in a map that is not known, also the one that decides.
  if (typeof map === "string" && isUnknownText(map)) return { [REVISION_LABEL]: map };
  if (!isRecord(map)) return undefined;
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, value] as const] : [],
    ),
  );
}
