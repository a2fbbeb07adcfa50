import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL, sharedConfigMapName } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshState } from "../../mesh/upgrade.ts";
import { judgeChange } from "../../mesh/upgradeChange.ts";
import { deleteNamespaces } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { installedRevisions } from "./harness/installed.ts";
import { Nodes } from "./harness/nodes.ts";
import { proxyConfig, sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import type { Revision } from "./harness/revision.ts";
import { restart, rolledOut, workload } from "./harness/workload.ts";

const OLD = "asm-1-29";
const NEW = "asm-1-30";
const AHEAD = "upgrade-ahead";
const STEADY = "upgrade-steady";

const circumstances = {
  day: "2026-08-21",
  cluster: { kubernetesVersion: "1.36", plan: "KubernetesOfficial" },
} as const;

/** Differs by revision, so a proxy shows which ConfigMap configured it. */
const drainDuration = { [OLD]: "29s", [NEW]: "30s" } as const;

const running = new Map<MeshRevision, Revision>();

function sharedConfigMap(revision: keyof typeof drainDuration): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: sharedConfigMapName(revision), namespace: CONTROL_PLANE_NAMESPACE },
    data: { mesh: `defaultConfig:\n  terminationDrainDuration: ${drainDuration[revision]}\n` },
  };
}

/** Brings the cluster to a state in the order of a deployment: the cluster's revisions, ConfigMaps, labels. */
async function deploy(state: MeshState): Promise<void> {
  const { revisions, configMaps, labels } = planMesh(state);
  for (const [name, revision] of running) {
    if (revisions.includes(name)) continue;
    await revision.remove();
    running.delete(name);
  }
  for (const name of revisions) {
    // Init containers redirect the traffic, because the mesh was installed with asm-1-29.
    if (!running.has(name)) running.set(name, await startRevision(name, "init-container"));
  }
  for (const name of [OLD, NEW] as const) {
    const object = sharedConfigMap(name);
    await (configMaps.includes(name) ? cluster.apply(object) : cluster.remove(object));
  }
  for (const [name, revision] of Object.entries(labels)) {
    await cluster.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { [REVISION_LABEL]: revision } },
    });
  }
}

/** The revision of the sidecars in each namespace; more than one is an error. */
async function proxies(): Promise<Record<string, string | undefined>> {
  const entries = [AHEAD, STEADY].map(async (namespace) => {
    const pods = await rolledOut(cluster, workload(namespace));
    const revisions = new Set(pods.map(sidecarRevision));
    expect(revisions.size).toBe(1);
    return [namespace, [...revisions][0]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function restartAll(): Promise<void> {
  for (const namespace of [AHEAD, STEADY]) await restart(cluster, workload(namespace));
}

const start: MeshState = {
  settings: { revision: OLD },
  namespaces: { [AHEAD]: { canary: true }, [STEADY]: { canary: false } },
};

function at(phase: "prepared" | "canary" | "promoted"): MeshState {
  return { ...start, settings: { revision: OLD, upgrade: { to: NEW, phase } } };
}

function stepOf(state: MeshState, direction: "next" | "back"): MeshState {
  const step = planMesh(state)[direction];
  if (step === undefined) throw new Error(`there is no step ${direction}`);
  return step.leadsTo;
}

describe.skipIf(!onLoopback)(
  "a canary upgrade (starts and stops revisions: on loopback only)",
  () => {
    let nodes: Nodes;

    beforeAll(async () => {
      nodes = await Nodes.start(cluster);
      await deploy(start);
      for (const namespace of [AHEAD, STEADY]) await cluster.apply(workload(namespace));
    });

    afterAll(async () => {
      await deleteNamespaces(cluster, [AHEAD, STEADY]);
      for (const name of [OLD, NEW] as const) await cluster.remove(sharedConfigMap(name));
      for (const revision of running.values()) await revision.remove();
      await nodes.stop();
    });

    /** What must be true in a state after it is deployed and the workloads are restarted. */
    async function holds(state: MeshState): Promise<void> {
      const plan = planMesh(state);
      expect((await installedRevisions(cluster)).revisions).toEqual(plan.revisions);
      expect(await proxies()).toEqual(plan.labels);
      for (const namespace of [AHEAD, STEADY]) {
        const [pod] = await rolledOut(cluster, workload(namespace));
        expect(drainOf(pod)).toBe(
          drainDuration[plan.labels[namespace] as keyof typeof drainDuration],
        );
      }
    }

    async function take(before: MeshState, direction: "next" | "back"): Promise<MeshState> {
      const after = stepOf(before, direction);
      expect(judgeChange(before, after, circumstances)).toEqual([]);
      const untouched = await proxies();
      await deploy(after);
      // A label affects only pods that are created later.
      expect(await proxies()).toEqual(untouched);
      // Until they are restarted, the control plane of their proxies must keep running.
      const { revisions } = await installedRevisions(cluster);
      expect(revisions).toEqual(expect.arrayContaining(Object.values(untouched)));
      await restartAll();
      await holds(after);
      return after;
    }

    test("starts on the old revision", async () => {
      await holds(start);
    });

    test("can be prepared, and reverted", async () => {
      expect(stepOf(at("prepared"), "back")).toEqual({ ...start });
      await deploy(at("prepared"));
      await restartAll();
      await holds(at("prepared"));
      await take(at("prepared"), "back");
    });

    test("can go to the canary, and back to the start", async () => {
      await deploy(at("prepared"));
      const canary = await take(at("prepared"), "next");
      expect(await proxies()).toEqual({ [AHEAD]: NEW, [STEADY]: OLD });

      const unchosen = await take(canary, "back");
      expect(await proxies()).toEqual({ [AHEAD]: OLD, [STEADY]: OLD });
      const prepared = await take(unchosen, "back");
      await take(prepared, "back");
    });

    test("can be promoted, demoted, and promoted to completion", async () => {
      await deploy(at("prepared"));
      const promoted = await take(await take(at("prepared"), "next"), "next");
      const demoted = await take(promoted, "back");
      expect(demoted).toEqual(at("canary"));
      const done = await take(await take(demoted, "next"), "next");
      expect(done.settings).toEqual({ revision: NEW });
      expect(await proxies()).toEqual({ [AHEAD]: NEW, [STEADY]: NEW });
    });

    test("cannot pass the guard; without it, pods lose their control plane", async () => {
      const before: MeshState = { ...start, settings: { revision: OLD } };
      // The effect of changing the value in the settings.
      const forced: MeshState = { ...start, settings: { revision: NEW } };
      await deploy(before);
      await restartAll();
      expect(judgeChange(before, forced, circumstances)).toMatchObject([
        { severity: "error", path: "revision" },
      ]);

      await running.get(OLD)?.remove();
      running.delete(OLD);
      // Running proxies keep connecting to a control plane that is gone.
      expect(await proxies()).toEqual({ [AHEAD]: OLD, [STEADY]: OLD });
      expect(
        await cluster.find("v1", "Service", `istiod-${OLD}`, CONTROL_PLANE_NAMESPACE),
      ).toBeUndefined();
      // Restarted pods lose their sidecar without any error.
      await restartAll();
      expect(await proxies()).toEqual({ [AHEAD]: undefined, [STEADY]: undefined });
    });

    test("cannot be reverted while namespaces follow the canary, because they would lose their sidecars", async () => {
      expect(judgeChange(at("canary"), at("prepared"), circumstances)).toMatchObject([
        { severity: "error", path: "upgrade.phase" },
      ]);
      await deploy(at("canary"));
      await restartAll();
      expect(await proxies()).toEqual({ [AHEAD]: NEW, [STEADY]: OLD });

      await running.get(NEW)?.remove();
      running.delete(NEW);
      await restartAll();
      expect(await proxies()).toEqual({ [AHEAD]: undefined, [STEADY]: OLD });
    });
  },
);

function drainOf(pod: Pod | undefined): string | undefined {
  if (pod === undefined) return undefined;
  return /"terminationDrainDuration":"([^"]+)"/.exec(proxyConfig(pod))?.[1];
}
