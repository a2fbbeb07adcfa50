import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { isJsonObject } from "../../../../yaml/json.ts";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import { textAt, valueAt } from "../../../../operate/cluster/clusterObject.ts";
import type { Call } from "../../../../operate/explain/request/request.ts";
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
} from "../../../node/harness/promisedStack.ts";
import { aksIstio } from "../../../support/command.ts";
import { entered, explained, pod, service } from "./objects.ts";
import type { Mesh, PodShape } from "./objects.ts";

/**
 * What real proxies did with the objects of a stack in test/node/promises.test.ts, as explained from the same objects.
 */
let objects: readonly ClusterObject[];

/** The program's objects for the stack, as the API server would receive them. */
async function rendered(): Promise<readonly ClusterObject[]> {
  const directory = mkdtempSync(join(tmpdir(), "promises-"));
  try {
    const [config, out] = [join(directory, "Pulumi.dev.yaml"), join(directory, "out")];
    writeFileSync(config, stringify(promisedStack({})));
    const { code, stderr } = await aksIstio([
      ...["render", "--allow-incomplete", "--out", out, "--config-file", config],
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return (readdirSync(out, { recursive: true }) as string[])
      .filter((file) => file.endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
      .map((file) => parse(readFileSync(join(out, file), "utf8")) as unknown)
      .filter((one) => isJsonObject(one as never)) as unknown as ClusterObject[];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The pod that a Deployment creates in the mesh. */
function podOf(deployment: ClusterObject): ClusterObject {
  const { name, namespace = "" } = deployment.metadata;
  const template = ["spec", "template"] as const;
  const labels = valueAt(deployment, ...template, "metadata", "labels") as PodShape["labels"];
  const account = textAt(deployment, ...template, "spec", "serviceAccountName") ?? "default";
  const ports = [
    { name: "http", containerPort: 9898 },
    { name: "grpc", containerPort: 9999 },
  ];
  return pod(namespace, name, { ...(labels && { labels }), account, ports });
}

const client = (namespace: string, mesh: Mesh = "sidecar", account = "client") =>
  pod(namespace, account === "client" ? "client" : "as-frontend", { mesh, account });

const gatewayPod = (namespace: string, app: string, labels: Readonly<Record<string, string>>) =>
  pod(namespace, app, { mesh: "gateway", labels, account: app });

const secret = (namespace: string, name: string): ClusterObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
});

beforeAll(async () => {
  const ofStack = await rendered();
  const ports = [
    { name: "http", port: 80, targetPort: 80 },
    { name: "tls", port: 443, targetPort: 443 },
  ];
  const egress: ClusterObject = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: EGRESS, namespace: EDGE },
    spec: { selector: { istio: EGRESS }, ports },
  };
  objects = [
    ...ofStack,
    ...ofStack.filter(({ kind }) => kind === "Deployment").map(podOf),
    pod(VISITOR, "open"),
    service(VISITOR, "open", { targetPort: 9898 }),
    secret("aks-istio-ingress", "internal-example-com"),
    secret(EDGE, "external-example-com"),
    gatewayPod("aks-istio-ingress", "internal", { istio: "aks-istio-ingressgateway-internal" }),
    gatewayPod(EDGE, "external", { "gateway.networking.k8s.io/gateway-name": "external" }),
    gatewayPod(EDGE, EGRESS, { istio: EGRESS }),
    egress,
  ];
});

type Requested = Partial<Call>;

const frontend: Requested = { host: `frontend.${SHOP}.svc.cluster.local`, port: 9898 };
const backend: Requested = { ...frontend, host: `backend.${SHOP}.svc.cluster.local` };
const openService: Requested = { host: `open.${VISITOR}.svc.cluster.local` };
const echo: Requested = { ...backend, method: "POST", path: "/echo" };
const isAllowing = ({ kind, spec }: ClusterObject) =>
  kind === "AuthorizationPolicy" && textAt(spec, "action") === "ALLOW";

describe("from pods", () => {
  test.each<[string, ClusterObject, Requested, string]>([
    ["the sample's frontend may post", client(SHOP, "sidecar", "frontend"), echo, "allowed"],
    ["but not get", client(SHOP, "sidecar", "frontend"), { ...echo, method: "GET" }, "denied: 403"],
    [
      "nor another path",
      client(SHOP, "sidecar", "frontend"),
      { ...echo, path: "/api/echo" },
      "denied: 403",
    ],
    [
      "nor another port",
      client(SHOP, "sidecar", "frontend"),
      { ...echo, port: 9999 },
      "denied: 403",
    ],
    ["nor the frontend", client(SHOP, "sidecar", "frontend"), frontend, "denied: 403"],
    ["a neighbor may not", client(SHOP), echo, "denied: 403"],
    ["a visitor may not", client(VISITOR), echo, "denied: 403"],
    ["a visitor may call what is open", client(VISITOR), openService, "allowed"],
    ["a client outside may not", client(WORLD, "none"), openService, "fails: connection reset"],
    ["nor call the frontend", client(WORLD, "none"), frontend, "fails: connection reset"],
    [
      "a pod that opts out may not",
      client(VISITOR, "none"),
      openService,
      "fails: connection reset",
    ],
    ["a scoped client knows only its namespaces", client(OFFICE), openService, "fails: 502"],
    ["a scoped client knows registered hosts", client(OFFICE), { host: PLAIN }, "allowed"],
    ["a registered host, over HTTP", client(VISITOR), { host: PLAIN }, "allowed"],
    [
      "a registered host, over TLS",
      client(VISITOR),
      { host: SECURE, port: 443, protocol: "TLS" },
      "allowed",
    ],
    ["an unregistered host, over HTTP", client(VISITOR), { host: UNREGISTERED }, "fails: 502"],
    [
      "an unregistered host, over TLS",
      client(VISITOR),
      { host: UNREGISTERED, port: 443, protocol: "TLS" },
      "fails: connection reset",
    ],
    ["the same without a sidecar", client(WORLD, "none"), { host: UNREGISTERED }, "allowed"],
  ])("%s", (_, from, call, outcome) => {
    expect(explained(objects, { from, call }).verdict).toMatchObject({ outcome });
  });

  test.each([
    ["an unlisted client", client(VISITOR), frontend],
    ["the sample's frontend", client(SHOP, "sidecar", "frontend"), echo],
  ])("nobody may call before policies allow it: %s", (_, from, call) => {
    const denied = objects.filter((one) => !isAllowing(one));
    expect(explained(denied, { from, call }).verdict.outcome).toBe("denied: 403");
  });

  test("registered hosts are reached through the egress gateway", () => {
    const { steps } = explained(objects, { from: client(VISITOR), call: { host: PLAIN } });
    expect(steps.map(({ name }) => name)).toEqual([
      ...["client", "route", "service", "gateway", "authorization", "route", "service"],
    ]);
    expect(REVISION).toBe("asm-1-30");
  });
});

describe("from outside", () => {
  const tls = (host: string): Requested => ({ host, port: 443, protocol: "TLS" });
  test.each<[string, Requested, string]>([
    ["the add-on's gateway", tls(INTERNAL_HOST), "allowed"],
    ["the Gateway API's gateway", tls(EXTERNAL_HOST), "allowed"],
    ["a host of no gateway", tls("other.example.com"), "fails: connection reset"],
    ["the add-on's gateway, over HTTP", { host: INTERNAL_HOST }, "redirected: 301"],
    ["the Gateway API's gateway, over HTTP", { host: EXTERNAL_HOST }, "redirected: 301"],
  ])("%s", (_, call, outcome) => {
    expect(entered(objects, call).verdict).toMatchObject({ outcome });
  });

  test("gateways may not call before policies allow it", () => {
    const denied = objects.filter((one) => !isAllowing(one));
    for (const host of [INTERNAL_HOST, EXTERNAL_HOST]) {
      expect(entered(denied, tls(host)).verdict.outcome).toBe("denied: 403");
    }
  });
});
