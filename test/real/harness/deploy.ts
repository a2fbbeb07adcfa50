import type { Cluster, Resource } from "./cluster.ts";

/** Brings objects from one state to the next as a deployment does: first creates and updates, then deletes. */
export async function deploy(
  cluster: Cluster,
  now: readonly Resource[],
  before: readonly Resource[] = [],
): Promise<void> {
  await cluster.applyAll(now);
  const kept = new Set(now.map(identity));
  for (const object of before) if (!kept.has(identity(object))) await cluster.remove(object);
}

function identity({ kind, metadata: { name, namespace } }: Resource): string {
  return [kind, namespace, name].join("/");
}
