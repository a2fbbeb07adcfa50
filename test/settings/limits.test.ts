import { describe, expect, test } from "vitest";
import { editorAccepts } from "../support/editor.ts";
import { LEAST, problemsOf, withKey } from "../support/settings.ts";
import type { Config } from "../support/settings.ts";

const HUB = "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/hub/providers";
const VAULT = `${HUB}/Microsoft.KeyVault/vaults/kv-shop`;
const NODES = `${HUB}/Microsoft.Network/virtualNetworks/spoke/subnets/nodes`;
const HOST = { namespace: "shop", service: "web", port: 80, certificate: "shop" };
const EGRESS = { phase: "prepared", namespace: "shop" };
const AZURE = "service.beta.kubernetes.io/azure-";

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const byName = (names: readonly string[], value: unknown) =>
  Object.fromEntries(names.map((name) => [name, value]));

/** A host of this many letters. */
function hostOf(length: number): string {
  const host = `${`${"a".repeat(49)}.`.repeat(5)}${"b".repeat(63)}`;
  return host.slice(host.length - length);
}

function ingress(kind: "Internal" | "External", gateway: object, hosts: object): Config {
  return {
    ...LEAST,
    "aks-istio:namespaces": { shop: {} },
    "aks-istio:gateways": { keyVaultId: VAULT, ingress: { [kind]: { ...gateway, hosts } } },
  };
}

function egress(gateways: object): Config {
  return {
    ...LEAST,
    "aks-istio:namespaces": { shop: {} },
    "aks-istio:gateways": { staticEgress: true, egress: gateways },
  };
}

function ownGateway(kind: "Internal" | "External", changes: object): Config {
  const own = { api: "gateway-api", namespace: "shop", ...changes };
  return ingress(kind, own, { "shop.example.com": HOST });
}

/** Annotations that AKS keeps on the gateway's Service, in the requested number. */
function annotations(count: number): object {
  const ports = [80, 443].flatMap((port) => [
    [`service.beta.kubernetes.io/port_${port}_no_lb_rule`, "false"],
    [`service.beta.kubernetes.io/port_${port}_no_probe_rule`, "false"],
    [`service.beta.kubernetes.io/port_${port}_health-probe_protocol`, "Tcp"],
    [`service.beta.kubernetes.io/port_${port}_health-probe_port`, "80"],
    [`service.beta.kubernetes.io/port_${port}_health-probe_interval`, "5"],
    [`service.beta.kubernetes.io/port_${port}_health-probe_num-of-probe`, "2"],
    [`service.beta.kubernetes.io/port_${port}_health-probe_request-path`, "/"],
  ]);
  const service = [
    ["external-dns.alpha.kubernetes.io/hostname", "shop.example.com"],
    [`${AZURE}shared-securityrule`, "true"],
    [`${AZURE}load-balancer-tcp-idle-timeout`, "4"],
  ];
  return Object.fromEntries([...ports, ...service].slice(0, count)) as object;
}

const cluster = (changes: object) => withKey("cluster", changes);
const ranges = (count: number) =>
  times(count, (index) => `20.${Math.floor(index / 256)}.${index % 256}.0/24`);
const pools = (count: number) =>
  byName(
    times(count, (index) => `pool${index}`),
    {},
  );
const labels = (key: string) => cluster({ userPools: { apps: { labels: { [key]: "x" } } } });
const taints = (taint: string) => cluster({ userPools: { apps: { taints: [taint] } } });
const certificates = (network: object) => withKey("certificates", { since: "creation", network });
const subnet = (id: string) => cluster({ network: { subnets: { nodes: id } } });
const zone = (name: string) =>
  cluster({
    apiServer: {
      access: "private",
      privateDnsZoneId: `${HUB}/Microsoft.Network/privateDnsZones/${name}`,
    },
  });

/** A limit of the API server or of Azure: settings that reach it, and the line for settings that exceed it by one. */
const LIMITS: readonly (readonly [limit: string, at: Config, above: Config, line: string])[] = [
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
  [
    "the name of an external host's route",
    ingress("External", {}, { [hostOf(244)]: HOST }),
    ingress("External", {}, { [hostOf(245)]: HOST }),
    `gateways.ingress.External.hosts["${hostOf(245)}"]: the host must be at most 244 characters long, but has 245: its route is named external-<host>, and Kubernetes allows 253 characters`,
  ],
  [
    "the name of an internal host's route",
    ingress("Internal", {}, { [hostOf(244)]: HOST }),
    ingress("Internal", {}, { [hostOf(245)]: HOST }),
    `gateways.ingress.Internal.hosts["${hostOf(245)}"]: the host must be at most 244 characters long, but has 245: its route is named internal-<host>, and Kubernetes allows 253 characters`,
  ],
  [
    "the name of the routes through an egress gateway",
    egress({ ["g".repeat(53)]: { ...EGRESS, hosts: { [hostOf(199)]: "TLS" } } }),
    egress({ ["g".repeat(53)]: { ...EGRESS, hosts: { [hostOf(200)]: "TLS" } } }),
    `gateways.egress.${"g".repeat(53)}.hosts["${hostOf(200)}"]: the host must be at most 199 characters long, but has 200: its route is named ${"g".repeat(53)}-<host>, and Kubernetes allows 253 characters`,
  ],
  [
    "the name of an egress gateway",
    egress({ ["g".repeat(53)]: EGRESS }),
    egress({ ["g".repeat(54)]: EGRESS }),
    `gateways.egress.${"g".repeat(54)}: the name must be at most 53 characters long, but has 54`,
  ],
  [
    "the name of a namespace",
    withKey("namespaces", { ["n".repeat(63)]: {} }),
    withKey("namespaces", { ["n".repeat(64)]: {} }),
    `namespaces.${"n".repeat(64)}: the name must be at most 63 characters long, but has 64`,
  ],
  // https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec
  [
    "the listeners of a Gateway",
    ingress(
      "External",
      { api: "gateway-api", namespace: "shop" },
      byName(
        times(63, (index) => `shop-${index}.example.com`),
        HOST,
      ),
    ),
    ingress(
      "External",
      { api: "gateway-api", namespace: "shop" },
      byName(
        times(64, (index) => `shop-${index}.example.com`),
        HOST,
      ),
    ),
    "gateways.ingress.External.hosts: must have 1 to 63 hosts with api: gateway-api, but has 64",
  ],
  // https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure
  [
    "the annotations that a Gateway passes on",
    ownGateway("External", { annotations: annotations(16) }),
    ownGateway("External", { annotations: annotations(17) }),
    "gateways.ingress.External.annotations: must have at most 16 annotations with api: gateway-api, but has 17; remove some",
  ],
  [
    "the annotations of an internal Gateway, of which the program adds one",
    ownGateway("Internal", { annotations: annotations(15) }),
    ownGateway("Internal", { annotations: annotations(16) }),
    "gateways.ingress.Internal.annotations: must have at most 15 annotations with api: gateway-api, but has 16: the program adds 1 of the 16 that a Gateway passes on; remove some",
  ],
  [
    "the annotations of a Gateway with a static address, of which the program adds two",
    ownGateway("External", { staticIP: true, annotations: annotations(14) }),
    ownGateway("External", { staticIP: true, annotations: annotations(15) }),
    "gateways.ingress.External.annotations: must have at most 14 annotations with api: gateway-api, but has 15: the program adds 2 of the 16 that a Gateway passes on; remove some",
  ],
  [
    "the length of an annotation that a Gateway passes on",
    ownGateway("External", { annotations: { [`${AZURE}allowed-service-tags`]: "T".repeat(4096) } }),
    ownGateway("External", { annotations: { [`${AZURE}allowed-service-tags`]: "T".repeat(4097) } }),
    `gateways.ingress.External.annotations["${AZURE}allowed-service-tags"]: must be at most 4096 characters long with api: gateway-api, but has 4097; shorten it`,
  ],
  // https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges#limitations-and-considerations
  [
    "the ranges of a public API server",
    cluster({ apiServer: { authorizedIPRanges: ranges(200) } }),
    cluster({ apiServer: { authorizedIPRanges: ranges(201) } }),
    "cluster.apiServer.authorizedIPRanges: must have at most 200 entries with access: public, but has 201; join adjacent ranges",
  ],
  [
    "the same including the address of a NAT gateway",
    cluster({
      apiServer: { authorizedIPRanges: ranges(199) },
      network: { outboundType: "userAssignedNATGateway" },
    }),
    cluster({
      apiServer: { authorizedIPRanges: ranges(200) },
      network: { outboundType: "userAssignedNATGateway" },
    }),
    "cluster.apiServer.authorizedIPRanges: must have at most 199 entries with access: public, which leaves room for the address of the NAT gateway, but has 200; join adjacent ranges",
  ],
  [
    "the ranges of an API server in the virtual network",
    cluster({ apiServer: { access: "vnet-integrated", authorizedIPRanges: ranges(2000) } }),
    cluster({ apiServer: { access: "vnet-integrated", authorizedIPRanges: ranges(2001) } }),
    "cluster.apiServer.authorizedIPRanges: must have at most 2000 entries with access: vnet-integrated, but has 2001; join adjacent ranges",
  ],
  // https://learn.microsoft.com/azure/aks/quotas-skus-regions#service-quotas-and-limits
  [
    "the pools of a cluster",
    cluster({ userPools: pools(99) }),
    cluster({ userPools: pools(100) }),
    "cluster.userPools: must leave the cluster with at most 100 pools, but there are 101: 100 here, the system pool and 0 of egress gateways; merge pools",
  ],
  [
    "the pools of a cluster, including those of egress gateways",
    { ...egress({ partners: EGRESS }), ...pick(cluster({ userPools: pools(98) })) },
    { ...egress({ partners: EGRESS }), ...pick(cluster({ userPools: pools(99) })) },
    "cluster.userPools: must leave the cluster with at most 100 pools, but there are 101: 99 here, the system pool and 1 of egress gateways; merge pools",
  ],
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
  [
    "the key of a label",
    labels("k".repeat(63)),
    labels("k".repeat(64)),
    `cluster.userPools.apps.labels.${"k".repeat(64)}: the key must be at most 63 letters, digits, - _ and ., with or without a prefix, such as team or example.com/team`,
  ],
  [
    "the prefix of a label",
    labels(`${"p".repeat(253)}/team`),
    labels(`${"p".repeat(254)}/team`),
    `cluster.userPools.apps.labels["${"p".repeat(254)}/team"]: the key must be at most 63 letters, digits, - _ and ., with or without a prefix, such as team or example.com/team`,
  ],
  [
    "the key of a taint",
    taints(`${"k".repeat(63)}=gpu:NoSchedule`),
    taints(`${"k".repeat(64)}=gpu:NoSchedule`),
    `cluster.userPools.apps.taints[0]: found "${"k".repeat(38)}…${"k".repeat(24)}=gpu:NoSchedule"; must be a taint, <key>=<value>:<effect>, such as sku=gpu:NoSchedule`,
  ],
  [
    "the value of a taint",
    taints(`sku=${"v".repeat(63)}:NoSchedule`),
    taints(`sku=${"v".repeat(64)}:NoSchedule`),
    `cluster.userPools.apps.taints[0]: found "sku=${"v".repeat(34)}…${"v".repeat(28)}:NoSchedule"; must be a taint, <key>=<value>:<effect>, such as sku=gpu:NoSchedule`,
  ],
  // https://learn.microsoft.com/azure/key-vault/general/service-limits
  [
    "the addresses that can access a vault",
    certificates({ allowedIPRanges: ranges(1000) }),
    certificates({ allowedIPRanges: ranges(1001) }),
    "certificates.network.allowedIPRanges: found a list; must be 1000 entries or less",
  ],
  [
    "the subnets that can access a vault",
    certificates({ subnetIds: times(200, (index) => `${NODES}${index}`) }),
    certificates({ subnetIds: times(201, (index) => `${NODES}${index}`) }),
    "certificates.network.subnetIds: found a list; must be 200 entries or less",
  ],
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
  [
    "the name of a subnet",
    subnet(NODES.replace(/nodes$/, "s".repeat(80))),
    subnet(NODES.replace(/nodes$/, "s".repeat(81))),
    `cluster.network.subnets.nodes: found "${NODES.slice(0, 38)}…${"s".repeat(39)}"; must be the resource ID of a subnet, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/…`,
  ],
  [
    "the name of a resource group",
    subnet(NODES.replace("/hub/", `/${"r".repeat(90)}/`)),
    subnet(NODES.replace("/hub/", `/${"r".repeat(91)}/`)),
    `cluster.network.subnets.nodes: found "${NODES.slice(0, 38)}…${NODES.slice(-39)}"; must be the resource ID of a subnet, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/…`,
  ],
  // https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
  [
    "the name of a zone below the private one",
    zone(`${"z".repeat(32)}.private.westeurope.azmk8s.io`),
    zone(`${"z".repeat(33)}.private.westeurope.azmk8s.io`),
    `cluster.apiServer.privateDnsZoneId: found "${HUB.slice(0, 38)}…${"z".repeat(10)}.private.westeurope.azmk8s.io"; must be the zone private.westeurope.azmk8s.io or one below it, <subzone>.private.westeurope.azmk8s.io with at most 32 characters in <subzone>: AKS requires this name for an API server in a virtual network in westeurope`,
  ],
];

/** Only the cluster. */
function pick(config: Config): Config {
  return { "aks-istio:cluster": config["aks-istio:cluster"] };
}

describe.each(LIMITS)("%s", (_, at, above, line) => {
  test("may be at the limit", () => {
    expect(problemsOf(at)).toEqual([]);
    expect(editorAccepts(at)).toBe(true);
  });

  test("is rejected above it", () => {
    expect(problemsOf(above)).toEqual([`aks-istio:${line}`]);
  });
});

describe("a private DNS zone", () => {
  const named = (name: string, location = "westeurope") =>
    problemsOf({ ...zone(name), "azure-native:location": location });

  test.each([
    ["private.westeurope.azmk8s.io", "westeurope"],
    ["Private.WestEurope.azmk8s.io", "westeurope"],
    ["team.private.westeurope.azmk8s.io", "westeurope"],
    ["private.eastus2.azmk8s.io", "eastus2"],
  ])("%s fits in %s", (name, location) => {
    expect(named(name, location)).toEqual([]);
  });

  test.each([
    ["privatelink.westeurope.azmk8s.io", "westeurope"],
    ["private.northeurope.azmk8s.io", "westeurope"],
    ["private.westeurope.azmk8s.io", "westeurope2"],
    ["notprivate.westeurope.azmk8s.io", "westeurope"],
    ["a.b.private.westeurope.azmk8s.io", "westeurope"],
    ["-.private.westeurope.azmk8s.io", "westeurope"],
    ["example.com", "westeurope"],
  ])("%s does not fit in %s", (name, location) => {
    expect(named(name, location)).toEqual([
      expect.stringContaining(`must be the zone private.${location}.azmk8s.io or one below it`),
    ]);
  });

  test("is not checked against an invalid region", () => {
    expect(named("private.westeurope.azmk8s.io", "West Europe")).toEqual([
      expect.stringMatching(/^azure-native:location: /),
    ]);
  });
});

test("two egress gateways do not create routes with the same name", () => {
  const config = egress({
    a: { ...EGRESS, hosts: { "b-c.example.com": "TLS" } },
    "a-b": { ...EGRESS, pool: { name: "other" }, hosts: { "c.example.com": "TLS" } },
  });
  expect(problemsOf(config)).toEqual([
    'aks-istio:gateways.egress.a-b.hosts["c.example.com"]: would have the same route name, a-b-c.example.com, as a host of a; rename one of the gateways',
  ]);
});
