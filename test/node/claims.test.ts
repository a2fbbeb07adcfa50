import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { REVISION, namespace, titleOf } from "../real/claims/claim.ts";
import type { Claim } from "../real/claims/claim.ts";
import {
  TLS_HOST,
  availabilityClaim,
  gatewaySecretClaim,
  identityClaim,
  rootNamespaceClaim,
} from "../real/claims/traffic.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { deploy } from "../real/harness/deploy.ts";
import { judge } from "../real/harness/judge.ts";
import type { Judgement } from "../real/harness/judge.ts";
import type { Pod } from "../real/harness/pods.ts";
import { rolledOut } from "../real/harness/workload.ts";
import { scratch } from "../real/harness/scratch.ts";
import { certificateFor } from "./harness/certificate.ts";
import type { Certificate } from "./harness/certificate.ts";
import { emptied } from "./harness/emptied.ts";
import { load, settled, startLoad } from "./harness/load.ts";
import type { LoadOptions, LoadReport } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import { client, deployed, podinfo, served, withLocalImages } from "./harness/workloads.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

/** A server and a client in the mesh, and a client outside. */
const [SERVER, OUTSIDE] = ["claims-server", "claims-outside"] as const;
const SERVER_URL = `http://server.${SERVER}.svc.cluster.local/`;
const MARKER_HOST = "marker.example.com";

describe("claims of the policy pack about traffic", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  const [certificate, markerCertificate] = [TLS_HOST, MARKER_HOST].map((host) =>
    certificateFor(host, scratch),
  ) as [Certificate, Certificate];
  let judgement: Judgement;
  let inside: Pod;
  let outside: Pod;

  beforeAll(async () => {
    [judgement] = await Promise.all([judge(), mesh.follow([REVISION])]);
    await cluster.applyAll([
      namespace(SERVER),
      namespace(OUTSIDE, {}),
      namespace("istio-system", {}),
    ]);
    [[inside], [outside]] = (await Promise.all([
      deployed(cluster, client(SERVER)),
      deployed(cluster, client(OUTSIDE)),
      deployed(cluster, podinfo(SERVER, "server")),
    ])) as unknown as [[Pod], [Pod]];
  });

  afterAll(async () => {
    await emptied(cluster, mesh);
  });

  async function remove(objects: readonly Resource[]): Promise<void> {
    for (const object of objects) if (object.kind !== "Namespace") await cluster.remove(object);
  }

  function expectJudged(claim: Claim): void {
    expect(judgement(claim)).toEqual([claim.policy, ...(claim.also ?? [])].sort());
  }

  /** Deploys the objects of a state, adapted to the node. */
  async function become(now: readonly Resource[], before: readonly Resource[] = []): Promise<void> {
    await deploy(cluster, now.map(withLocalImages).map(withCertificate), before);
    const deployments = now.filter(({ kind }) => kind === "Deployment");
    await Promise.all(deployments.map((each) => rolledOut(cluster, each)));
  }

  function withCertificate(object: Resource): Resource {
    if (object.kind !== "Secret") return object;
    const stringData = { "tls.crt": certificate.certificate, "tls.key": certificate.key };
    return { ...object, stringData };
  }

  let counted: LoadReport[] = [];

  /** Waits for fifty responses of a kind in a row, and then expects twenty more. */
  async function expectAll(kind: string, from: Pod, options: LoadOptions): Promise<void> {
    const fresh = { fresh: true, rate: 50, ...options };
    await settled(cluster, from, fresh, kind);
    const report = await load(cluster, from, { ...fresh, requests: 20 });
    counted.push(report);
    expect(report.by).toEqual({ [kind]: 20 });
  }

  /** A test that annotates itself with the results of its requests in both states. */
  function show(claim: Claim, harm: string, check: () => Promise<void>): void {
    test(titleOf(claim, harm), async ({ annotate }) => {
      counted = [];
      expectJudged(claim);
      await check();
      const lines = counted.map(({ sent, by }) => `${sent} sent ${JSON.stringify(by)}`);
      await annotate(lines.join("; "));
    });
  }

  show(rootNamespaceClaim, "a server still accepts plain text", async () => {
    const { broken, mended } = rootNamespaceClaim;
    await become(broken);
    // Once the server's proxy applies this later object, it has received all earlier ones.
    const marker: Resource = {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "marker", namespace: SERVER },
      spec: { action: "DENY", rules: [{ to: [{ operation: { paths: ["/marker"] } }] }] },
    };
    await cluster.apply(marker);
    await settled(cluster, outside, { url: `${SERVER_URL}marker`, fresh: true }, "403");
    await expectAll("200", outside, { url: SERVER_URL });
    await become(mended, broken);
    await expectAll("connection reset", outside, { url: SERVER_URL });
    await expectAll("200", inside, { url: SERVER_URL });
    await remove(mended);
  });

  show(gatewaySecretClaim, "the gateway has no certificate and resets each handshake", async () => {
    const { broken, mended } = gatewaySecretClaim;
    const options = (host: string, authority: string): LoadOptions => ({
      url: `https://${host}/`,
      connectTo: `${GATEWAY_ADDRESS}:443`,
      authority,
      fresh: true,
    });
    await become(broken);
    // Once the gateway serves this later host, it has received all earlier objects.
    await cluster.applyAll(
      served(MARKER_HOST, markerCertificate, `server.${SERVER}.svc.cluster.local`),
    );
    const marker = options(MARKER_HOST, markerCertificate.certificate);
    await settled(cluster, outside, marker, "200");
    const host = options(TLS_HOST, certificate.certificate);
    await expectAll("connection reset", outside, host);
    await become(mended, broken);
    await expectAll("200", outside, host);
  });

  show(availabilityClaim, "draining a node loses requests", async () => {
    const { broken, mended, name } = availabilityClaim;
    const url = `http://server.${name}.svc.cluster.local/`;
    const drain = async () => {
      await settled(cluster, inside, { url }, "200");
      const running = await startLoad(cluster, inside, { url, rate: 50, requests: 500 });
      for (const pod of await podsOf(name, "server")) await cluster.evict(pod);
      for (const each of broken.filter(({ kind }) => kind === "Deployment")) {
        await rolledOut(cluster, each);
      }
      const report = await running.stop();
      counted.push(report);
      return report;
    };
    await become(broken);
    expect((await drain()).failed).toBeGreaterThan(0);
    await become(mended, broken);
    const { failures, sent } = await drain();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(500);
  });

  show(identityClaim, "a workload has the same permissions as its neighbor", async () => {
    const { broken, mended, name } = identityClaim;
    const url = `http://server.${name}.svc.cluster.local/`;
    const clients = async () => {
      const pods = ["allowed", "neighbor"].map(async (app) => (await podsOf(name, app))[0]);
      return (await Promise.all(pods)) as [Pod, Pod];
    };
    await become(broken);
    for (const each of await clients()) await expectAll("200", each, { url });
    await become(mended, broken);
    const [allowed, neighbor] = await clients();
    await expectAll("200", allowed, { url });
    await expectAll("403", neighbor, { url });
  });

  async function podsOf(namespace: string, app: string): Promise<Pod[]> {
    const pods = await cluster.list<Pod>("v1", "Pod", { namespace, labels: `app=${app}` });
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }
});
