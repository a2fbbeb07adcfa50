import type { Resource } from "./cluster.ts";

/**
 * Kinds of objects in `gitops/` whose controllers do not run here. Their own definitions give new objects a status that
 * says "not yet observed"; without one, Flux takes an object for ready.
 */
export const UNRECONCILED: readonly Resource[] = [
  definition("source.toolkit.fluxcd.io", "v1", "OCIRepository", "ocirepositories"),
  definition("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases"),
  // The HelmRelease would install these.
  definition("cert-manager.io", "v1", "ClusterIssuer", "clusterissuers", "Cluster"),
  definition("cert-manager.io", "v1", "Certificate", "certificates"),
];

function definition(
  group: string,
  version: string,
  kind: string,
  plural: string,
  scope: "Cluster" | "Namespaced" = "Namespaced",
): Resource {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
