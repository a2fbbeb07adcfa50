import { describe, expect, test } from "vitest";
import { EgressGateway } from "../../../components/egress/EgressGateway.ts";
import type { EgressGatewayArgs } from "../../../components/egress/EgressGateway.ts";
import { childrenOf, surroundings } from "../../support/gateways.ts";
import type { ClusterWithShop } from "../../support/gateways.ts";
import { unknownInputs } from "../../support/knownInputs.ts";
import { resolved } from "../../support/mocks.ts";

const POOL = "azure-native:containerservice:AgentPool";
const CONFIGURATION =
  "kubernetes:egressgateway.kubernetes.azure.com/v1alpha1:StaticGatewayConfiguration";
const GATEWAY = "kubernetes:networking.istio.io/v1:Gateway";
const ENTRY = "kubernetes:networking.istio.io/v1:ServiceEntry";
const ROUTE = "kubernetes:networking.istio.io/v1:VirtualService";
const CLUSTER = "azure-native:containerservice:ManagedCluster";

const ARGS: Omit<EgressGatewayArgs, "cluster" | "namespace"> = {
  phase: "prepared",
  pool: { name: "egress", vmSize: "Standard_D4ds_v5", count: 2, publicIPPrefixSize: 31 },
  excludeCidrs: ["10.0.0.0/8"],
  hosts: { "api.partner.example": "TLS", "files.partner.example": "HTTP" },
};

interface Made extends ClusterWithShop {
  readonly gateway: EgressGateway;
}

async function made(args: Partial<EgressGatewayArgs> = {}): Promise<Made> {
  const at = await surroundings();
  const { cluster, namespace } = at;
  const gateway = new EgressGateway(
    "partners",
    { ...ARGS, cluster, namespace: namespace("egress"), ...args },
    { provider: cluster.provider, dependsOn: namespace("first") },
  );
  await at.engine.settle();
  return { ...at, gateway };
}

describe.each(["prepared", "enabled"] as const)("%s", (phase) => {
  test("has its addresses, but no route leads to it", async () => {
    const { engine } = await made({ phase });
    expect(childrenOf(engine, "EgressGateway")).toEqual([
      `${POOL}::partners`,
      `${CONFIGURATION}::partners`,
    ]);
  });
});

test("the pool is in gateway mode without autoscaling, with the cluster's settings", async () => {
  const { engine } = await made();
  const pool = engine.one(POOL, "partners");
  const { enableAutoScaling, count, mode, gatewayProfile, upgradeSettings, ...rest } = pool.inputs;
  expect({ enableAutoScaling, count, mode, gatewayProfile, upgradeSettings }).toEqual({
    enableAutoScaling: false,
    count: 2,
    mode: "Gateway",
    gatewayProfile: { publicIPPrefixSize: 31 },
    upgradeSettings: { maxSurge: "0", maxUnavailable: "1" },
  });
  // Everything else is as in the cluster's other pools.
  const own = engine.one(POOL, "mesh-apps").inputs;
  const differing = [
    ...["agentPoolName", "vmSize", "nodeLabels", "nodeTaints", "minCount", "maxCount"],
    ...["enableAutoScaling", "count", "mode", "upgradeSettings"],
  ];
  const shared = Object.entries(own).filter(([key]) => !differing.includes(key));
  expect(rest).toEqual({
    ...Object.fromEntries(shared),
    agentPoolName: "egress",
    vmSize: "Standard_D4ds_v5",
  });
  expect(unknownInputs(engine.registered)).toEqual([]);
});

test("the configuration waits for the pool and then for its addresses", async () => {
  const { engine, gateway } = await made();
  const configuration = engine.one(CONFIGURATION, "partners");
  expect(configuration.inputs).toEqual({
    apiVersion: "egressgateway.kubernetes.azure.com/v1alpha1",
    kind: "StaticGatewayConfiguration",
    metadata: {
      name: "partners",
      namespace: "egress",
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.egressIpPrefix}" },
    },
    spec: { gatewayNodepoolName: "egress", excludeCidrs: ["10.0.0.0/8"] },
  });
  expect(configuration.dependencies).toContain(engine.one(POOL, "partners").urn);
  expect(await resolved(gateway.egressIpPrefix)).toBe("203.0.113.40/31");
});

test("everything is deleted with the cluster, and comes after the component's dependencies", async () => {
  const { engine } = await made({ phase: "routed" });
  const first = engine.one("kubernetes:core/v1:Namespace", "first").urn;
  const parts = engine.registered.filter(({ urn }) => urn.includes("index:EgressGateway$"));
  expect(parts).toHaveLength(childrenOf(engine, "EgressGateway").length);
  for (const { urn, deletedWith, dependencies } of parts) {
    expect([urn, deletedWith]).toEqual([urn, engine.one(CLUSTER, "mesh").urn]);
    expect([urn, dependencies.includes(first)]).toEqual([urn, true]);
  }
});

describe("routed", () => {
  test("sends the traffic for every host through it", async () => {
    const { engine } = await made({ phase: "routed" });
    expect(childrenOf(engine, "EgressGateway")).toEqual([
      `${POOL}::partners`,
      `${CONFIGURATION}::partners`,
      `${GATEWAY}::partners`,
      `${ENTRY}::partners-api.partner.example`,
      `${ENTRY}::partners-files.partner.example`,
      `${ROUTE}::partners-api.partner.example`,
      `${ROUTE}::partners-files.partner.example`,
    ]);
    expect(engine.one(GATEWAY, "partners").inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: "partners", namespace: "egress" },
      spec: {
        selector: { istio: "partners" },
        servers: [
          {
            port: { number: 443, name: "tls", protocol: "TLS" },
            hosts: ["api.partner.example"],
            tls: { mode: "PASSTHROUGH" },
          },
          {
            port: { number: 80, name: "http", protocol: "HTTP" },
            hosts: ["files.partner.example"],
          },
        ],
      },
    });
  });

  test("registers a host by its DNS name", async () => {
    const { engine } = await made({ phase: "routed" });
    expect(engine.one(ENTRY, "partners-api.partner.example").inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: "partners-api.partner.example", namespace: "egress" },
      spec: {
        hosts: ["api.partner.example"],
        ports: [{ number: 443, name: "tls", protocol: "TLS" }],
        location: "MESH_EXTERNAL",
        resolution: "DNS",
      },
    });
    expect(engine.one(ENTRY, "partners-files.partner.example").inputs).toMatchObject({
      spec: { ports: [{ number: 80, name: "http", protocol: "HTTP" }], resolution: "DNS" },
    });
  });

  test("routes TLS by server name, and plain HTTP by host", async () => {
    const { engine } = await made({ phase: "routed" });
    const service = "partners.egress.svc.cluster.local";
    const hop = (from: string, to: string, port: number, sniHosts?: string[]) => ({
      match: [{ gateways: [from], port, ...(sniHosts && { sniHosts }) }],
      route: [{ destination: { host: to, port: { number: port } } }],
    });
    const tls = "api.partner.example";
    expect(engine.one(ROUTE, `partners-${tls}`).inputs).toEqual({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: `partners-${tls}`, namespace: "egress" },
      spec: {
        hosts: [tls],
        gateways: ["mesh", "egress/partners"],
        tls: [hop("mesh", service, 443, [tls]), hop("egress/partners", tls, 443, [tls])],
      },
    });
    const http = "files.partner.example";
    expect(engine.one(ROUTE, `partners-${http}`).inputs).toMatchObject({
      spec: {
        hosts: [http],
        gateways: ["mesh", "egress/partners"],
        http: [hop("mesh", service, 80), hop("egress/partners", http, 80)],
      },
    });
  });

  test("opens no port without a host, and no gateway without hosts", async () => {
    const one = await made({ phase: "routed", hosts: { "files.partner.example": "HTTP" } });
    expect(one.engine.one(GATEWAY, "partners").inputs).toMatchObject({
      spec: { servers: [{ port: { number: 80 } }] },
    });
    const none = await made({ phase: "routed", hosts: {} });
    expect(childrenOf(none.engine, "EgressGateway")).toHaveLength(2);
  });
});
