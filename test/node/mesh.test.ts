import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import { sidecarRevision } from "../real/harness/pods.ts";
import type { Pod } from "../real/harness/pods.ts";
import { scratch } from "../real/harness/scratch.ts";
import { certificateFor } from "./harness/certificate.ts";
import { emptied } from "./harness/emptied.ts";
import { load, settled } from "./harness/load.ts";
import type { LoadOptions, LoadReport } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import { client, deployed, namespace, podinfo, served } from "./harness/workloads.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

const REVISION = "asm-1-30";
const BACKEND = "http://backend.backend.svc.cluster.local";
const HOST = "shop.example.com";
const inMesh = { [REVISION_LABEL]: REVISION };

describe("a mesh with sidecars", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  let backend: Pod;
  /** Clients in the mesh and outside. */
  let frontend: Pod;
  let plain: Pod;

  beforeAll(async () => {
    await mesh.follow([REVISION]);
    await cluster.applyAll([
      namespace("backend", inMesh),
      namespace("frontend", inMesh),
      namespace("plain"),
    ]);
    [backend] = (await deployed(cluster, podinfo("backend", "backend"))) as [Pod];
    [frontend] = (await deployed(cluster, client("frontend"))) as [Pod];
    [plain] = (await deployed(cluster, client("plain"))) as [Pod];
  });

  afterAll(async () => {
    await emptied(cluster, mesh);
  });

  async function twenty(from: Pod, options: LoadOptions): Promise<LoadReport> {
    return await load(cluster, from, { ...options, requests: 20, rate: 50 });
  }

  test("injects sidecars into the pods of its namespaces only", () => {
    expect([backend, frontend, plain].map(sidecarRevision)).toEqual([
      REVISION,
      REVISION,
      undefined,
    ]);
  });

  test("shows a server the identity of its client", async () => {
    const { body, ok } = await load(cluster, frontend, { url: `${BACKEND}/headers` });
    expect(ok).toBe(1);
    const headers = JSON.parse(body) as Readonly<Record<string, readonly string[]>>;
    const [, by, uri] =
      /^By=([^;]+);Hash=[0-9a-f]{64};Subject="";URI=([^;]+)$/.exec(
        headers["X-Forwarded-Client-Cert"]?.join() ?? "",
      ) ?? [];
    expect([by, uri]).toEqual([
      "spiffe://cluster.local/ns/backend/sa/backend",
      "spiffe://cluster.local/ns/frontend/sa/client",
    ]);
  });

  test("rejects a client without a certificate only if mutual TLS is strict", async () => {
    const options = { url: `${BACKEND}/`, fresh: true };
    const strict = {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "default", namespace: "backend" },
      spec: { mtls: { mode: "STRICT" } },
    };
    expect((await twenty(plain, options)).by).toEqual({ "200": 20 });
    await cluster.apply(strict);
    await settled(cluster, plain, options, "connection reset");
    expect((await twenty(plain, options)).by).toEqual({ "connection reset": 20 });
    const address = backend.status?.podIP ?? "";
    const direct = { ...options, connectTo: `${address}:9898` };
    expect((await twenty(plain, direct)).by).toEqual({ "connection reset": 20 });
    expect((await twenty(frontend, options)).by).toEqual({ "200": 20 });
    await cluster.remove(strict);
    await settled(cluster, plain, options, "200");
  });

  test("serves a host at the ingress gateway only with its own certificate", async () => {
    const [own, foreign] = [HOST, "other.example.com"].map((host) => certificateFor(host, scratch));
    if (own === undefined || foreign === undefined) throw new Error("No certificate was created.");
    await cluster.applyAll(served(HOST, own, "backend.backend.svc.cluster.local"));
    const options = {
      url: `https://${HOST}/`,
      host: HOST,
      connectTo: `${GATEWAY_ADDRESS}:443`,
      authority: own.certificate,
      fresh: true,
    };
    await settled(cluster, plain, options, "200");
    expect((await twenty(plain, options)).by).toEqual({ "200": 20 });
    const distrusting = { ...options, authority: foreign.certificate };
    expect((await twenty(plain, distrusting)).by).toEqual({ "certificate refused": 20 });
    const unserved = { ...options, host: "other.example.com" };
    expect((await twenty(plain, unserved)).by).toEqual({ "connection reset": 20 });
  });
});
