import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { deleteAll, namesAreFree, namespacesOf } from "./harness/cleanUp.ts";
import { Cluster } from "./harness/cluster.ts";
import type { Resource } from "./harness/cluster.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { onLoopback, real, startMesh } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { borrowed, devStack, render } from "./harness/render.ts";
import { waitFor } from "./harness/waitFor.ts";

interface Deployment extends Resource {
  readonly spec: { readonly replicas: number };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** A pod that meets the strictest pod security standard. */
function probe(namespace: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "probe",
          image: "registry.k8s.io/pause:3.10",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

describe("the rendered dev stack", () => {
  const stack = devStack();
  // A separate client: its warnings come only from the objects applied here.
  const cluster = Cluster.of(real.kubeconfig);
  let mesh: Mesh;
  let revision: MeshRevision;
  let objects: Resource[];
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);

  beforeAll(async () => {
    const dev = stack.config["aks-istio:mesh"].revision;
    mesh = await startMesh("asm-1-29", dev);
    revision = mesh.revisions.at(-1) ?? dev;
    objects = await render(onLoopback ? stack : borrowed(stack, revision));
    await namesAreFree(cluster, namespacesOf(objects));
  });

  afterAll(async () => {
    await deleteAll(cluster, onLoopback ? objects : own());
    await mesh.stop();
  });

  /** The objects in the stack's own namespaces. */
  const own = () =>
    objects.filter(({ metadata: { name, namespace } }) =>
      namespacesOf(objects).includes(namespace ?? name),
    );
  const meshWide = () => objects.filter((object) => !own().includes(object));

  async function expectAccepted(some: readonly Resource[]): Promise<void> {
    const applied = [];
    for (const object of some) applied.push(await cluster.apply(object));

    expect(applied.map(({ kind, metadata: { name } }) => ({ kind, name }))).toEqual(
      some.map(({ kind, metadata: { name } }) => ({ kind, name })),
    );
    expect(cluster.warnings).toEqual([]);
  }

  // The name lists what is left out on a user's cluster.
  test.runIf(onLoopback)(
    "is accepted by the API server if it applies to the whole mesh: its PeerAuthentication, Telemetry, gateway and monitors (would change the user's mesh)",
    async () => {
      expect(meshWide().map(({ kind }) => kind)).toEqual([
        "PeerAuthentication",
        "Telemetry",
        "Service",
        "PodMonitor",
        "ServiceMonitor",
      ]);
      await expectAccepted(meshWide());
    },
  );

  test("is accepted in its own namespaces with strict validation, without a warning", async () => {
    await expectAccepted(own());
  });

  test("is rejected with one unknown field", async () => {
    const [deployment] = ofKind("Deployment") as Deployment[];
    const misspelt = { ...deployment, spec: { ...deployment?.spec, replica: 3 } } as Deployment;

    await expect(cluster.apply(misspelt, { dryRun: true })).rejects.toThrow(
      ".spec.replica: field not declared in schema",
    );
  });

  test("gives every pod the sidecar of its namespace's revision, and none to pods outside the mesh", async () => {
    // A namespace without workloads must meet its standard as well.
    for (const namespace of namespacesOf(objects)) await cluster.apply(probe(namespace));
    const expected = new Map(
      ofKind("Namespace").map(({ metadata: { name, labels } }) => [name, labels?.[REVISION_LABEL]]),
    );

    for (const [namespace, label] of expected) {
      const deployments = ofKind("Deployment") as Deployment[];
      const replicas = deployments
        .filter(({ metadata }) => metadata.namespace === namespace)
        .reduce((sum, { spec }) => sum + spec.replicas, 0);
      const pods = await waitFor(`${replicas + 1} pods in ${namespace}`, async () => {
        const all = await cluster.list<Pod>("v1", "Pod", { namespace });
        return all.length === replicas + 1 && all;
      });
      expect(pods.map(sidecarRevision)).toEqual(pods.map(() => label));
    }
    expect(new Set(expected.values())).toEqual(new Set([revision, undefined]));
    expect(ofKind("Deployment")).not.toEqual([]);
  });

  test("rolls out every workload completely", async () => {
    for (const { apiVersion, kind, metadata } of ofKind("Deployment")) {
      const { name, namespace } = metadata;
      await waitFor(`${name} to be available`, async () => {
        const deployment = await cluster.find<Deployment>(apiVersion, kind, name, namespace);
        return deployment?.status?.conditions?.some(
          ({ type, status }) => type === "Available" && status === "True",
        );
      });
    }
  });
});
