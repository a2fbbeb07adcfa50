import type { Manifest } from "../../manifests/manifest.ts";
import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { REMOVED, change } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** What becomes of the references of Flux's objects to those that end, by kind and name: `HelmRelease istiod`. */
export function fluxFindings(
  { apiVersion, object }: Manifest,
  ended: ReadonlySet<string>,
): readonly Finding[] {
  if (!apiVersion.includes(".toolkit.fluxcd.io/")) return [];
  const kind = apiVersion.startsWith("helm.") ? "HelmRelease" : "Kustomization";
  return ["dependsOn", "healthChecks"].flatMap((field) =>
    listAt(object, "spec", field).flatMap((item, index) => {
      const label = `${textAt(item, "kind") ?? kind} ${textAt(item, "name") ?? ""}`;
      if (!ended.has(label)) return [];
      const at = ["spec", field, index];
      return [
        change(at, [label, REMOVED], "Flux would wait for it forever.", [
          { do: "remove", path: at },
        ]),
      ];
    }),
  );
}
