import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf, merged } from "../report.ts";
import type { Fate, Translation } from "../report.ts";
import { namespaceOf } from "./hosts.ts";
import { accessTo } from "./ingressAccess.ts";
import { ingressSources } from "./ingressSources.ts";
import { objectName } from "./istioObjects.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { rivalPeers, withOnePerPods } from "./plainTextPorts.ts";

const FIX =
  "Serve the traffic with an ingress gateway of the add-on, or let the ingress controller join the mesh, and allow its service account on the port.";

/**
 * Policies that let ingress controllers through to the backends of IngressBackends. Those in the cluster join the mesh,
 * because their addresses change; those that are addresses send plain text, as before.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/traffic_management/ingress/
 * @see https://github.com/openservicemesh/osm/blob/release-v1.2/pkg/catalog/ingress.go
 */
export function ingressOf(mesh: OsmMesh): Translation {
  const all = merged(objectsOf(mesh, "IngressBackend").map((one) => translated(mesh, one)));
  const objects = withOnePerPods(all.objects);
  return { objects, entries: [...all.entries, ...rivalPeers(mesh, objects)] };
}

function translated(mesh: OsmMesh, manifest: Manifest): Translation {
  const namespace = namespaceOf(manifest);
  const sources = ingressSources(mesh, listAt(manifest.object, "spec", "sources"));
  const objects: ClusterObject[] = [];
  const said: { readonly fate: Fate; readonly message: string }[] = [];
  const backends = listAt(manifest.object, "spec", "backends");
  for (const [index, backend] of backends.entries()) {
    const name = textAt(backend, "name") ?? "";
    const about = `${name}, port ${String(valueAt(backend, "port", "number"))}: `;
    const suffix = backends.length === 1 ? [] : [String(index + 1)];
    const result = accessTo(mesh, namespace, backend, sources);
    if (typeof result === "string") {
      said.push({ fate: "untranslated", message: about + result });
      continue;
    }
    objects.push(
      ...result.objects(objectName("ingress", manifest.name ?? "", ...suffix), namespace),
    );
    said.push({ fate: result.fate, message: about + result.message });
  }
  const listed =
    listAt(manifest.object, "spec", "matches").length > 0 ? ["OSM does not read its matches."] : [];
  const fates: readonly Fate[] = ["untranslated", "approximated", "translated"];
  const fate = fates.find((one) => said.some((each) => each.fate === one)) ?? "unneeded";
  const message = [...said.map((each) => each.message), ...listed].join(" ");
  const fix = fate === "untranslated" ? { fix: FIX } : {};
  return {
    objects,
    entries: [
      entryOf(manifest, fate, message || "It has no backends.", { becomes: objects, ...fix }),
    ],
  };
}
