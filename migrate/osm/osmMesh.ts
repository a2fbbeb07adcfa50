import type { Manifest } from "../../manifests/manifest.ts";
import { namespaceNameProblem } from "../../mesh/names.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { subjectOf } from "../report.ts";
import { whyUnread } from "./apis.ts";
import { grouped } from "./grouped.ts";
import { portsOf, serviceOf } from "./services.ts";
import type { Service, WorkloadPort } from "./services.ts";
import { workloadOf } from "./workloads.ts";
import type { Workload } from "./workloads.ts";

/** A mesh of Open Service Mesh, as manifests describe it. */
export interface OsmMesh {
  readonly manifests: readonly Manifest[];
  readonly namespaces: ReadonlyMap<string, Manifest>;
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  /** The ports on which the pods of each workload can be called. */
  readonly ports: ReadonlyMap<Workload, readonly WorkloadPort[]>;
  /** The objects of SMI and OSM that can be read, by kind. */
  readonly objects: ReadonlyMap<string, readonly Manifest[]>;
  /** The HTTPRouteGroups and TCPRoutes among them, as `TCPRoute shop/db`. */
  readonly routes: ReadonlyMap<string, Manifest>;
  /** The configuration of the mesh, if exactly one is among the manifests and can be read. */
  readonly config: Manifest | undefined;
  /** Whether OSM allows everything inside the mesh, and does not enforce TrafficTargets. */
  readonly isPermissive: boolean;
  /** The namespaces in the mesh, sorted. */
  readonly members: readonly string[];
}

const SMI = /^(access|specs|split)\.smi-spec\.io$/;

/**
 * The name of the only MeshConfig that OSM reads, in its own namespace.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/mesh_config/
 */
export const MESH_CONFIG = "osm-mesh-config";

/** The label of a namespace that OSM watches. Its value is the name of the mesh. */
export const MONITORED_BY = "openservicemesh.io/monitored-by";

export function osmMeshOf(manifests: readonly Manifest[]): OsmMesh {
  const objects = grouped(
    manifests.filter((one) => isOfOsm(one) && whyUnread(one) === undefined),
    ({ kind }) => kind,
  );
  const configs = manifests.filter((one) => isOfOsm(one) && isMeshConfig(one));
  const config = configs.length > 1 ? undefined : objects.get("MeshConfig")?.find(isMeshConfig);
  const namespaces = new Map(
    manifests
      .filter(({ kind, apiVersion }) => kind === "Namespace" && apiVersion === "v1")
      .map((one) => [one.name ?? "", one]),
  );
  const workloads = manifests.flatMap((one) => workloadOf(one) ?? []);
  const services = manifests.flatMap((one) => serviceOf(one) ?? []);
  return {
    ...{ manifests, namespaces, objects, config, workloads, services },
    ports: new Map(workloads.map((one) => [one, portsOf(one, services)])),
    routes: new Map(
      ["HTTPRouteGroup", "TCPRoute"]
        .flatMap((kind) => objects.get(kind) ?? [])
        .map((one) => [subjectOf({ ...one, namespace: one.namespace ?? "default" }), one]),
    ),
    isPermissive:
      valueAt(config?.object, "spec", "traffic", "enablePermissiveTrafficPolicyMode") === true,
    members: membersOf(manifests, namespaces),
  };
}

/** Those that have the label, and those that the policies of OSM are in or name: its CLI sets the label, too. */
function membersOf(
  manifests: readonly Manifest[],
  namespaces: ReadonlyMap<string, Manifest>,
): readonly string[] {
  const named = manifests.flatMap((manifest) => {
    if (!isPolicy(manifest)) return [];
    const { namespace = "default", object } = manifest;
    const sources = [valueAt(object, "spec", "sources") ?? valueAt(object, "sources")].flat();
    const accounts = [...sources, valueAt(object, "spec", "source")].filter(
      (source) => textAt(source, "kind") === "ServiceAccount",
    );
    return [namespace, ...accounts.flatMap((source) => textAt(source, "namespace") ?? [])];
  });
  const labelled = [...namespaces].flatMap(([name, { object }]) =>
    textAt(object, "metadata", "labels", MONITORED_BY) === undefined ? [] : [name],
  );
  return [...new Set([...named, ...labelled])]
    .filter((name) => namespaceNameProblem(name) === undefined)
    .sort();
}

function isMeshConfig({ kind, name }: Manifest): boolean {
  return kind === "MeshConfig" && name === MESH_CONFIG;
}

/** Whether an object is one of SMI or OSM that concerns workloads of its namespace. */
function isPolicy({ apiVersion }: Manifest): boolean {
  const group = groupOf(apiVersion);
  return SMI.test(group) || group === "policy.openservicemesh.io";
}

/** Whether an object belongs to SMI or OSM. */
export function isOfOsm({ apiVersion }: Manifest): boolean {
  return /(^|\.)(smi-spec|openservicemesh)\.io$/.test(groupOf(apiVersion));
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** The objects of a kind of SMI or OSM that can be read. */
export function objectsOf({ objects }: OsmMesh, kind: string): readonly Manifest[] {
  return objects.get(kind) ?? [];
}
