import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { AKS, GATEWAY_ADDRESS, egressService, isForAzure } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { proxyConfig, sidecarRevision } from "../real/harness/pods.ts";
import type { Pod } from "../real/harness/pods.ts";
import { render } from "../real/harness/render.ts";
import { waitFor } from "../real/harness/waitFor.ts";
import { scratch } from "../real/harness/scratch.ts";
import { aksIstio } from "../support/command.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { certificateFor } from "./harness/certificate.ts";
import type { Certificate } from "./harness/certificate.ts";
import { gatewayPods } from "./harness/gateway.ts";
import { IMAGES } from "./harness/images.ts";
import { emptied } from "./harness/emptied.ts";
import { load, settled } from "./harness/load.ts";
import type { LoadOptions, LoadReport } from "./harness/load.ts";
import { logOf } from "./harness/logs.ts";
import { Mesh } from "./harness/mesh.ts";
import { client, deployed, podinfo, withLocalImages } from "./harness/workloads.ts";
import {
  EDGE,
  EGRESS,
  EXTERNAL_HOST,
  INTERNAL_HOST,
  OFFICE,
  PLAIN,
  REVISION,
  SECURE,
  SHOP,
  UNREGISTERED,
  VISITOR,
  WORLD,
  promisedStack,
} from "./harness/promisedStack.ts";
import { world } from "./harness/world.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

/** Any unused address, like `GATEWAY_ADDRESS`. */
const EXTERNAL_ADDRESS = "10.224.0.11";

const FRONTEND = `http://frontend.${SHOP}.svc.cluster.local:9898`;
const BACKEND = `http://backend.${SHOP}.svc.cluster.local:9898`;
const OPEN = `http://open.${VISITOR}.svc.cluster.local/`;

/** The Secret that the secrets store driver creates from a certificate in Key Vault. */
function secret(name: string, namespace: string, { certificate, key }: Certificate): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  };
}

const isAllowing = ({ kind, spec }: Resource) =>
  kind === "AuthorizationPolicy" && (spec as { action?: string }).action === "ALLOW";

const isSharedConfigMap = ({ metadata }: Resource) =>
  metadata.name === AKS.sharedConfigMap(REVISION);

describe("the objects of a stack", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  /** The deployed objects, and the same without one setting of the mesh. */
  let objects: readonly Resource[];
  let withoutHold: readonly Resource[];
  const internal = certificateFor(INTERNAL_HOST, scratch);
  const external = certificateFor(EXTERNAL_HOST, scratch);
  const secure = certificateFor(SECURE, scratch);
  /** Clients outside the mesh, in it, in a namespace with sidecarScope, and in the sample's namespace. */
  let outside: Pod;
  let visitor: Pod;
  let scoped: Pod;
  let neighbor: Pod;
  /** Has the identity of the sample's frontend. */
  let asFrontend: Pod;
  let egressPod: Pod;

  beforeAll(async () => {
    const hold = { defaultConfig: { holdApplicationUntilProxyStarts: true } };
    [objects, withoutHold] = await Promise.all([
      render(promisedStack(hold)),
      render(promisedStack({})),
      mesh.follow([REVISION]),
    ]);
    objects = objects.filter((object) => !isForAzure(object)).map(withLocalImages);
    await cluster.applyAll([
      ...objects.filter((object) => !isAllowing(object)),
      secret("internal-example-com", AKS.ingressNamespace, internal),
      secret("external-example-com", EDGE, external),
      egressService({ name: EGRESS, namespace: EDGE }),
    ]);
    const service = { apiVersion: "v1", kind: "Service" };
    const gateway = { ...service, metadata: { name: "external-istio", namespace: EDGE } };
    await waitFor("the Service of the Gateway API's gateway", () =>
      cluster.find("v1", "Service", gateway.metadata.name, EDGE),
    );
    const status = { loadBalancer: { ingress: [{ ip: EXTERNAL_ADDRESS }] } };
    await cluster.merge(gateway, { status }, "status");

    const revision = { [REVISION_LABEL]: REVISION };
    const samples = objects.filter(({ kind }) => kind === "Deployment");
    [[outside, visitor, scoped, neighbor, asFrontend, egressPod]] = await Promise.all([
      Promise.all([
        one(client(WORLD)),
        one(client(VISITOR)),
        one(client(OFFICE)),
        one(client(SHOP)),
        one(client(SHOP, "as-frontend", "frontend")),
        one(gatewayPods({ name: EGRESS, namespace: EDGE }, EGRESS, revision)),
      ]),
      one(world(WORLD, ["plain", "secure", "other"], secure)),
      one(podinfo(VISITOR, "open")),
      one(podinfo(VISITOR, "canary")),
      deployed(cluster, samples),
    ]);
  });

  afterAll(async () => {
    await emptied(cluster, mesh);
  });

  let counted = 0;

  async function send(from: Pod, options: LoadOptions): Promise<LoadReport> {
    const report = await load(cluster, from, { rate: 50, fresh: true, ...options });
    counted += report.sent;
    return report;
  }

  /** Waits for fifty responses of a kind in a row, and then expects twenty more. */
  async function expectAll(kind: string, from: Pod, options: LoadOptions): Promise<LoadReport> {
    await settled(cluster, from, { fresh: true, ...options }, kind);
    const report = await send(from, { ...options, requests: 20 });
    expect(report.by).toEqual({ [kind]: 20 });
    return report;
  }

  /** A test that annotates itself with the number of requests that it sent. */
  function promise(title: string, check: () => Promise<void>): void {
    test(title, async ({ annotate }) => {
      counted = 0;
      const began = Date.now();
      await check();
      const seconds = ((Date.now() - began) / 1000).toFixed(0);
      await annotate(`${counted} counted requests, each with the expected result, in ${seconds} s`);
    });
  }

  const atInternal = (options: Partial<LoadOptions> = {}): LoadOptions => ({
    url: `https://${INTERNAL_HOST}/`,
    connectTo: `${GATEWAY_ADDRESS}:443`,
    authority: internal.certificate,
    ...options,
  });
  const atExternal = (options: Partial<LoadOptions> = {}): LoadOptions => ({
    url: `https://${EXTERNAL_HOST}/`,
    connectTo: `${EXTERNAL_ADDRESS}:443`,
    authority: external.certificate,
    ...options,
  });

  promise(
    "deny every request in a namespace with defaultDeny until policies allow some",
    async () => {
      await expectAll("200", visitor, { url: OPEN });
      await expectAll("403", visitor, { url: FRONTEND });
      await expectAll("403", asFrontend, { url: `${BACKEND}/echo`, method: "POST" });
      await expectAll("403", outside, atInternal());
      await expectAll("403", outside, atExternal());
      await cluster.applyAll(objects.filter(isAllowing));
      await expectAll("200", outside, atInternal());
      await expectAll("200", outside, atExternal());
    },
  );

  promise("allow the sample's callers only the requests that they need", async () => {
    const echo = { url: `${BACKEND}/echo`, method: "POST", body: "to the backend" } as const;
    // That is how podinfo accepts one.
    await expectAll("202", asFrontend, echo);
    const throughBoth = { method: "POST", body: "through both", contains: "through both" } as const;
    const url = `https://${INTERNAL_HOST}/api/echo`;
    await expectAll("200", outside, atInternal({ url, ...throughBoth }));

    await expectAll("403", asFrontend, { ...echo, method: "GET" });
    await expectAll("403", asFrontend, { ...echo, url: `${BACKEND}/api/echo` });
    await expectAll("403", asFrontend, { ...echo, url: echo.url.replace("9898", "9999") });
    await expectAll("403", asFrontend, { url: FRONTEND });
    for (const other of [neighbor, visitor]) {
      await expectAll("403", other, echo);
      await expectAll("403", other, { url: FRONTEND });
    }
  });

  promise("reject plain text everywhere in the mesh", async () => {
    for (const url of [FRONTEND, BACKEND, OPEN]) {
      await expectAll("connection reset", outside, { url });
    }
    await expectAll("200", visitor, { url: OPEN });
  });

  promise("give neither a sidecar nor a certificate to a pod that opts out", async () => {
    const optedOut = client(VISITOR, "opted-out").map((object) =>
      object.kind === "Deployment"
        ? labelled(object, { "sidecar.istio.io/inject": "false" })
        : object,
    );
    const pod = await one(optedOut);
    expect([visitor, pod].map(sidecarRevision)).toEqual([REVISION, undefined]);
    // A proxy requests its certificate with this token.
    expect([visitor, pod].map(volumes).map((names) => names.includes("istio-token"))).toEqual([
      true,
      false,
    ]);
    await expectAll("connection reset", pod, { url: OPEN });
    const { body } = await expectAll("200", visitor, { url: `${OPEN}headers` });
    expect(body).toContain(`URI=spiffe://cluster.local/ns/${VISITOR}/sa/client`);
  });

  promise(
    "serve only the configured host, with its certificate, at the add-on's gateway",
    async () => {
      const plain = { connectTo: `${GATEWAY_ADDRESS}:80` };
      const other = external.certificate;
      await expectAll("200", outside, atInternal());
      await expectAll("certificate refused", outside, atInternal({ authority: other }));
      await expectAll(
        "connection reset",
        outside,
        atInternal({ url: `https://${EXTERNAL_HOST}/` }),
      );
      await expectAll("301", outside, { ...plain, url: `http://${INTERNAL_HOST}/` });
      await expectAll("404", outside, { ...plain, url: `http://${EXTERNAL_HOST}/` });
    },
  );

  promise(
    "serve only the configured host, with its certificate, at the Gateway API's gateway",
    async () => {
      const plain = { connectTo: `${EXTERNAL_ADDRESS}:80` };
      const other = internal.certificate;
      await expectAll("200", outside, atExternal());
      await expectAll("certificate refused", outside, atExternal({ authority: other }));
      await expectAll(
        "connection reset",
        outside,
        atExternal({ url: `https://${INTERNAL_HOST}/` }),
      );
      // Its redirect applies to all hosts.
      await expectAll("301", outside, { ...plain, url: `http://${EXTERNAL_HOST}/` });
      await expectAll("301", outside, { ...plain, url: `http://${INTERNAL_HOST}/` });
    },
  );

  promise(
    "route to registered external hosts through the egress gateway, and to no others",
    async () => {
      const authority = secure.certificate;
      await expectAll("200", visitor, { url: `http://${PLAIN}/version` });
      await expectAll("200", visitor, { url: `https://${SECURE}/`, authority });
      await expectAll("502", visitor, { url: `http://${UNREGISTERED}/` });
      await expectAll("connection reset", visitor, { url: `https://${UNREGISTERED}/` });
      // The host responds to clients without a sidecar.
      await expectAll("200", outside, { url: `http://${UNREGISTERED}/` });
      // The log must contain at least the counted requests. The gateway writes it with a delay.
      await waitFor("the egress gateway's log of both hosts", async () => {
        const lines = (await logOf(cluster, egressPod, "istio-proxy")).split("\n");
        const about = [`"GET /version HTTP`, `outbound|443||${SECURE}`].map(
          (text) => lines.filter((line) => line.includes(text)).length,
        );
        if (about.some((count) => count < 20)) throw new Error(about.join());
        return true;
      });
    },
  );

  promise("hide other namespaces from the sidecars of a namespace with sidecarScope", async () => {
    await expectAll("200", scoped, { url: `http://${PLAIN}/` });
    await expectAll("502", scoped, { url: OPEN });
    await expectAll("200", visitor, { url: OPEN });
  });

  promise("be explained as they are: `explain request` says which requests pass", async () => {
    const echo = { method: "POST", body: "x" } as const;
    const frontend = `${SHOP}/frontend`;
    const backend = `${SHOP}/backend`;
    const onPort = ["--port", "9898"];
    const cases: readonly (readonly [string, Pod, LoadOptions, string, ...string[]])[] = [
      ["yes", visitor, { url: OPEN }, `${VISITOR}/open`],
      ["no", outside, { url: OPEN }, `${VISITOR}/open`],
      ["no", scoped, { url: OPEN }, `${VISITOR}/open`],
      ["no", visitor, { url: FRONTEND }, frontend, ...onPort],
      [
        "yes",
        asFrontend,
        { url: `${BACKEND}/echo`, ...echo },
        backend,
        ...onPort,
        "--path",
        "/echo",
      ],
      [
        "no",
        asFrontend,
        { url: `${BACKEND}/api/echo`, ...echo },
        backend,
        ...onPort,
        "--path",
        "/api/echo",
      ],
      ["no", asFrontend, { url: `${BACKEND}/echo` }, backend, ...onPort, "--path", "/echo"],
      ["no", neighbor, { url: `${BACKEND}/echo`, ...echo }, backend, ...onPort, "--path", "/echo"],
      ["yes", visitor, { url: `http://${PLAIN}/version` }, PLAIN, "--path", "/version"],
      ["no", visitor, { url: `http://${UNREGISTERED}/` }, UNREGISTERED],
    ];
    for (const [answer, from, options, to, ...more] of cases) {
      const { by } = await send(from, { ...options, requests: 5 });
      const passed = Object.keys(by).every((status) => /^2\d\d$/.test(status));
      const { name, namespace: where = "" } = from.metadata;
      const method = options.method ?? "GET";
      const said = await explained([`pod/${name}`, to, "-n", where, "--method", method, ...more]);
      expect([to, options, passed ? "yes" : "no", said]).toEqual([to, options, answer, answer]);
    }
    for (const [host, options, answer] of [
      [INTERNAL_HOST, atInternal(), "yes"],
      [INTERNAL_HOST, atInternal({ url: `https://${INTERNAL_HOST}/api/echo`, ...echo }), "yes"],
      [UNREGISTERED, atInternal({ url: `https://${UNREGISTERED}/` }), "no"],
    ] as const) {
      const { by } = await send(outside, { ...options, requests: 5 });
      const passed = Object.keys(by).every((status) => /^2\d\d$/.test(status));
      const method = options.method ?? "GET";
      const request = [
        "--port",
        "443",
        "--method",
        method,
        "--path",
        new URL(options.url).pathname,
      ];
      const said = await explained(["ingress", host, ...request]);
      expect([host, passed ? "yes" : "no", said]).toEqual([host, answer, answer]);
    }
  });

  /** The answer of `aks-istio explain request` from the objects in the cluster. */
  async function explained(args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await aksIstio([
      ...["explain", "request", ...args],
      ...["--kubeconfig", kubeconfig, "--output", "json"],
    ]);
    if (stdout === "") throw new Error(`exit code ${String(code)}: ${stderr}`);
    return (JSON.parse(stdout) as { readonly verdict: { readonly answer: string } }).verdict.answer;
  }

  // No component creates such a route, but sidecars in its namespaces must apply one.
  promise("split traffic 90:10 according to a VirtualService", async () => {
    const destination = (host: string, weight: number) => ({
      destination: { host, port: { number: 80 } },
      weight,
    });
    const route: Resource = {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "split", namespace: VISITOR },
      spec: {
        hosts: ["open"],
        http: [{ route: [destination("open", 90), destination("canary", 10)] }],
      },
    };
    const options = { url: OPEN, field: "message", fresh: false, rate: 100 };
    await cluster.apply(route);
    await waitFor("requests to reach the canary", async () => {
      const { fields } = await load(cluster, visitor, { ...options, requests: 100 });
      return (fields["canary"] ?? 0) > 0;
    });
    const { by, fields } = await send(visitor, { ...options, requests: 1000 });
    await cluster.remove(route);
    expect(by).toEqual({ "200": 1000 });
    expect(Object.keys(fields).sort()).toEqual(["canary", "open"]);
    // A value from the binomial distribution (1000, 0.1) is outside less than once in 30,000 runs.
    expect(fields["canary"]).toBeGreaterThanOrEqual(60);
    expect(fields["canary"]).toBeLessThanOrEqual(140);
  });

  promise("hold an application until its proxy starts", async () => {
    // The setting affects only sidecars that are regular containers. Applications always start after native sidecars.
    await configured(true);
    expect(await firstCalls("held", "container")).toEqual({ "200": 5 });
    const shared = withoutHold.filter(isSharedConfigMap);
    expect(shared).toHaveLength(1);
    await cluster.applyAll(shared);
    await configured(false);
    expect(await firstCalls("not-held", "container")).toEqual({ "connection refused": 5 });
    expect(await firstCalls("native", "native sidecar")).toEqual({ "200": 5 });
  });

  /** Resolves once new pods are injected with the setting. */
  async function configured(hold: boolean): Promise<void> {
    await waitFor(`hold to be ${String(hold)}`, async () => {
      const pod = await cluster.create<Pod>(firstCaller("probe", "container"), { dryRun: true });
      return proxyConfig(pod).includes('"holdApplicationUntilProxyStarts":true') === hold;
    });
  }

  /** The results of five applications, run one by one, that send a request as soon as they start. */
  async function firstCalls(name: string, sidecar: Sidecar): Promise<Record<string, number>> {
    const by: Record<string, number> = {};
    for (let index = 1; index <= 5; index += 1) {
      const caller = firstCaller(`${name}-${index}`, sidecar);
      await cluster.create(caller);
      const pod = await waitFor(`${caller.metadata.name} to have called`, async () => {
        const now = await cluster.find<Caller>("v1", "Pod", caller.metadata.name, VISITOR);
        const its = now?.status?.containerStatuses?.find(({ name: one }) => one === "client");
        return its?.state?.terminated !== undefined && now;
      });
      const report = JSON.parse(await logOf(cluster, pod, "client")) as LoadReport;
      for (const [kind, count] of Object.entries(report.by)) by[kind] = (by[kind] ?? 0) + count;
      counted += report.sent;
      await cluster.remove(caller);
    }
    return by;
  }
});

/** Deploys objects that have a single pod. */
async function one(objects: readonly Resource[]): Promise<Pod> {
  const [pod, ...others] = await deployed(cluster, objects);
  if (pod === undefined || others.length > 0) throw new Error("Expected exactly one pod.");
  return pod;
}

/** A container next to the application's, or an init container that keeps running, which Istio calls native. */
type Sidecar = "container" | "native sidecar";

interface Caller extends Pod {
  readonly status?: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: { readonly terminated?: object };
    }[];
  };
}

function firstCaller(name: string, sidecar: Sidecar): Resource {
  const annotations = { "sidecar.istio.io/nativeSidecar": String(sidecar === "native sidecar") };
  const command = ["/load", `-url=${OPEN}`];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: VISITOR, annotations },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "client", image: IMAGES.client, command }],
    },
  };
}

function volumes({ spec }: Pod): string[] {
  return (spec["volumes"] as readonly { readonly name: string }[]).map(({ name }) => name);
}

/** The Deployment with more labels on its pods. */
function labelled(deployment: Resource, labels: Readonly<Record<string, string>>): Resource {
  const spec = deployment["spec"] as { readonly template: Pod };
  const { template } = spec;
  const metadata = { ...template.metadata, labels: { ...template.metadata.labels, ...labels } };
  return { ...deployment, spec: { ...spec, template: { ...template, metadata } } };
}
