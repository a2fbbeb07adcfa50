import type { Manifest } from "../../manifests/manifest.ts";
import type { OsmMesh } from "./osmMesh.ts";
import type { Service } from "./services.ts";

/** The full name of a Service. */
export function hostOf(namespace: string, name: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** A Service by its name; undefined if the manifests lack it. */
export function serviceNamed(
  { services }: OsmMesh,
  namespace: string,
  name: string,
): Service | undefined {
  return services.find((one) => one.namespace === namespace && one.name === name);
}

export function namespaceOf({ namespace = "default" }: Manifest): string {
  return namespace;
}
