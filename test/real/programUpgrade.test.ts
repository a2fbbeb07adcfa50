import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshSettings } from "../../mesh/upgrade.ts";
import { deleteAll } from "./harness/cleanUp.ts";
import { deploy } from "./harness/deploy.ts";
import type { Resource } from "./harness/cluster.ts";
import { Nodes } from "./harness/nodes.ts";
import { proxyConfig, sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import { clusterRevisions, devStack, render } from "./harness/render.ts";
import type { StackFile } from "./harness/render.ts";
import type { Revision } from "./harness/revision.ts";
import { waitFor } from "./harness/waitFor.ts";

const OLD = "asm-1-29";
const NEW = "asm-1-30";
const AHEAD = "program-ahead";
const STEADY = "program-steady";

/** The dev stack with two namespaces in the mesh, one of which has chosen the canary. */
function stack(mesh: MeshSettings): StackFile {
  const { config } = devStack();
  return {
    config: {
      ...config,
      "aks-istio:mesh": { ...mesh, meshConfig: { defaultConfig: { drainDuration: "33s" } } },
      "aks-istio:namespaces": { [AHEAD]: { canary: true }, [STEADY]: {} },
      "aks-istio:workloads": { ahead: { namespace: AHEAD }, steady: { namespace: STEADY } },
    },
  };
}

/** Settings and their expected result: the cluster's revisions, and the revision of the pods in each namespace. */
interface Phase {
  readonly name: string;
  readonly mesh: MeshSettings;
  readonly revisions: readonly MeshRevision[];
  readonly pods: readonly [ahead: MeshRevision, steady: MeshRevision];
}

function upgrading(phase: "prepared" | "canary" | "promoted"): MeshSettings {
  return { revision: OLD, upgrade: { to: NEW, phase } };
}

const phases: readonly Phase[] = [
  { name: "none", mesh: { revision: OLD }, revisions: [OLD], pods: [OLD, OLD] },
  { name: "prepared", mesh: upgrading("prepared"), revisions: [OLD], pods: [OLD, OLD] },
  { name: "canary", mesh: upgrading("canary"), revisions: [OLD, NEW], pods: [NEW, OLD] },
  { name: "promoted", mesh: upgrading("promoted"), revisions: [OLD, NEW], pods: [NEW, NEW] },
  { name: "demoted", mesh: upgrading("canary"), revisions: [OLD, NEW], pods: [NEW, OLD] },
  { name: "promoted again", mesh: upgrading("promoted"), revisions: [OLD, NEW], pods: [NEW, NEW] },
  { name: "done", mesh: { revision: NEW }, revisions: [NEW], pods: [NEW, NEW] },
];

interface Planned {
  readonly revisions: readonly MeshRevision[];
  readonly objects: readonly Resource[];
}

const plans = new Map<string, Promise<Planned>>();

/** The program's objects for its settings, the same in every phase. */
async function planned(mesh: MeshSettings): Promise<Planned> {
  const key = JSON.stringify(mesh);
  const plan =
    plans.get(key) ??
    Promise.all([clusterRevisions(stack(mesh)), render(stack(mesh))]).then(
      ([revisions, objects]) => ({ revisions, objects }),
    );
  plans.set(key, plan);
  return await plan;
}

describe.skipIf(!onLoopback)("the program during an upgrade (starts and stops revisions)", () => {
  const running = new Map<MeshRevision, Revision>();
  let nodes: Nodes;
  let applied: readonly Resource[] = [];

  beforeAll(async () => {
    nodes = await Nodes.start(cluster);
  });

  afterAll(async () => {
    await deleteAll(cluster, applied);
    for (const revision of running.values()) await revision.remove();
    await nodes.stop();
  });

  const podsOf = (namespace: string) => cluster.list<Pod>("v1", "Pod", { namespace });

  /** What `pulumi up` does: first the revisions of the cluster, then its objects. */
  async function up(mesh: MeshSettings): Promise<readonly MeshRevision[]> {
    const { revisions, objects } = await planned(mesh);
    const asked = [...(await podsOf(AHEAD)), ...(await podsOf(STEADY))].map(sidecarRevision);
    for (const [name, revision] of running) {
      if (revisions.includes(name)) continue;
      // A proxy that still used it would lose its control plane.
      expect(asked).not.toContain(name);
      await revision.remove();
      running.delete(name);
    }
    for (const name of revisions) {
      if (!running.has(name)) running.set(name, await startRevision(name, "init-container"));
    }
    await deploy(cluster, objects, applied);
    applied = objects;
    return revisions;
  }

  test.each(phases.map((phase) => [phase.name, phase] as const))(
    "%s: every workload moves to its revision without manual steps",
    async (_, { mesh, revisions, pods: [ahead, steady] }) => {
      expect(await up(mesh)).toEqual(revisions);

      for (const [namespace, revision] of [
        [AHEAD, ahead],
        [STEADY, steady],
      ] as const) {
        const pods = await waitFor(`the pods of ${namespace} to follow ${revision}`, async () => {
          const all = await podsOf(namespace);
          return all.length === 4 && all.every((pod) => sidecarRevision(pod) === revision) && all;
        });
        // The mesh configuration existed before the first proxy of the revision.
        for (const pod of pods) expect(proxyConfig(pod)).toContain('"drainDuration":"33s"');
      }
    },
  );
});
