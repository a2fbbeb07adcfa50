import { join } from "node:path";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { sidecarRevision } from "../real/harness/pods.ts";
import type { Redirection } from "../real/harness/charts.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { rolledOut } from "../real/harness/workload.ts";
import { RealCluster } from "./harness/aks.ts";
import type { FluxExtension } from "./harness/fluxExtension.ts";
import { changesOf } from "./harness/events.ts";
import { DAY, newStack, stackFile, urnsInState } from "./harness/stack.ts";
import type { StackOptions } from "./harness/stack.ts";
import { userCli } from "./harness/userCli.ts";

/** The app of gitops/. */
const podinfo: Resource = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "podinfo", namespace: "podinfo" },
};

const [OLD, NEW] = ["asm-1-29", "asm-1-30"];

describe("on a real API server, with the real Kubernetes provider", () => {
  let real: RealCluster;
  let flux: FluxExtension;

  beforeAll(async () => {
    real = await RealCluster.start(join(inject("tools").scratch, "cluster"));
    flux = await real.startFlux();
  });

  afterAll(() => real.stop());

  /** Istio CNI redirects traffic if the mesh was installed with asm-1-30 or later; otherwise, init containers do. */
  function onCluster(redirection: Redirection): StackOptions {
    return {
      target: { access: real.access, path: [inject("tools").kubernetes, real.path] },
      onDone: async (done, { cloud }) => {
        if (done.error === undefined && done.subject.type.endsWith(":ManagedCluster")) {
          await real.follow(cloud, redirection);
        }
        await flux.follow(done, cloud);
      },
    };
  }

  /**
   * The revisions of the sidecars in a namespace; only one if all pods have the same. A deployment completes once the new pods
   * of a Deployment are available, so the last of the old ones may still be there.
   */
  async function sidecars(namespace: string): Promise<readonly (string | undefined)[]> {
    const kind = { apiVersion: "apps/v1", kind: "Deployment" };
    const deployments = await real.cluster.list(kind.apiVersion, kind.kind, { namespace });
    const pods = await Promise.all(
      deployments.map(({ metadata }) => rolledOut(real.cluster, { ...kind, metadata })),
    );
    return [...new Set(pods.flat().map(sidecarRevision))];
  }

  test("a rehearsal deploys to the cluster of a kubeconfig", async ({ expect }) => {
    await real.runs([NEW], "cni");
    const up = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"];
    const { code, stdout, stderr } = await aksIstio(
      ["rehearse", "--day", DAY, "--kubeconfig", real.kubeconfig, "--", ...up],
      userCli(inject("tools").kubernetes),
    );
    expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    expect(stderr).toContain("The real provider deploys Kubernetes objects to https://127.0.0.1:");
    const namespace = await real.cluster.find("v1", "Namespace", "shop");
    expect(namespace?.metadata.labels).toMatchObject({ "istio.io/rev": NEW });
    expect(await sidecars("shop")).toEqual([NEW]);
  });

  test("the dev stack is created, stays unchanged, survives failed refreshes, and is destroyed", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), onCluster("cni"));
    const { cli } = stack;
    const up = await stack.up();
    expect([up.code, up.code === 0 ? "" : up.output]).toEqual([0, ""]);
    expect(changesOf(up.events)).toEqual({ create: 60 });
    expect(await sidecars("shop")).toEqual([NEW]);
    // Flux deploys it from gitops/.
    await rolledOut(real.cluster, podinfo);
    expect(await sidecars("podinfo")).toEqual([NEW]);
    expect((await cli.succeed(["stack", "output", "ingressAddresses"])).output).toContain(
      GATEWAY_ADDRESS,
    );
    expect(changesOf((await stack.up()).events)).toEqual({ same: 60 });
    const refresh = ["refresh", "--yes", "--skip-preview"];
    expect(changesOf((await cli.succeed(refresh)).events)).toEqual({ same: 60 });

    // A refresh that cannot read the cluster fails and does not change the state.
    const before = await urnsInState(cli);
    const expired = await real.withExpiredLogin(() => cli.run(refresh));
    expect(expired.code).not.toBe(0);
    expect(await urnsInState(cli)).toEqual(before);
    const gone = await real.unreachable(() => cli.run(refresh));
    expect(gone.code).not.toBe(0);
    expect(await urnsInState(cli)).toEqual(before);
    expect(changesOf((await stack.up()).events)).toEqual({ same: 60 });

    await cli.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(stack.cloud.all).toEqual([]);
    expect(await urnsInState(cli)).toEqual([]);
  });

  test("deployments alone move workloads through an upgrade", async (context) => {
    const { expect } = context;
    const stack = await newStack(
      context,
      stackFile("examples/upgrade-before.yaml"),
      onCluster("init-container"),
    );
    const seen: unknown[] = [];
    for (const phase of ["before", "prepared", "canary", "promoted", "after"]) {
      stack.edit((text) => {
        const salt = /^encryptionsalt: .*$/m.exec(text)?.[0] ?? "";
        return `${salt}\n${stackFile(`examples/upgrade-${phase}.yaml`)}`;
      });
      const { code, output } = await stack.up();
      expect([phase, code, code === 0 ? "" : output]).toEqual([phase, 0, ""]);
      seen.push([phase, await sidecars("web"), await sidecars("api"), await sidecars("batch")]);
    }
    expect(seen).toEqual([
      ["before", [OLD], [OLD], []],
      ["prepared", [OLD], [OLD], []],
      ["canary", [NEW], [OLD], []],
      ["promoted", [NEW], [NEW], []],
      ["after", [NEW], [NEW], []],
    ]);
  });
});
