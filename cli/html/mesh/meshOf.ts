import type { PlannedPart } from "../../../check/context.ts";
import { plannedClusters } from "../../../check/plannedClusters.ts";
import type { PlannedCluster } from "../../../check/plannedClusters.ts";
import { sharedConfigMapName } from "../../../mesh/names.ts";
import { observedPhase } from "../../../mesh/observedPhase.ts";
import { REVISION_LABEL } from "../../../mesh/names.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import { labelOf } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import { ROOT_NAMESPACE } from "../../../operate/explain/request/objects.ts";
import type { Party } from "../../../operate/explain/request/request.ts";
import { peerModeOf } from "../../../operate/explain/request/peerMode.ts";
import { podsBehind } from "../../../operate/explain/request/service.ts";
import type { MeshService as KnownService } from "../../../operate/explain/request/service.ts";
import type { World } from "../../../operate/explain/request/world.ts";
import { MAX_CALLS, callersOf } from "./callers.ts";
import { expectedGateways } from "./expectedGateways.ts";
import { gatewayHosts } from "./gatewayHosts.ts";
import type { Mesh, MeshGateway, MeshNamespace, MeshService, Mode } from "./mesh.ts";
import { notShown } from "./notShown.ts";
import { objectsOf } from "./plannedObjects.ts";
import type { PlannedObject } from "./plannedObjects.ts";
import { plannedWorld } from "./plannedWorld.ts";
import { decidingLabel, sidecarIn } from "./sidecars.ts";
import type { Injecting } from "./sidecars.ts";
import { workloadsOf } from "./workloads.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** The meshes of a plan: one for each of its clusters, and one for objects on others. */
export function meshesOf(parts: readonly PlannedPart[]): readonly Mesh[] {
  const byUrn = new Map(parts.map((part) => [part.urn, part]));
  return plannedClusters(parts).map((cluster) => meshOf(cluster, objectsOf(cluster, byUrn)));
}

function meshOf(cluster: PlannedCluster, planned: readonly PlannedObject[]): Mesh {
  const { addon, revisions } = cluster;
  const injecting: Injecting = {
    addon: addon === undefined ? "unknown" : addon ? "yes" : "no",
    revisions,
  };
  const objects = planned.map(({ object }) => object);
  const urns = new Map(planned.map(({ object, urn }) => [labelOf(object), urn]));
  const urnOf = (label: string) => urns.get(label);
  const declared = new Map(
    objects
      .filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === "Namespace")
      .map((object) => [object.metadata.name, object]),
  );
  const workloads = workloadsOf(planned, declared, injecting);
  const expected = expectedGateways(cluster, objects);
  const world = plannedWorld(objects, [
    ...workloads.map(({ pod }) => pod),
    ...expected.map(({ party }) => party.pods).flat(),
  ]);
  const gateways: readonly MeshGateway[] = expected.map(({ name, direction, party }) => ({
    ...{ label: party.label, name, direction },
    hosts: direction === "egress" ? [] : gatewayHosts(party, world, urnOf),
  }));
  const namespaces = namespacesOf({ workloads, declared, world, injecting, urnOf });
  const labels = labelsOf([...declared.values()]);
  const configMaps = configMapsOf(objects);
  const known = revisions?.filter(isMeshRevision);
  const [only, ...others] = cluster.urns;
  return {
    name: cluster.label,
    urn: others.length === 0 ? only : undefined,
    addon: injecting.addon,
    revisions,
    phase: known && observedPhase({ revisions: known, configMaps, labels }),
    configMaps,
    mtls: modeOf(world, { namespace: ROOT_NAMESPACE, labels: {} }),
    gateways,
    namespaces,
    notShown: notShown(cluster, objects, gateways, world),
  };
}

interface Parts {
  readonly workloads: readonly PlannedWorkload[];
  readonly declared: ReadonlyMap<string, ClusterObject>;
  readonly world: World;
  readonly injecting: Injecting;
  readonly urnOf: (label: string) => string | undefined;
}

/** The namespaces that the plan contains, or that its workloads and services are in. */
function namespacesOf(parts: Parts): readonly MeshNamespace[] {
  const { workloads, declared, world, injecting, urnOf } = parts;
  const services = servicesOf(parts);
  const names = new Set([
    ...declared.keys(),
    ...workloads.map(({ shown }) => shown.namespace),
    ...services.map(({ namespace }) => namespace),
  ]);
  return [...names].sort().map((name) => {
    const object = declared.get(name);
    const label = object && decidingLabel(object);
    return {
      name,
      urn: object && urnOf(labelOf(object)),
      label,
      sidecar: sidecarIn(name, object, injecting),
      mtls: modeOf(world, { namespace: name, labels: {} }),
      workloads: workloads
        .filter(({ shown }) => shown.namespace === name)
        .map(({ shown, party }) => ({ ...shown, mtls: modeOf(world, party) })),
      services: services.filter(({ namespace }) => namespace === name),
    };
  });
}

function servicesOf({ workloads, world, urnOf }: Parts): readonly MeshService[] {
  const known = world.services.filter(({ object }) => object.kind === "Service");
  const ports = known.reduce((sum, service) => sum + service.ports.length, 0);
  const calls = ports * (workloads.length + 2);
  return known.map((service) => {
    const { object } = service;
    const label = labelOf(object);
    const servers = workloads.filter(({ pod }) => podsBehind(service, [pod]).length > 0);
    return {
      label,
      name: object.metadata.name,
      namespace: object.metadata.namespace ?? "",
      urn: urnOf(label),
      ports: service.ports.map(({ number, name }) => `${number}${name === "" ? "" : ` ${name}`}`),
      workloads: servers.map(({ shown }) => shown.label),
      ...(calls > MAX_CALLS
        ? tooMany(calls, service)
        : callersOf(service, workloads, servers, world)),
    };
  });
}

function tooMany(calls: number, { object }: KnownService): ReturnType<typeof callersOf> {
  const command = `aks-istio explain request FROM ${labelOf(object).replace("Service ", "")}`;
  return {
    ...{ anyInMesh: "unknown", anyOutside: "unknown", callers: [] },
    unknown: `${calls} pairs are too many to evaluate. Ask a cluster: ${command}.`,
  };
}

function modeOf(world: World, party: Pick<Party, "namespace" | "labels">): Mode {
  const policies = "security.istio.io/PeerAuthentication";
  if (world.state.notRead(policies) !== undefined) return "unknown";
  return peerModeOf(world.all(policies), party, undefined).mode;
}

/** The revisions that namespaces name. */
function labelsOf(namespaces: readonly ClusterObject[]): Readonly<Record<string, MeshRevision>> {
  return Object.fromEntries(
    namespaces.flatMap(({ metadata: { name, labels } }) => {
      const label = labels?.[REVISION_LABEL];
      return label !== undefined && isMeshRevision(label) ? [[name, label] as const] : [];
    }),
  );
}

/** The revisions that have a shared ConfigMap. */
function configMapsOf(objects: readonly ClusterObject[]): readonly MeshRevision[] {
  const start = sharedConfigMapName("" as MeshRevision);
  return objects
    .filter(({ apiVersion, kind, metadata: { namespace } }) => {
      return nameOf(apiVersion, kind) === "ConfigMap" && namespace === ROOT_NAMESPACE;
    })
    .flatMap(({ metadata: { name } }) => {
      const revision = name.startsWith(start) ? name.slice(start.length) : "";
      return isMeshRevision(revision) ? [revision] : [];
    })
    .sort();
}
