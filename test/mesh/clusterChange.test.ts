import { describe, expect, test } from "vitest";
import { FIXED, judgeClusterChange } from "../../mesh/clusterChange.ts";
import type { ApiServerAccess, ClusterState } from "../../mesh/clusterChange.ts";

const STATE: ClusterState = {
  location: "westeurope",
  kubernetesVersion: "1.34",
  versionIsMoved: false,
  apiServer: { access: "public" },
  network: {
    addressSpace: "10.224.0.0/16",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.0.0.0/16",
    outboundType: "loadBalancer",
  },
  zones: ["1", "2", "3"],
  vmSizes: {
    "cluster.systemPool.vmSize": "Standard_D4ds_v5",
    "cluster.userPools.apps.vmSize": "A",
  },
  nodeSecurity: { secureBoot: true, vTPM: true, encryptionAtHost: false },
  certificateAuthority: undefined,
  ingressApis: { External: "istio" },
};

const given = (changes: Partial<ClusterState>): ClusterState => ({ ...STATE, ...changes });
const network = (changes: Partial<ClusterState["network"]>) =>
  given({ network: { ...STATE.network, ...changes } });

/** Severity and path of every problem with a change, in order. */
const found = (before: ClusterState, after: ClusterState) =>
  judgeClusterChange(before, after).map(({ severity, path }) => `${severity} ${path}`);
/** The only problem with it, as text. */
const said = (before: ClusterState, after: ClusterState) => {
  const problems = judgeClusterChange(before, after);
  expect(problems).toHaveLength(1);
  return problems[0]?.message;
};

test("no change is legal", () => {
  expect(found(STATE, structuredClone(STATE))).toEqual([]);
});

test("a region can change in spelling, but not to another region", () => {
  expect(found(STATE, given({ location: "WestEurope" }))).toEqual([]);
  expect(said(STATE, given({ location: "northeurope" }))).toBe(
    "This change moves from westeurope to northeurope, which Azure does not support: Pulumi would delete the cluster and create a new one. Undo it, or create a new stack.",
  );
});

describe("the Kubernetes version", () => {
  const to = (kubernetesVersion: string, versionIsMoved = false) =>
    given({ kubernetesVersion, versionIsMoved });

  test("can move forward one minor version", () => {
    expect(found(to("1.34"), to("1.35"))).toEqual([]);
    expect(found(to("1.9"), to("1.10"))).toEqual([]);
  });

  test("cannot skip a minor version", () => {
    expect(said(to("1.34"), to("1.36"))).toBe(
      "This change goes from 1.34 to 1.36, but AKS upgrades one minor version at a time. Set kubernetesVersion to 1.35 first.",
    );
    expect(said(to("1.9"), to("1.11"))).toContain("Set kubernetesVersion to 1.10 first.");
  });

  test("cannot go back", () => {
    expect(said(to("1.34"), to("1.33"))).toBe(
      "This change goes back from 1.34 to 1.33, but AKS does not downgrade a cluster. Leave kubernetesVersion at 1.34.",
    );
  });

  test("is no longer set once AKS upgrades it", () => {
    expect(found(to("1.34", true), to("1.33", true))).toEqual([]);
    expect(found(to("1.34", true), to("1.33"))).toEqual(["error cluster.kubernetesVersion"]);
  });
});

describe("properties that a cluster keeps", () => {
  const changed: Readonly<Record<string, readonly [ClusterState, ClusterState]>> = {
    "cluster.name": [STATE, given({ name: "orders" })],
    "cluster.resourceGroup": [STATE, given({ resourceGroup: "orders" })],
    "cluster.network.addressSpace": [STATE, network({ addressSpace: "10.224.0.0/15" })],
    "cluster.network.subnets.nodes": [
      network({ subnets: { nodes: "/a" } }),
      network({ subnets: { nodes: "/b" } }),
    ],
    "cluster.network.subnets.apiServer": [
      network({ subnets: { nodes: "/a", apiServer: "/b" } }),
      network({ subnets: { nodes: "/a", apiServer: "/c" } }),
    ],
    "cluster.network.serviceCidr": [STATE, network({ serviceCidr: "10.0.0.0/17" })],
    "cluster.zones": [STATE, given({ zones: ["1", "2"] })],
    "cluster.nodeSecurity.encryptionAtHost": [
      STATE,
      given({ nodeSecurity: { ...STATE.nodeSecurity, encryptionAtHost: true } }),
    ],
  };

  test.each(FIXED)("$path, with a source", ({ path, see }) => {
    const [before, after] = changed[path] ?? [STATE, STATE];
    expect(found(before, after)).toEqual([`error ${path}`]);
    expect(found(after, before)).toEqual([`error ${path}`]);
    expect(see).toMatch(/^https:\/\//);
  });

  test("are the same in another order or with other capital letters", () => {
    expect(found(STATE, given({ zones: ["3", "1", "2"] }))).toEqual([]);
    expect(found(given({ resourceGroup: "A" }), given({ resourceGroup: "a" }))).toEqual([]);
    expect(
      found(
        network({ subnets: { nodes: "/Sub/A", apiServer: "/Sub/B" } }),
        network({ subnets: { nodes: "/sub/a", apiServer: "/sub/b" } }),
      ),
    ).toEqual([]);
  });

  test("are a new network, or an existing one", () => {
    const { podCidr, serviceCidr, outboundType } = STATE.network;
    const inSubnets = given({
      network: { podCidr, serviceCidr, outboundType, subnets: { nodes: "/a" } },
    });
    expect(found(STATE, inSubnets)).toEqual(["error cluster.network.subnets"]);
    expect(found(inSubnets, STATE)).toEqual(["error cluster.network.subnets"]);
  });
});

describe("the pod range", () => {
  const range = (podCidr: string) => network({ podCidr });

  test.each([
    ["grows from its first address", "10.244.0.0/16", "10.244.0.0/14", "warning"],
    ["does not shrink", "10.244.0.0/16", "10.244.0.0/17", "error"],
    ["does not move", "10.244.0.0/16", "10.240.0.0/12", "error"],
    ["does not move within its size", "10.244.0.0/16", "10.245.0.0/16", "error"],
  ])("%s", (_, was, will, severity) => {
    expect(found(range(was), range(will))).toEqual([`${severity} cluster.network.podCidr`]);
  });
});

test("another outbound type is a warning", () => {
  expect(said(STATE, network({ outboundType: "userAssignedNATGateway" }))).toBe(
    "This change goes from loadBalancer to userAssignedNATGateway, which interrupts connections and changes the cluster's outbound addresses. Allow the new ones in every firewall and in apiServer.authorizedIPRanges first.",
  );
});

describe("access to the API server", () => {
  const by = (access: ApiServerAccess, privateDnsZoneId?: string) =>
    given({ apiServer: { access, privateDnsZoneId } });

  test.each<[ApiServerAccess, ApiServerAccess, string, string]>([
    [
      "public",
      "vnet-integrated",
      "warning",
      "you must restart the cluster right after the deployment",
    ],
    ["public", "private", "error", "set access to vnet-integrated."],
    ["vnet-integrated", "public", "error", "Undo it, or create a new cluster"],
    ["private", "public", "error", "Set access to vnet-integrated, or create a new cluster"],
    ["vnet-integrated", "private", "warning", "This includes pulumi up."],
    ["private", "vnet-integrated", "warning", "a preview feature of AKS"],
  ])("from %s to %s: %s", (was, will, severity, words) => {
    expect(found(by(was), by(will))).toEqual([`${severity} cluster.apiServer.access`]);
    expect(said(by(was), by(will))).toContain(words);
  });

  test("by a name in a private zone stays in that zone", () => {
    const path = "error cluster.apiServer.privateDnsZoneId";
    expect(found(by("private", "/zone/A"), by("private", "/zone/a"))).toEqual([]);
    expect(found(by("private"), by("private", "/zone/a"))).toEqual([path]);
    expect(found(by("private", "/zone/a"), by("private"))).toEqual([path]);
    // Without a private API server there is no such name.
    expect(found(by("public", "/zone/a"), by("public"))).toEqual([]);
  });
});

describe("a pool", () => {
  const sizes = (vmSizes: Readonly<Record<string, string>>) => given({ vmSizes });

  test("can be added and removed", () => {
    expect(found(sizes({}), STATE)).toEqual([]);
    expect(found(STATE, sizes({}))).toEqual([]);
  });

  test("keeps its VM size", () => {
    const path = "cluster.userPools.apps.vmSize";
    expect(said(sizes({ [path]: "A" }), sizes({ [path]: "B" }))).toBe(
      "This change resizes the nodes of a pool from A to B, but the VM size of a node pool is immutable. Add a pool with another name, move the workloads to it, then remove this one.",
    );
    const system = "cluster.systemPool.vmSize";
    expect(said(sizes({ [system]: "A" }), sizes({ [system]: "B" }))).toContain(
      "Undo it, or create a new cluster as a new stack.",
    );
  });

  test("has trusted launch from the start, and may drop parts of it later", () => {
    const security = (secureBoot: boolean, vTPM: boolean) =>
      given({ nodeSecurity: { ...STATE.nodeSecurity, secureBoot, vTPM } });
    expect(found(security(false, false), security(true, true))).toEqual([
      "error cluster.nodeSecurity.secureBoot",
    ]);
    expect(found(security(false, false), security(false, true))).toEqual([
      "error cluster.nodeSecurity.vTPM",
    ]);
    expect(found(security(false, true), security(true, false))).toEqual([]);
    expect(found(security(true, true), security(false, false))).toEqual([]);
  });
});

describe("the plug-in CA", () => {
  const ca = (certificateAuthority: ClusterState["certificateAuthority"]) =>
    given({ certificateAuthority });
  const OWN = { rootCert: "root-cert", caKey: "ca-key" };

  test("is neither added nor removed", () => {
    expect(found(ca(undefined), ca(OWN))).toEqual(["error certificates"]);
    expect(found(ca(OWN), ca(undefined))).toEqual(["error certificates"]);
    expect(found(ca(OWN), ca({ ...OWN }))).toEqual([]);
  });

  test("keeps its secrets", () => {
    expect(found(ca(OWN), ca({ ...OWN, caKey: "other" }))).toEqual([
      "error certificates.objectNames.caKey",
    ]);
  });
});

test("a gateway of another API is another gateway", () => {
  const apis = (ingressApis: Readonly<Record<string, string>>) => given({ ingressApis });
  expect(found(STATE, apis({ External: "gateway-api" }))).toEqual([
    "warning gateways.ingress.External.api",
  ]);
  expect(found(STATE, apis({}))).toEqual([]);
  expect(found(apis({}), STATE)).toEqual([]);
});
