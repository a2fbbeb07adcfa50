import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { deleteAll, deleteNamespaces, namesAreFree } from "./harness/cleanUp.ts";
import { Flux } from "./harness/flux.ts";
import { treeObjects } from "./harness/gitops.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, real, startMesh } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { Repository } from "./harness/repository.ts";
import { scratch } from "./harness/scratch.ts";
import { waitFor } from "./harness/waitFor.ts";

/** The objects of the tree, and a name that one of its changes introduces. */
const NAMESPACES = ["cert-manager", "podinfo", "podinfo-moved", "podinfo-manual"];

describe.skipIf(!onLoopback)("gitops/, as Flux reconciles it (from a source on loopback)", () => {
  let mesh: Mesh;
  let flux: Flux;
  let repository: Repository;

  beforeAll(async () => {
    await namesAreFree(cluster, NAMESPACES);
    mesh = await startMesh("asm-1-29", "asm-1-30");
    flux = await Flux.start(cluster, real.programs, real.logDirectory);
    repository = new Repository(cluster, flux, scratch);
    await repository.follow();
  });

  afterAll(async () => {
    await repository.remove();
    await deleteAll(cluster, treeObjects());
    await deleteNamespaces(cluster, NAMESPACES);
    await flux.stop();
    await mesh.stop();
  });

  const podinfo = () => cluster.find("apps/v1", "Deployment", "podinfo", "podinfo");

  async function pods(count = 2): Promise<readonly Pod[]> {
    return await waitFor(`${count} pods of podinfo`, async () => {
      const all = await cluster.list<Pod>("v1", "Pod", { namespace: "podinfo" });
      return all.length === count && all;
    });
  }

  test("applies the apps only after the configuration is ready", async () => {
    repository.edit(
      "infrastructure/configs/namespaces/podinfo.yaml",
      "rev: ${mesh_revision}",
      "rev: -${mesh_revision}",
    );
    const revision = await repository.commit();

    expect(await repository.failed("infra-configs", revision)).toContain("Namespace");
    await waitFor("apps to report its dependency", async () => {
      const { reason, message } = await repository.ready("apps");
      return (
        reason === "DependencyNotReady" &&
        message.includes("'flux-system/infra-configs' is not ready")
      );
    });
    expect(await podinfo()).toBeUndefined();
  });

  test("becomes ready in that order, and gives every pod its sidecar", async () => {
    repository.restore();
    await repository.reconciled(await repository.commit());

    const configs = await repository.ready("infra-configs");
    const deployment = await podinfo();
    expect(Date.parse(String(deployment?.metadata["creationTimestamp"]))).toBeGreaterThanOrEqual(
      Date.parse(configs.lastTransitionTime),
    );
    const namespace = await cluster.find("v1", "Namespace", "podinfo");
    expect(namespace?.metadata.labels?.[REVISION_LABEL]).toBe("asm-1-30");
    expect((await pods()).map(sidecarRevision)).toEqual(["asm-1-30", "asm-1-30"]);
  });

  test("gives the pods of a namespace without a revision the sidecar of their manifest", async () => {
    const manual = await waitFor("2 pods of podinfo-manual", async () => {
      const all = await cluster.list<Pod>("v1", "Pod", { namespace: "podinfo-manual" });
      return all.length === 2 && all;
    });
    expect(manual.map(sidecarRevision)).toEqual(["asm-1-30", "asm-1-30"]);
  });

  test("applies a change to the pods", async () => {
    repository.edit("apps/dev/podinfo.yaml", "value: dev", "value: changed");
    await repository.reconciled(await repository.commit());

    expect((await pods()).map(message)).toEqual(["changed", "changed"]);
  });

  test("moves the pods to another revision of the mesh without a manual restart", async () => {
    repository.edit("clusters/dev/infrastructure.yaml", /asm-1-30/g, "asm-1-29");
    repository.edit("clusters/dev/apps.yaml", "asm-1-30", "asm-1-29");
    await repository.reconciled(await repository.commit());

    expect((await pods()).map(sidecarRevision)).toEqual(["asm-1-29", "asm-1-29"]);
  });

  test("prunes removed objects, and keeps the namespace with its contents", async () => {
    const rule = () =>
      cluster.find("networking.istio.io/v1", "DestinationRule", "podinfo", "podinfo");
    expect(await rule()).toBeDefined();

    repository.edit("apps/base/podinfo/kustomization.yaml", /\n.*destination-rule.yaml/, "");
    repository.edit(
      "infrastructure/configs/namespaces/podinfo.yaml",
      "name: podinfo",
      "name: podinfo-moved",
    );
    const before = (await pods()).map(({ metadata }) => metadata.name);
    await repository.reconciled(await repository.commit());

    expect(await rule()).toBeUndefined();
    expect(await cluster.find("v1", "Namespace", "podinfo")).toMatchObject({
      status: { phase: "Active" },
    });
    expect((await pods()).map(({ metadata }) => metadata.name)).toEqual(before);
  });

  test("leaves everything running if a manifest is broken, and continues once it is fixed", async () => {
    repository.restore();
    await repository.reconciled(await repository.commit());
    const before = (await pods()).map(({ metadata }) => metadata.name);

    repository.edit("apps/base/podinfo/deployment.yaml", "replicas: 2", "replicas: two");
    repository.edit("apps/base/podinfo/service.yaml", "port: 80\n", "port: 81\n");
    const revision = await repository.commit();
    expect(await repository.failed("apps", revision)).toContain("Deployment");

    expect((await repository.ready("infra-configs")).status).toBe("True");
    expect((await pods()).map(({ metadata }) => metadata.name)).toEqual(before);
    // Nothing of a broken commit is applied, not even its valid objects.
    expect(await cluster.find("v1", "Service", "podinfo", "podinfo")).toMatchObject({
      spec: { ports: [{ port: 80 }] },
    });

    repository.restore();
    await repository.reconciled(await repository.commit());
  });

  test("rejects an undefined variable", async () => {
    repository.edit(
      "infrastructure/configs/namespaces/podinfo.yaml",
      "${mesh_revision}",
      "${mesh_revison}",
    );
    expect(await repository.failed("infra-configs", await repository.commit())).toContain(
      "mesh_revison",
    );

    const namespace = await cluster.find("v1", "Namespace", "podinfo");
    expect(namespace?.metadata.labels?.[REVISION_LABEL]).toBe("asm-1-30");
  });
});

function message(pod: Pod): string | undefined {
  return pod.spec.containers
    .flatMap(({ env }) => env ?? [])
    .find(({ name }) => name === "PODINFO_UI_MESSAGE")?.value;
}
