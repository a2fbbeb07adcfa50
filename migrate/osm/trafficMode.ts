import { entryOf } from "../report.ts";
import type { Entry } from "../report.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";

/** What is said if the manifests lack the MeshConfig, which decides whether TrafficTargets are enforced. */
export function assumedMode(mesh: OsmMesh): readonly Entry[] {
  const [first] = objectsOf(mesh, "TrafficTarget");
  const one =
    first ?? mesh.manifests.find(({ namespace }) => mesh.members.includes(namespace ?? "default"));
  if (mesh.config !== undefined || one === undefined) return [];
  return [
    {
      ...entryOf(
        one,
        "untranslated",
        "The manifests lack the MeshConfig, so the strict reading is assumed: OSM enforces TrafficTargets, and everything else is refused. The add-on of AKS is permissive unless somebody changed it.",
        { fix: "Add it: kubectl get meshconfig osm-mesh-config -n kube-system -o yaml." },
      ),
      subject: "MeshConfig",
    },
  ];
}
