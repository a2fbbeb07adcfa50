import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import type { Properties } from "../../offline/plan/values.ts";
import { fileName } from "../manifests/manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";

/** A file for each object, in a folder for each namespace, in the order in which they are applied. */
export function toFiles(objects: readonly ClusterObject[]): readonly Manifest[] {
  const counts = new Map<string, number>();
  return objects.map((object) => {
    const { kind, metadata } = object;
    const folder = kind === "Namespace" ? metadata.name : (metadata.namespace ?? "default");
    const number = (counts.get(folder) ?? 0) + 1;
    counts.set(folder, number);
    // The folder has the name of the namespace already.
    const named = { kind, metadata: { name: metadata.name } } as unknown as Properties;
    const path = `${folder}/${fileName(String(number).padStart(2, "0"), named)}`;
    return { path, object: object as unknown as Properties };
  });
}
