import type { Manifest } from "../../manifests/manifest.ts";
import { isRecord } from "../../manifests/manifest.ts";
import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { chartOf } from "./charts.ts";
import { templatePath } from "./kinds.ts";

/** The minor version of the own Istio that an object shows: `1.29`. */
export function ownVersion(manifest: Manifest): string | undefined {
  const { kind, object } = manifest;
  const told =
    kind === "IstioOperator"
      ? textAt(object, "spec", "tag")
      : kind.startsWith("Istio")
        ? textAt(object, "spec", "version")
        : (ofImages(manifest) ?? chartOf(manifest).map(({ version }) => version)[0]);
  return minorOf(told);
}

/** The tag of the image of a control plane. Sidecars that were injected by hand show theirs, too. */
function ofImages(manifest: Manifest): string | undefined {
  const template = templatePath(manifest);
  if (template === undefined) return undefined;
  const images = ["containers", "initContainers"]
    .flatMap((list) => listAt(manifest.object, ...template, "spec", list))
    .filter(isRecord)
    .map((container) => textAt(container, "image") ?? "");
  return images.flatMap((image) => /\/(?:pilot|proxyv2):([^@]+)/.exec(image)?.[1] ?? [])[0];
}

function minorOf(version: string | undefined): string | undefined {
  return /^v?(1\.\d+)(?:\.|-|$)/.exec(version ?? "")?.[1];
}
