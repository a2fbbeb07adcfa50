import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import { labelOf, valueAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Translation } from "../report.ts";
import { cleaned, withTexts, without } from "./changed.ts";
import { osmKeys, withoutOsm } from "./markers.ts";
import { injectionOf } from "./membership.ts";
import type { Injection } from "./membership.ts";
import { MONITORED_BY } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { textsOf } from "./workloads.ts";
import type { Labels } from "./workloads.ts";

const SAYS: Readonly<Record<Injection, string>> = {
  all: "Its pods get sidecars when they are created again.",
  some: "Its label selects all pods, so pods that OSM leaves alone and that are not among the manifests get sidecars, too.",
  none: "OSM gives its pods no sidecars, so it has no label of a revision.",
};

/** The namespaces with the label of a revision in place of what OSM reads. */
export function namespacesOf(mesh: OsmMesh, revision: string): Translation {
  const given = [...mesh.namespaces].flatMap(([name, manifest]): readonly Translation[] => {
    const labels = textsOf(valueAt(manifest.object, "metadata", "labels"));
    const annotations = textsOf(valueAt(manifest.object, "metadata", "annotations"));
    const marks = [...osmKeys(labels), ...osmKeys(annotations)];
    if (marks.length === 0 && !mesh.members.includes(name)) return [];
    const injection = injectionOf(mesh, name);
    const object = withTexts(
      withTexts(cleaned(manifest), ["metadata", "annotations"], withoutOsm(annotations)),
      ["metadata", "labels"],
      labelled(withoutOsm(labels), injection, revision),
    );
    const isAssumed = mesh.members.includes(name) && !(MONITORED_BY in labels);
    const message = isAssumed
      ? `Policies of OSM concern it, so it is assumed to be in the mesh, although it has no label ${MONITORED_BY}. ${SAYS[injection]}`
      : SAYS[injection];
    const fate = isAssumed || injection === "some" ? "approximated" : "translated";
    return [
      { objects: [object], entries: [entryOf(manifest, fate, message, { becomes: [object] })] },
    ];
  });
  const absent = mesh.members
    .filter((name) => !mesh.namespaces.has(name))
    .flatMap((name): readonly Translation[] => {
      const user = mesh.manifests.find((one) => (one.namespace ?? "default") === name);
      const object = {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name, labels: { [REVISION_LABEL]: revision } },
      };
      const place = (user ?? mesh.manifests[0])?.origin.at([]);
      if (place === undefined) return [];
      return [
        {
          objects: [object],
          entries: [
            {
              ...{
                fate: "approximated",
                subject: labelOf(object),
                place,
                becomes: [labelOf(object)],
              },
              message:
                "It is not among the manifests. Policies of OSM concern it, so it is assumed to be in the mesh. Merge the label into its manifest.",
            },
          ],
        },
      ];
    });
  return {
    objects: [...given, ...absent].flatMap(({ objects }) => objects),
    entries: [...given, ...absent].flatMap(({ entries }) => entries),
  };
}

function labelled(labels: Labels, injection: Injection, revision: string): Labels {
  if (injection === "none") return labels;
  return { ...(without(labels, [LEGACY_INJECTION_LABEL]) as Labels), [REVISION_LABEL]: revision };
}
