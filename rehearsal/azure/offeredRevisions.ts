import { kubernetesFit } from "../../mesh/catalog.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { supportedRevisions } from "../../mesh/support.ts";

/** The revisions that AKS offers on a day according to the catalog, oldest first. */
export function offeredOn(day: string): readonly MeshRevision[] {
  return supportedRevisions(day).map(({ revision }) => revision);
}

/** The revision that AKS chooses if none is requested: the newest that runs on a Kubernetes version. */
export function newestFor(kubernetesVersion: string, day: string): MeshRevision | undefined {
  return offeredOn(day).findLast(
    (revision) => kubernetesFit(revision, kubernetesVersion, "KubernetesOfficial").fits !== false,
  );
}
