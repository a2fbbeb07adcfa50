import { inject } from "vitest";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import { Cluster } from "./cluster.ts";
import { installedRevisions } from "./installed.ts";
import { Nodes } from "./nodes.ts";
import { Revision } from "./revision.ts";
import type { Redirection } from "./charts.ts";

export const real = inject("real");
export const onLoopback = real.on === "loopback";
export const cluster = Cluster.of(real.kubeconfig);

/** Starts a revision of the mesh on loopback. */
export async function startRevision(
  name: MeshRevision,
  redirection: Redirection = "cni",
): Promise<Revision> {
  const { programs, logDirectory } = real;
  return await Revision.start(cluster, programs, logDirectory, { name, redirection });
}

/** Starts an Istio that a user installed beside the add-on. */
export async function startForeign(name: string, namespace: string): Promise<Revision> {
  const { programs, logDirectory } = real;
  const options = { name, namespace, redirection: "init-container" } as const;
  await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  return await Revision.start(cluster, programs, logDirectory, options);
}

/** A mesh on which pods become ready. */
export interface Mesh {
  /** Oldest first. */
  readonly revisions: readonly MeshRevision[];
  stop(): Promise<void>;
}

/** The requested revisions, on loopback; on a user's cluster, those that it runs. */
export async function startMesh(...wanted: readonly MeshRevision[]): Promise<Mesh> {
  if (!onLoopback) {
    const installed = await installedRevisions(cluster);
    const revisions = installed.revisions.filter(isMeshRevision).sort(compareRevisions);
    if (revisions.length === 0) {
      throw new Error(`${real.kubeconfig}: no revision of the add-on runs.`);
    }
    return { revisions, stop: () => Promise.resolve() };
  }
  const started: Revision[] = [];
  const nodes = await Nodes.start(cluster);
  const stop = async () => {
    await nodes.stop();
    for (const revision of started) await revision.remove();
  };
  try {
    for (const name of wanted) started.push(await startRevision(name));
    return { revisions: wanted, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
