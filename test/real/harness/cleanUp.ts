import { isOfAks } from "./aks.ts";
import type { Cluster, Resource } from "./cluster.ts";
import { onLoopback } from "./real.ts";
import { waitFor } from "./waitFor.ts";

/**
 * Deletes namespaces with their contents, which takes a while. On loopback, only tests that need one of the names again
 * wait, with `namesAreFree`; on a user's cluster, nothing is left behind.
 */
export async function deleteNamespaces(cluster: Cluster, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  if (!onLoopback) {
    await namesAreFree(cluster, names);
    return;
  }
  for (const namespace of names) {
    // There is no kubelet to stop them.
    for (const pod of await cluster.list("v1", "Pod", { namespace })) {
      await cluster.remove({ ...pod, apiVersion: "v1", kind: "Pod" }, { now: true });
    }
  }
}

/** Resolves once none of the namespaces exists. */
export async function namesAreFree(cluster: Cluster, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await waitFor(
      `the namespace ${name} to be gone`,
      async () => (await cluster.find("v1", "Namespace", name)) === undefined,
    );
  }
}

/** Deletes objects, and the contents of the namespaces among them. */
export async function deleteAll(cluster: Cluster, objects: readonly Resource[]): Promise<void> {
  const namespaces = namespacesOf(objects);
  for (const object of objects.filter((one) => !isOfAks(one))) {
    if (!namespaces.includes(object.metadata.namespace ?? object.metadata.name)) {
      await cluster.remove(object);
    }
  }
  await deleteNamespaces(cluster, namespaces);
}

export function namespacesOf(objects: readonly Resource[]): string[] {
  return objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
}
