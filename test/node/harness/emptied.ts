import { AKS, AKS_NAMESPACES } from "../../real/harness/aks.ts";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import { waitFor } from "../../real/harness/waitFor.ts";
import type { Mesh } from "./mesh.ts";
import { namespace } from "./workloads.ts";

/** The namespaces that the node has before any test. */
const PERMANENT = new Set([
  ...AKS_NAMESPACES,
  "default",
  "kube-node-lease",
  "kube-public",
  "kube-system",
]);

/**
 * Deletes what a test file leaves in the cluster and could affect the next one: the namespaces that it created, all custom
 * resources, and the ConfigMaps and Secrets that AKS and istiod read in AKS's own namespaces. Then it stops the revisions.
 */
export async function emptied(cluster: Cluster, mesh: Mesh): Promise<void> {
  const created = (await cluster.list("v1", "Namespace")).filter(
    ({ metadata }) => !PERMANENT.has(metadata.name),
  );
  for (const { metadata } of created) await cluster.remove(namespace(metadata.name));
  for (const { metadata } of created) {
    await waitFor(
      `the namespace ${metadata.name} to be gone`,
      async () => (await cluster.find("v1", "Namespace", metadata.name)) === undefined,
    );
  }
  cluster.forgetKinds();
  for (const { apiVersion, kind } of await customKinds(cluster)) {
    await removeAll(cluster, apiVersion, kind);
  }
  await removeAll(cluster, "v1", "Secret", AKS.ingressNamespace);
  await removeAll(cluster, "v1", "ConfigMap", AKS.controlPlaneNamespace, AKS.sharedConfigMap(""));
  await mesh.follow([]);
}

/** Deletes all objects of a kind, or those in a namespace whose names begin with a prefix. */
async function removeAll(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  namespace?: string,
  prefix = "",
): Promise<void> {
  const found = await cluster.list(apiVersion, kind, namespace === undefined ? {} : { namespace });
  for (const { metadata } of found) {
    if (metadata.name.startsWith(prefix)) await cluster.remove({ apiVersion, kind, metadata });
  }
}

interface CustomResourceDefinition extends Resource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

async function customKinds(cluster: Cluster): Promise<Pick<Resource, "apiVersion" | "kind">[]> {
  const definitions = await cluster.list<CustomResourceDefinition>(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
  );
  return definitions.flatMap(({ spec: { group, names, versions } }) =>
    versions
      .filter(({ storage }) => storage)
      .map(({ name }) => ({ apiVersion: `${group}/${name}`, kind: names.kind })),
  );
}
