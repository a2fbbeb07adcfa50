import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { AKS, egressService, isForAzure } from "./harness/aks.ts";
import { analyze } from "./harness/analyze.ts";
import { deleteAll } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { findAll, named } from "./harness/json.ts";
import { Nodes } from "./harness/nodes.ts";
import type { Pod } from "./harness/pods.ts";
import { gatewayPod, identityOf, pushedTo } from "./harness/proxy.ts";
import type { PushedConfiguration } from "./harness/pushed.ts";
import { cluster, onLoopback, real, startRevision } from "./harness/real.ts";
import { devStack, render } from "./harness/render.ts";
import type { StackFile } from "./harness/render.ts";
import type { Revision } from "./harness/revision.ts";
import { waitFor } from "./harness/waitFor.ts";

const REVISION = "asm-1-30";
const SHOP = "gateways-shop";
const EDGE = "gateways-edge";
const EGRESS = "gateways-out";
const FRONTEND = `outbound|9898||frontend.${SHOP}.svc.cluster.local`;

const answer = {
  namespace: SHOP,
  service: "frontend",
  port: 9898,
  certificate: "example-com",
};

/** The dev stack with each kind of gateway that a stack can have. */
function stack(): StackFile {
  const { config } = devStack();
  return {
    config: {
      ...config,
      "aks-istio:mesh": { revision: REVISION },
      "aks-istio:namespaces": { [SHOP]: {}, [EDGE]: {} },
      "aks-istio:workloads": { shop: { namespace: SHOP } },
      "aks-istio:gateways": {
        keyVaultId:
          "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/certificates",
        ingress: {
          Internal: { hosts: { "shop.example.com": answer } },
          External: {
            api: "gateway-api",
            namespace: EDGE,
            hosts: { "public.example.com": answer },
          },
        },
        staticEgress: true,
        egress: {
          [EGRESS]: {
            phase: "routed",
            namespace: EDGE,
            hosts: { "secure.example.org": "TLS", "plain.example.org": "HTTP" },
          },
        },
      },
    },
  };
}

/** The Secret that the secrets store driver creates from a certificate in Key Vault. */
function certificate(name: string, namespace: string): Resource {
  // Any key pair works: the API server generated one for itself.
  const file = (extension: string) =>
    readFileSync(join(dirname(real.kubeconfig), `certificates/apiserver.${extension}`), "base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type: "kubernetes.io/tls",
    data: { "tls.crt": file("crt"), "tls.key": file("key") },
  };
}

describe.skipIf(!onLoopback)("gateways (asks an istiod on loopback)", () => {
  let nodes: Nodes;
  let revision: Revision;
  let objects: Resource[];

  beforeAll(async () => {
    nodes = await Nodes.start(cluster);
    revision = await startRevision(REVISION);
    objects = [
      ...(await render(stack())).filter((object) => !isForAzure(object)),
      certificate("internal-example-com", AKS.ingressNamespace),
      certificate("external-example-com", EDGE),
      egressService({ name: EGRESS, namespace: EDGE }),
      gatewayPod(AKS.ingressNamespace, AKS.internalGateway),
      gatewayPod(EDGE, EGRESS),
    ];
    await cluster.applyAll(objects);
  });

  afterAll(async () => {
    await deleteAll(cluster, objects);
    await revision.remove();
    await nodes.stop();
  });

  /** The configuration of the first pod with the labels, once it has an address and the configuration is stable. */
  async function pushed(
    type: "router" | "sidecar",
    namespace: string,
    labels: string,
    expected: (configuration: PushedConfiguration) => boolean = () => true,
  ): Promise<PushedConfiguration> {
    let before = "";
    return await waitFor(`the configuration of ${namespace} ${labels}`, async () => {
      const pods = await cluster.list<Pod>("v1", "Pod", { namespace, labels });
      const pod = pods.find(({ status }) => status?.podIP !== undefined);
      if (pod === undefined) return undefined;
      const configuration = await pushedTo({ ...identityOf(pod), type }, revision.ports);
      // Clusters are requested before listeners: news that istiod receives in between is only in one of them.
      const { clusters, listeners, routes } = configuration;
      const things = [...clusters, ...listeners, ...routes] as readonly { readonly name: string }[];
      const now = things
        .map(({ name }) => name)
        .sort()
        .join();
      const settled = now === before;
      before = now;
      return settled && expected(configuration) && configuration;
    });
  }

  const isReady =
    (listeners: number) =>
    ({ listeners: pushedListeners }: PushedConfiguration) =>
      pushedListeners.length === listeners;

  test("the add-on's gateway serves the host with its certificate, and routes to the service", async () => {
    const label = `istio=${AKS.internalGateway}`;
    const configuration = await pushed("router", AKS.ingressNamespace, label, isReady(2));
    const { listeners, routes, clusters } = configuration;

    const https = named(listeners, "0.0.0.0_443");
    expect(https).toMatchObject({
      filterChains: [{ filterChainMatch: { serverNames: ["shop.example.com"] } }],
    });
    expect(findAll(https, (value) => "tlsCertificateSdsSecretConfigs" in value)).toMatchObject([
      { tlsCertificateSdsSecretConfigs: [{ name: "kubernetes://internal-example-com" }] },
    ]);
    expect(findAll(https, (value) => "tlsMinimumProtocolVersion" in value)).toMatchObject([
      { tlsMinimumProtocolVersion: "TLSv1_2" },
    ]);
    const served = routes.filter((route) => named([route], "http.80") === undefined);
    expect(served).toMatchObject([
      {
        virtualHosts: [
          { domains: ["shop.example.com"], routes: [{ route: { cluster: FRONTEND } }] },
        ],
      },
    ]);
    expect(named(clusters, FRONTEND)).toBeDefined();

    const plain = named(routes, "http.80")?.["virtualHosts"];
    expect(plain).not.toEqual([]);
    expect(plain).toEqual(
      expect.arrayContaining([expect.objectContaining({ domains: ["shop.example.com"] })]),
    );
    for (const host of findAll(plain, (value) => "domains" in value)) {
      expect(host).toMatchObject({ requireTls: "ALL" });
    }
  });

  test("the Gateway API's gateway is accepted, runs on the revision, and routes to the service", async () => {
    const condition = async (kind: string, name: string, namespace: string, type: string) => {
      const object = await cluster.find("gateway.networking.k8s.io/v1", kind, name, namespace);
      const conditions = findAll(object?.["status"], (value) => value["type"] === type);
      return conditions.map(({ status, reason }) => `${String(status)} ${String(reason)}`);
    };
    // The load balancer's part: give the gateway's Service its address.
    const service = { apiVersion: "v1", kind: "Service" };
    const metadata = { name: "external-istio", namespace: EDGE };
    await waitFor("the gateway's Service", () =>
      cluster.find("v1", "Service", metadata.name, metadata.namespace),
    );
    const ingress = [{ ip: "203.0.113.20" }];
    await cluster.merge(
      { ...service, metadata },
      { status: { loadBalancer: { ingress } } },
      "status",
    );

    // Of the gateway itself and of both its listeners.
    const yes = (reason: string, count: number) => Array<string>(count).fill(`True ${reason}`);
    await waitFor("the gateway to be programmed", async () => {
      const found = await condition("Gateway", "external", EDGE, "Programmed");
      if (found.length === 3 && found.every((one) => one === "True Programmed")) return true;
      throw new Error(found.join());
    });
    expect(await condition("Gateway", "external", EDGE, "Accepted")).toEqual(yes("Accepted", 3));
    for (const [name, namespace] of [
      ["external-public.example.com", SHOP],
      ["external-redirect", EDGE],
    ] as const) {
      for (const type of ["Accepted", "ResolvedRefs"]) {
        expect(await condition("HTTPRoute", name, namespace, type)).toEqual(yes(type, 1));
      }
    }

    const label = "gateway.networking.k8s.io/gateway-name=external";
    const [pod] = await cluster.list<Pod>("v1", "Pod", { namespace: EDGE, labels: label });
    expect(pod?.metadata.labels?.[REVISION_LABEL]).toBe(REVISION);
    const { listeners, routes } = await pushed("router", EDGE, label, isReady(2));
    expect(named(listeners, "0.0.0.0_443")).toMatchObject({
      filterChains: [{ filterChainMatch: { serverNames: ["public.example.com"] } }],
    });
    const leads = (value: object) => JSON.stringify(value).includes(`"cluster":"${FRONTEND}"`);
    expect(routes.filter((route) => leads({ route }))).toMatchObject([
      { virtualHosts: [{ domains: ["public.example.com"] }] },
    ]);
    expect(findAll(named(routes, "http.80"), (value) => "redirect" in value)).toMatchObject([
      { redirect: { schemeRedirect: "https" } },
    ]);
  });

  test("traffic to an external host leaves through the egress gateway", async () => {
    const service = `${EGRESS}.${EDGE}.svc.cluster.local`;
    const tls = (listeners: readonly unknown[]) =>
      findAll(named(listeners, "0.0.0.0_443"), ({ filterChainMatch }) =>
        JSON.stringify(filterChainMatch ?? "").includes("secure.example.org"),
      ).flatMap((chain) => findAll(chain, (value) => typeof value["cluster"] === "string"));
    const http = (routes: readonly unknown[], name: string) =>
      findAll(
        named(routes, name),
        ({ domains }) => (domains as string[] | undefined)?.includes("plain.example.org") === true,
      ).flatMap((host) => findAll(host, (value) => typeof value["cluster"] === "string"));

    const sidecar = await pushed("sidecar", SHOP, "app.kubernetes.io/name=frontend");
    expect(tls(sidecar.listeners)).toMatchObject([{ cluster: `outbound|443||${service}` }]);
    expect(http(sidecar.routes, "80")).toMatchObject([{ cluster: `outbound|80||${service}` }]);
    expect(named(sidecar.clusters, `outbound|443||${service}`)).toBeDefined();
    expect(named(sidecar.clusters, `outbound|80||${service}`)).toBeDefined();

    const gateway = await pushed("router", EDGE, `istio=${EGRESS}`, isReady(2));
    expect(tls(gateway.listeners)).toMatchObject([{ cluster: "outbound|443||secure.example.org" }]);
    expect(http(gateway.routes, "http.80")).toMatchObject([
      { cluster: "outbound|80||plain.example.org" },
    ]);
    expect(named(gateway.clusters, "outbound|443||secure.example.org")).toBeDefined();
    expect(named(gateway.clusters, "outbound|80||plain.example.org")).toBeDefined();
  });

  test("the configuration has no conflicts, and nothing that istiod ignores", async () => {
    expect(await revision.complaints()).toEqual([]);
    expect(await analyze(REVISION, [SHOP, EDGE])).toEqual([]);
  });
});
