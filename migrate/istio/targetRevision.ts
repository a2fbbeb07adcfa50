import type { Manifest } from "../../manifests/manifest.ts";
import { newestRevision } from "../../mesh/catalog.ts";
import { supportedRevisions } from "../../mesh/support.ts";
import type { Day } from "../../mesh/support.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { ownVersion } from "./versions.ts";

/**
 * The revision to migrate to: that of the own Istio if it is supported, as Microsoft's guide wants; otherwise the newest
 * supported one, or the newest of all if the catalog is too old to know any.
 *
 * @see https://learn.microsoft.com/azure/aks/migration-from-open-source-istio-to-addon#create-the-target-cluster
 */
export function targetRevision(manifests: readonly Manifest[], day: Day): MeshRevision {
  const supported = supportedRevisions(day).map(({ revision }) => revision);
  const own = new Set(
    manifests.flatMap((manifest) => {
      const version = ownVersion(manifest);
      return version === undefined ? [] : [`asm-${version.replace(".", "-")}`];
    }),
  );
  const same = supported.filter((revision) => own.has(revision)).at(-1);
  return same ?? supported.at(-1) ?? newestRevision();
}
