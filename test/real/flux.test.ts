import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { deleteNamespaces, namesAreFree } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { Flux } from "./harness/flux.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, real, startMesh } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { scratch } from "./harness/scratch.ts";
import { waitFor } from "./harness/waitFor.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

interface Kustomization extends Resource {
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** As `flux bootstrap` creates it: everything else comes from the tree. */
const root: Resource = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "flux-system", namespace: "flux-system" },
  spec: {
    interval: "10m",
    path: "./gitops/clusters/dev",
    prune: true,
    sourceRef: { kind: "GitRepository", name: "flux-system" },
  },
};

/** The objects of the tree, and a name that one of its changes introduces. */
const NAMESPACES = ["podinfo", "podinfo-moved"];

describe.skipIf(!onLoopback)("gitops/, as Flux reconciles it (from a source on loopback)", () => {
  let mesh: Mesh;
  let flux: Flux;
  let tree: string;
  let commits = 0;

  beforeAll(async () => {
    await namesAreFree(cluster, NAMESPACES);
    mesh = await startMesh("asm-1-29", "asm-1-30");
    flux = await Flux.start(cluster, real.programs, real.logDirectory);
    tree = mkdtempSync(join(scratch, "gitops-"));
    restore();
    await cluster.apply(root);
  });

  afterAll(async () => {
    for (const name of ["flux-system", "apps", "infrastructure"]) {
      // Otherwise, Flux would first delete, in order, everything that each has applied.
      const object = { ...root, metadata: { ...root.metadata, name } };
      await cluster.merge(object, { spec: { suspend: true } });
      await cluster.remove(object);
    }
    await deleteNamespaces(cluster, NAMESPACES);
    await flux.stop();
    await mesh.stop();
    rmSync(tree, { recursive: true });
  });

  function restore(): void {
    cpSync(join(__dirname, "../../gitops"), join(tree, "gitops"), { recursive: true });
  }

  /** Changes a file of the tree; throws if the file stays the same. */
  function edit(file: string, from: string | RegExp, to: string): void {
    const path = join(tree, "gitops", file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
  }

  /** Publishes the tree as a commit, and resolves to its revision. */
  async function commit(): Promise<string> {
    commits += 1;
    const revision = `main@sha1:${commits.toString(16).padStart(40, "0")}`;
    await flux.publish(tree, revision);
    return revision;
  }

  async function ready(
    name: string,
  ): Promise<Condition & { readonly applied: string | undefined }> {
    const { apiVersion, kind } = root;
    const kustomization = await cluster.find<Kustomization>(apiVersion, kind, name, "flux-system");
    const condition = kustomization?.status?.conditions?.find(({ type }) => type === "Ready");
    if (condition === undefined) throw new Error(`${name} has no condition Ready`);
    return { ...condition, applied: kustomization?.status?.lastAppliedRevision };
  }

  async function reconciled(revision: string): Promise<void> {
    for (const name of ["flux-system", "infrastructure", "apps"]) {
      await waitFor(`${name} to be ready at ${revision}`, async () => {
        const { status, message, applied } = await ready(name);
        if (status === "True" && applied === revision) return true;
        throw new Error(`${status}, ${String(applied)}: ${message}`);
      });
    }
  }

  async function failed(name: string, revision: string): Promise<string> {
    return await waitFor(`${name} to fail at ${revision}`, async () => {
      const { apiVersion, kind } = root;
      const now = await cluster.find<Kustomization>(apiVersion, kind, name, "flux-system");
      const condition = await ready(name);
      return (
        now?.status?.lastAttemptedRevision === revision &&
        condition.status === "False" &&
        condition.message
      );
    });
  }

  const podinfo = () => cluster.find("apps/v1", "Deployment", "podinfo", "podinfo");

  async function pods(count = 2): Promise<readonly Pod[]> {
    return await waitFor(`${count} pods of podinfo`, async () => {
      const all = await cluster.list<Pod>("v1", "Pod", { namespace: "podinfo" });
      return all.length === count && all;
    });
  }

  test("applies the apps only after the infrastructure is ready", async () => {
    edit(
      "infrastructure/namespaces/podinfo.yaml",
      "rev: ${mesh_revision}",
      "rev: -${mesh_revision}",
    );
    const revision = await commit();

    expect(await failed("infrastructure", revision)).toContain("Namespace");
    await waitFor("apps to report its dependency", async () => {
      const { reason, message } = await ready("apps");
      return (
        reason === "DependencyNotReady" &&
        message.includes("'flux-system/infrastructure' is not ready")
      );
    });
    expect(await podinfo()).toBeUndefined();
  });

  test("becomes ready in that order, and gives every pod its sidecar", async () => {
    restore();
    await reconciled(await commit());

    const infrastructure = await ready("infrastructure");
    const deployment = await podinfo();
    expect(Date.parse(String(deployment?.metadata["creationTimestamp"]))).toBeGreaterThanOrEqual(
      Date.parse(infrastructure.lastTransitionTime),
    );
    const namespace = await cluster.find("v1", "Namespace", "podinfo");
    expect(namespace?.metadata.labels?.[REVISION_LABEL]).toBe("asm-1-30");
    expect((await pods()).map(sidecarRevision)).toEqual(["asm-1-30", "asm-1-30"]);
  });

  test("applies a change to the pods", async () => {
    edit("apps/dev/podinfo.yaml", "value: dev", "value: changed");
    await reconciled(await commit());

    expect((await pods()).map(message)).toEqual(["changed", "changed"]);
  });

  test("moves the pods to another revision of the mesh without a manual restart", async () => {
    edit("clusters/dev/infrastructure.yaml", "asm-1-30", "asm-1-29");
    edit("clusters/dev/apps.yaml", "asm-1-30", "asm-1-29");
    await reconciled(await commit());

    expect((await pods()).map(sidecarRevision)).toEqual(["asm-1-29", "asm-1-29"]);
  });

  test("prunes removed objects, and keeps the namespace with its contents", async () => {
    const rule = () =>
      cluster.find("networking.istio.io/v1", "DestinationRule", "podinfo", "podinfo");
    expect(await rule()).toBeDefined();

    edit("apps/base/podinfo/kustomization.yaml", /\n.*destination-rule.yaml/, "");
    edit("infrastructure/namespaces/podinfo.yaml", "name: podinfo", "name: podinfo-moved");
    const before = (await pods()).map(({ metadata }) => metadata.name);
    await reconciled(await commit());

    expect(await rule()).toBeUndefined();
    expect(await cluster.find("v1", "Namespace", "podinfo")).toMatchObject({
      status: { phase: "Active" },
    });
    expect((await pods()).map(({ metadata }) => metadata.name)).toEqual(before);
  });

  test("leaves everything running if a manifest is broken, and continues once it is fixed", async () => {
    restore();
    await reconciled(await commit());
    const before = (await pods()).map(({ metadata }) => metadata.name);

    edit("apps/base/podinfo/deployment.yaml", "replicas: 2", "replicas: two");
    edit("apps/base/podinfo/service.yaml", "port: 80\n", "port: 81\n");
    const revision = await commit();
    expect(await failed("apps", revision)).toContain("Deployment");

    expect((await ready("infrastructure")).status).toBe("True");
    expect((await pods()).map(({ metadata }) => metadata.name)).toEqual(before);
    // Nothing of a broken commit is applied, not even its valid objects.
    expect(await cluster.find("v1", "Service", "podinfo", "podinfo")).toMatchObject({
      spec: { ports: [{ port: 80 }] },
    });

    restore();
    await reconciled(await commit());
  });

  test("rejects an undefined variable", async () => {
    edit("infrastructure/namespaces/podinfo.yaml", "${mesh_revision}", "${mesh_revison}");
    expect(await failed("infrastructure", await commit())).toContain("mesh_revison");

    const namespace = await cluster.find("v1", "Namespace", "podinfo");
    expect(namespace?.metadata.labels?.[REVISION_LABEL]).toBe("asm-1-30");
  });
});

function message(pod: Pod): string | undefined {
  return pod.spec.containers
    .flatMap(({ env }) => env ?? [])
    .find(({ name }) => name === "PODINFO_UI_MESSAGE")?.value;
}
