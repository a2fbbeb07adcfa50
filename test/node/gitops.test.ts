import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { TestContext } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { Flux } from "../real/harness/flux.ts";
import { sidecarRevision } from "../real/harness/pods.ts";
import type { Pod } from "../real/harness/pods.ts";
import { Repository } from "../real/harness/repository.ts";
import { rolledOut } from "../real/harness/workload.ts";
import { scratch } from "../real/harness/scratch.ts";
import { aksIstio } from "../support/command.ts";
import { certificateFor } from "./harness/certificate.ts";
import { emptied } from "./harness/emptied.ts";
import { load, settled, startLoad } from "./harness/load.ts";
import type { LoadOptions, LoadReport } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import { client, deployed, gatewaySecret, namespace } from "./harness/workloads.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

/** The revision in the tree, and another one. */
const [REVISION, OTHER] = ["asm-1-30", "asm-1-29"] as const;
const HOST = "podinfo.dev.example.com";
const SERVICE = "podinfo.podinfo.svc.cluster.local";

const deployment: Resource = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "podinfo", namespace: "podinfo" },
};

interface PodWithStatus extends Resource {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Commits that cannot be deployed, and the message of Flux. */
const BROKEN = {
  "that the API server rejects": {
    from: "replicas: 2",
    to: "replicas: two",
    told: /^Deployment\/podinfo\/podinfo .*expected numeric/s,
  },
  "with an image that does not exist": {
    from: /@sha256:[0-9a-f]{64}/,
    to: `@sha256:${"0".repeat(64)}`,
    told: /^health check failed .*Deployment\/podinfo\/podinfo status: 'InProgress'/s,
  },
  "with pods that never become ready": {
    from: "path: /readyz",
    to: "path: /status/503",
    told: /^health check failed .*Deployment\/podinfo\/podinfo status: 'InProgress'/s,
  },
} as const;

describe("gitops/, reconciled by Flux under traffic through the ingress gateway", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  let flux: Flux;
  let repository: Repository;
  /** Clients outside the mesh, and in a namespace of the mesh that the tree does not allow. */
  let outside: Pod;
  let elsewhere: Pod;
  let options: LoadOptions;

  beforeAll(async () => {
    await mesh.follow([OTHER, REVISION]);
    flux = await Flux.start(cluster, parts.control, parts.logDirectory);
    // Its manifest has a sidecar of the add-on, whose image is not on this node.
    repository = new Repository(cluster, flux, scratch, ["podinfo-manual"]);
    await repository.follow();
    await cluster.applyAll([
      namespace("outside"),
      namespace("elsewhere", { [REVISION_LABEL]: REVISION }),
    ]);
    [outside] = (await deployed(cluster, client("outside"))) as [Pod];
    [elsewhere] = (await deployed(cluster, client("elsewhere"))) as [Pod];
    const certificate = certificateFor(HOST, scratch);
    // cert-manager, which does not run here, would create it for the Certificate in the tree.
    await cluster.apply(gatewaySecret("podinfo-tls", certificate));
    options = {
      url: `https://${HOST}/`,
      host: HOST,
      connectTo: `${GATEWAY_ADDRESS}:443`,
      authority: certificate.certificate,
      rate: 40,
      field: "message",
    };
  });

  afterAll(async () => {
    await repository.remove();
    await flux.stop();
    await emptied(cluster, mesh);
  });

  beforeEach(async () => {
    repository.restore();
    await repository.reconciled(await repository.commit());
  });

  const pods = () => rolledOut(cluster, deployment);

  /** The names of the pods that receive requests. */
  async function serving(): Promise<readonly string[]> {
    const all = await cluster.list<PodWithStatus>("v1", "Pod", { namespace: "podinfo" });
    return all
      .filter(({ status }) =>
        status?.conditions?.some((each) => each.type === "Ready" && each.status === "True"),
      )
      .map(({ metadata }) => metadata.name)
      .sort();
  }

  /** The responses to twenty requests, counted by message. */
  async function answers(): Promise<LoadReport["fields"]> {
    return (await load(cluster, outside, { ...options, requests: 20, fresh: true })).fields;
  }

  function say(message: string): void {
    repository.edit("apps/dev/podinfo.yaml", "value: dev", `value: ${message}`);
  }

  /** Sends requests during an action, over keep-alive and over new connections, and expects that none are lost. */
  async function nothingIsLost(
    { annotate }: TestContext,
    messages: readonly string[],
    act: () => Promise<void>,
  ): Promise<void> {
    const running = await Promise.all(
      [false, true].map((fresh) =>
        startLoad(cluster, outside, { ...options, requests: 400, fresh }),
      ),
    );
    await act();
    const reports = await Promise.all(running.map((each) => each.stop()));
    for (const [index, { sent, failed, by, fields, p99Ms, maxMs, seconds }] of reports.entries()) {
      const connections =
        index === 0 ? "keep-alive connections" : "a new connection for each request";
      await annotate(
        `${connections}: ${sent} sent in ${seconds.toFixed(0)} s, ${failed} lost ${JSON.stringify({ ...by, ...fields })}; p99 ${p99Ms} ms, slowest ${maxMs} ms`,
      );
    }
    for (const { sent, failures, by, fields } of reports) {
      expect(failures).toEqual([]);
      expect(by).toEqual({ "200": sent });
      expect(sent).toBeGreaterThanOrEqual(400);
      expect(Object.keys(fields).sort()).toEqual([...messages].sort());
    }
  }

  test("runs with sidecars, and allows only the callers in its policies", async () => {
    expect((await pods()).map(sidecarRevision)).toEqual([REVISION, REVISION]);
    await settled(cluster, outside, options, "200");
    expect(await answers()).toEqual({ dev: 20 });
    for (const caller of [outside, elsewhere]) {
      const direct = { url: `http://${SERVICE}/`, rate: 50 };
      await settled(cluster, caller, direct, "403");
      const { by } = await load(cluster, caller, { ...direct, requests: 20 });
      expect(by).toEqual({ "403": 20 });
    }
  });

  test("deploys a commit without losing a request", async (context) => {
    await nothingIsLost(context, ["dev", "changed"], async () => {
      say("changed");
      await repository.reconciled(await repository.commit());
    });

    expect((await pods()).map(sidecarRevision)).toEqual([REVISION, REVISION]);
    expect(await answers()).toEqual({ changed: 20 });
  });

  test.for(Object.entries(BROKEN))(
    "keeps the old pods after a commit %s, and applies the next commit",
    async ([, { from, to, told }], context) => {
      // Flux does not apply a later commit until this timeout has passed.
      repository.edit("clusters/dev/apps.yaml", "timeout: 10m", "timeout: 20s");
      await repository.reconciled(await repository.commit());
      const before = (await pods()).map(({ metadata }) => metadata.name).sort();

      await nothingIsLost(context, ["dev", "mended"], async () => {
        repository.edit("apps/base/podinfo/deployment.yaml", from, to);
        say("broken");
        expect(await repository.failed("apps", await repository.commit())).toMatch(told);
        expect(await serving()).toEqual(before);
        expect(await answers()).toEqual({ dev: 20 });

        repository.restore();
        say("mended");
        await repository.reconciled(await repository.commit());
      });

      expect((await pods()).map(sidecarRevision)).toEqual([REVISION, REVISION]);
      expect(await answers()).toEqual({ mended: 20 });
    },
  );

  test("moves the pods to another revision of the mesh and back without losing a request", async (context) => {
    await nothingIsLost(context, ["dev"], async () => {
      for (const file of ["clusters/dev/infrastructure.yaml", "clusters/dev/apps.yaml"]) {
        repository.edit(file, new RegExp(REVISION, "g"), OTHER);
      }
      await repository.reconciled(await repository.commit());
      expect((await pods()).map(sidecarRevision)).toEqual([OTHER, OTHER]);

      repository.restore();
      await repository.reconciled(await repository.commit());
      expect((await pods()).map(sidecarRevision)).toEqual([REVISION, REVISION]);
    });
  });

  test("deploys a manifest with the sidecar that `inject` wrote into it", async () => {
    const app = "podinfo-manual";
    const manifests = repository.path(`apps/base/${app}`);
    const { code, stderr } = await aksIstio(
      ["inject", "--file", join(manifests, "deployment.yaml"), "--refresh"].concat(
        ["--kubeconfig", kubeconfig, "--revision", REVISION],
        ["--out", join(manifests, "deployment-sidecar.yaml")],
      ),
    );
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    repository.edit("apps/base/kustomization.yaml", "  - podinfo\n", `  - podinfo\n  - ${app}\n`);
    await repository.reconciled(await repository.commit());

    const kind = { apiVersion: "apps/v1", kind: "Deployment" };
    const manual = await rolledOut(cluster, { ...kind, metadata: { name: app, namespace: app } });
    expect(manual.map(sidecarRevision)).toEqual([REVISION, REVISION]);
    // Its policy allows only this namespace, so the sidecars decide.
    const [caller] = (await deployed(cluster, client("podinfo"))) as [Pod];
    const target = { url: `http://${app}.${app}.svc.cluster.local/`, rate: 50 };
    for (const [from, status] of [
      [caller, "200"],
      [elsewhere, "403"],
    ] as const) {
      await settled(cluster, from, target, status);
      const { by } = await load(cluster, from, { ...target, requests: 20 });
      expect(by).toEqual({ [status]: 20 });
    }
  });
});
