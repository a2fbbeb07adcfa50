import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { TestContext } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshState } from "../../mesh/upgrade.ts";
import { judgeChange } from "../../mesh/upgradeChange.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { sidecarRevision } from "../real/harness/pods.ts";
import type { Pod } from "../real/harness/pods.ts";
import { restart, rolledOut } from "../real/harness/workload.ts";
import { certificateFor } from "./harness/certificate.ts";
import { settled, startLoad } from "./harness/load.ts";
import type { LoadOptions, LoadReport } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import {
  client,
  deleteNamespaces,
  deployed,
  namespace,
  podinfo,
  served,
} from "./harness/workloads.ts";

const { kubeconfig, parts, scratch } = inject("node");
const cluster = Cluster.of(kubeconfig);

const [OLD, NEW] = ["asm-1-29", "asm-1-30"] as const;
const HOST = "shop.example.com";

const circumstances = {
  day: "2026-08-21",
  cluster: { kubernetesVersion: "1.36", plan: "KubernetesOfficial" },
} as const;

const namespaces = { storefront: { canary: true }, orders: { canary: false } };
const before: MeshState = { settings: { revision: OLD }, namespaces };

/** The phases of an upgrade, from the first that a user sets to its end. */
function phases(): MeshState[] {
  const upgrade = { to: NEW, phase: "prepared" } as const;
  let state: MeshState | undefined = { ...before, settings: { revision: OLD, upgrade } };
  const all: MeshState[] = [];
  while (state !== undefined) {
    all.push(state);
    state = planMesh(state).next?.leadsTo;
  }
  return all;
}

describe("traffic through the ingress gateway, from one workload of the mesh to the next", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  const workloads = [
    ...podinfo("storefront", "storefront", {
      replicas: 2,
      backend: "http://orders.orders.svc.cluster.local/echo",
    }),
    ...podinfo("orders", "orders", { replicas: 2 }),
  ];
  const deployments = workloads.filter(({ kind }) => kind === "Deployment");
  let from: Pod;
  let options: LoadOptions;

  /** Brings the cluster to a state in the order of a deployment, and restarts the workloads that it gives a new label. */
  async function deploy(state: MeshState): Promise<void> {
    const { revisions, labels } = planMesh(state);
    await mesh.follow(revisions);
    for (const [name, label] of Object.entries(labels)) {
      const labelled = { [REVISION_LABEL]: label };
      const now = await cluster.find("v1", "Namespace", name);
      await cluster.apply(namespace(name, labelled));
      if (now === undefined || now.metadata.labels?.[REVISION_LABEL] === label) continue;
      for (const each of deployments.filter(({ metadata }) => metadata.namespace === name)) {
        await restart(cluster, each);
      }
    }
  }

  async function proxies(): Promise<Record<string, (string | undefined)[]>> {
    const entries = deployments.map(async (each: Resource) => {
      const pods = await rolledOut(cluster, each);
      return [each.metadata.name, pods.map(sidecarRevision)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** What becomes of requests while something is done: on connections that are kept, and on one for each request. */
  async function during(
    requests: number,
    act: () => Promise<void>,
  ): Promise<readonly [kept: LoadReport, fresh: LoadReport]> {
    const [kept, fresh] = await Promise.all([
      startLoad(cluster, from, { ...options, requests }),
      startLoad(cluster, from, { ...options, requests, fresh: true }),
    ]);
    await act();
    return await Promise.all([kept.stop(), fresh.stop()]);
  }

  /** One line for each, for whoever reads the run. */
  async function tell({ annotate }: TestContext, reports: readonly LoadReport[]): Promise<void> {
    for (const [index, { sent, failed, by, p50Ms, p99Ms, maxMs, seconds }] of reports.entries()) {
      const connections = index === 0 ? "kept connections" : "a connection for each request";
      await annotate(
        `${connections}: ${sent} sent in ${seconds.toFixed(0)} s, ${failed} lost ${JSON.stringify(by)}; p50 ${p50Ms} ms, p99 ${p99Ms} ms, slowest ${maxMs} ms`,
      );
    }
  }

  beforeAll(async () => {
    await deploy(before);
    await cluster.apply(namespace("outside"));
    [from] = (await deployed(cluster, client("outside"))) as [Pod];
    await deployed(cluster, workloads);
    const certificate = certificateFor(HOST, scratch);
    await cluster.applyAll(served(HOST, certificate, "storefront.storefront.svc.cluster.local"));
    options = {
      url: `https://${HOST}/echo`,
      method: "POST",
      // It comes back from the last workload; the first answers 200 also when that one does not.
      body: "from the client",
      contains: "from the client",
      host: HOST,
      connectTo: `${GATEWAY_ADDRESS}:443`,
      authority: certificate.certificate,
      rate: 40,
    };
    await settled(cluster, from, options, "200");
  });

  afterAll(async () => {
    await deleteNamespaces(cluster, [...Object.keys(namespaces), "outside"]);
    await mesh.follow([]);
  });

  test("loses nothing of a canary upgrade", async (context) => {
    expect(await proxies()).toEqual({ storefront: [OLD, OLD], orders: [OLD, OLD] });
    const reports = await during(5000, async () => {
      let state = before;
      for (const next of phases()) {
        expect(judgeChange(state, next, circumstances)).toEqual([]);
        await deploy(next);
        state = next;
      }
      expect(state.settings).toEqual({ revision: NEW });
    });
    await tell(context, reports);
    expect(await proxies()).toEqual({ storefront: [NEW, NEW], orders: [NEW, NEW] });
    for (const { sent, by, failures } of reports) {
      expect(failures).toEqual([]);
      expect(by).toEqual({ "200": sent });
      expect(sent).toBeGreaterThanOrEqual(5000);
    }
  });

  test("is lost where a step is forced that the guard refuses", async (context) => {
    const now: MeshState = { settings: { revision: NEW }, namespaces };
    // As if the value were changed in the settings: there is no way back but an upgrade.
    const forced: MeshState = { settings: { revision: OLD }, namespaces };
    expect(judgeChange(now, forced, circumstances)).toMatchObject([
      { severity: "error", path: "revision" },
    ]);
    const reports = await during(500, async () => {
      await deploy(forced);
    });
    await tell(context, reports);
    for (const { failed } of reports) expect(failed).toBeGreaterThan(0);
  });
});
