import type { Manifest } from "../../manifests/manifest.ts";
import { labelOf } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { merged, subjectOf } from "../report.ts";
import type { Entry, MigrationReport } from "../report.ts";
import { authorizationOf } from "./authorization.ts";
import { egressOf } from "./egress.ts";
import { externalAuthorizationOf } from "./externalAuthorization.ts";
import { ingressOf } from "./ingressBackends.ts";
import { meshConfigOf } from "./meshConfig.ts";
import { namespacePolicies } from "./namespacePolicies.ts";
import { namespacesOf } from "./namespaces.ts";
import { isOfOsm, osmMeshOf } from "./osmMesh.ts";
import { istioEntries, otherEntries } from "./others.ts";
import { podTemplatesOf } from "./podTemplates.ts";
import { routeEntries } from "./routeEntries.ts";
import { routingOf } from "./routing.ts";
import { servicePortsOf } from "./servicePorts.ts";
import { stepsOf } from "./steps.ts";
import { telemetriesOf } from "./telemetry.ts";
import { trafficTargetsOf } from "./trafficTargets.ts";
import { assumedMode } from "./trafficMode.ts";
import { unknownNamespaces } from "./unknownNamespaces.ts";
import { upstreamSettingsOf } from "./upstreamSettings.ts";

export interface OsmMigration extends MigrationReport {
  /** The new and the changed objects, in the order in which to apply them. */
  readonly objects: readonly ClusterObject[];
}

/**
 * What becomes of the manifests of a mesh of Open Service Mesh on the Istio add-on. The new policies never allow a request
 * inside the mesh that the old ones refused.
 *
 * @param revision the add-on's, or a variable that Flux replaces
 * @param out the directory for the objects, in the commands of the steps
 */
export function migrateOsm(
  manifests: readonly Manifest[],
  { revision, out }: { readonly revision: string; readonly out: string },
): OsmMigration {
  const mesh = osmMeshOf(manifests);
  const targets = trafficTargetsOf(mesh);
  const { objects, entries } = merged([
    namespacesOf(mesh, revision),
    { objects: [], entries: unknownNamespaces(mesh) },
    meshConfigOf(mesh, revision),
    { objects: namespacePolicies(mesh), entries: assumedMode(mesh) },
    externalAuthorizationOf(mesh),
    authorizationOf(mesh, targets),
    { objects: [], entries: routeEntries(mesh, targets) },
    ingressOf(mesh),
    egressOf(mesh),
    routingOf(mesh),
    upstreamSettingsOf(mesh),
    telemetriesOf(mesh),
    servicePortsOf(mesh),
    podTemplatesOf(mesh),
    { objects: [], entries: [...otherEntries(mesh), ...istioEntries(mesh)] },
  ]);
  const clashes = clashesOf(objects, manifests);
  const changed = new Set(objects.map(labelOf));
  const untouched = manifests.filter((one) => !isOfOsm(one) && !changed.has(subjectOf(one)));
  return {
    objects,
    entries: [...entries, ...clashes],
    untouched: untouched.length,
    steps: stepsOf(mesh, targets, { revision, out, objects }),
  };
}

/** New objects with the same name: the last one would replace the others. */
function clashesOf(
  objects: readonly ClusterObject[],
  [first]: readonly Manifest[],
): readonly Entry[] {
  const labels = objects.map(labelOf);
  const twice = new Set(labels.filter((label, index) => labels.indexOf(label) !== index));
  const place = first?.origin.at([]);
  if (place === undefined) return [];
  return [...twice].map((label) => ({
    ...{ fate: "untranslated", subject: label, place, becomes: [label] },
    message: "Several new objects have this name, so Kustomize rejects them.",
    fix: "Rename one of the objects that become it.",
  }));
}
