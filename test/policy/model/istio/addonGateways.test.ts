import { describe, expect, test } from "vitest";
import { gatewayAddonSelector } from "../../../../policy/rules/gateway/gateway-addon-selector.ts";
import { gatewayTlsAndHosts } from "../../../../policy/rules/gateway/gateway-tls-and-hosts.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const EXTERNAL = "aks-istio-ingressgateway-external";
const INTERNAL = "aks-istio-ingressgateway-internal";
const on = (mode: unknown, enabled: unknown = true) => ({ mode, enabled });
const egress = (name: unknown, enabled: unknown = true) => ({
  egressGateways: [{ name, enabled }],
});

function mesh(components: unknown, name = "orders"): Fixture {
  const istio = { revisions: ["asm-1-30"], components };
  return cluster({ serviceMeshProfile: { mode: "Istio", istio } }, name);
}

/** A Gateway with a plain-text server, which only an egress Gateway may have. */
function gateway(istio: unknown, by: Fixture | undefined): Fixture {
  const servers = [{ port: { number: 80, protocol: "HTTP" }, hosts: ["shop.example.com"] }];
  return object(by, "networking.istio.io/v1", "Gateway", {
    metadata: { name: "shop", namespace: "shop" },
    spec: { selector: { istio }, servers },
  });
}

/** The report about a Gateway that selects by a name, on the last of the clusters. */
async function selecting(istio: unknown, ...clusters: Fixture[]) {
  const of = clusters.at(-1) ?? cluster();
  const by = kubernetes(of);
  const reports = await run(gatewayAddonSelector, [...clusters, by, gateway(istio, by)]);
  return reports.map(({ level, message }) => `${level} ${message}`);
}

const known = (path: string) => [
  `violation Gateway "shop": ${path} of ManagedCluster "orders" is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
];
const PATH = "serviceMeshProfile.istio.components";

describe("the ingress gateways of a cluster", () => {
  test("are the enabled ones, one or both", async () => {
    const both = mesh({ ingressGateways: [on("External"), on("Internal")] });
    expect(await selecting(EXTERNAL, both)).toEqual([]);
    expect(await selecting(INTERNAL, both)).toEqual([]);
    const one = mesh({ ingressGateways: [on("External"), on("Internal", false)] });
    expect(await selecting(EXTERNAL, one)).toEqual([]);
    expect(await selecting(INTERNAL, one)).toHaveLength(1);
  });

  test("are those of the program, regardless of the current state", async () => {
    const declared = mesh({ ingressGateways: [on("Internal")] });
    const outputs = mesh({ ingressGateways: [on("External"), on("Internal")] }).props;
    expect(await selecting(INTERNAL, { ...declared, outputs })).toEqual([]);
    expect(await selecting(EXTERNAL, { ...declared, outputs })).toHaveLength(1);
    const before = mesh({ ingressGateways: [on("External")] }).props;
    expect(await selecting(INTERNAL, { ...declared, outputs: before })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["ingressGateways", UNKNOWN],
    ["ingressGateways[0].enabled", [on("External", UNKNOWN)]],
    ["ingressGateways[0].mode", [on(UNKNOWN)]],
  ])("may be unknown: %s", async (path, ingressGateways) => {
    expect(await selecting(EXTERNAL, mesh({ ingressGateways }))).toEqual(known(`${PATH}.${path}`));
  });

  test("are known if only a disabled one has an unknown mode", async () => {
    const of = mesh({ ingressGateways: [on(UNKNOWN, false), on("External")] });
    expect(await selecting(EXTERNAL, of)).toEqual([]);
  });
});

describe("the egress gateways of a cluster", () => {
  test("are the enabled ones", async () => {
    expect(await selecting("partners", mesh(egress("partners")))).toEqual([]);
    expect(await selecting("partners", mesh(egress("partners", false)))).toHaveLength(1);
    expect(await selecting("partners", mesh(egress(undefined)))).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ["egressGateways", { egressGateways: UNKNOWN }],
    ["egressGateways[0].enabled", egress("partners", UNKNOWN)],
    ["egressGateways[0].name", egress(UNKNOWN)],
  ])("may be unknown: %s", async (path, components) => {
    expect(await selecting("partners", mesh(components))).toEqual(known(`${PATH}.${path}`));
  });
});

describe("a Gateway is for egress", () => {
  /** Whether its plain-text server is reported. */
  async function reported(istio: unknown, stack: Fixture[], by?: Fixture, options?: Run) {
    const all = [...stack, ...(by === undefined ? [] : [by]), gateway(istio, by)];
    return (await run(gatewayTlsAndHosts, all, options)).length > 0;
  }

  test("if it selects an enabled egress gateway", async () => {
    const of = mesh(egress("partners"));
    expect(await reported("partners", [of], kubernetes(of))).toBe(false);
    expect(await reported("others", [of], kubernetes(of))).toBe(true);
    expect(await reported(undefined, [of], kubernetes(of))).toBe(true);
    const off = mesh(egress("partners", false));
    expect(await reported("partners", [off], kubernetes(off))).toBe(true);
  });

  test("if one of its possible clusters has that gateway", async () => {
    const [of, west] = [mesh(egress("partners")), mesh(egress("others"), "west")];
    expect(await reported("partners", [of, west])).toBe(false);
    expect(await reported("third", [of, west])).toBe(true);
    expect(await reported("partners", [of, west], kubernetes(west))).toBe(true);
  });

  test.each<[string, unknown]>([
    ["gateways", { egressGateways: UNKNOWN }],
    ["a name", egress(UNKNOWN)],
    ["whether it is enabled", egress("partners", UNKNOWN)],
  ])("but not while %s is unknown", async (_, components) => {
    const of = mesh(components);
    expect(await reported("partners", [of], kubernetes(of))).toBe(true);
    expect(await reported(undefined, [of], kubernetes(of))).toBe(true);
  });

  test("but not with a gateway of another stack's cluster", async () => {
    const config = { "mesh-scope": { revisions: ["asm-1-30"] } };
    expect(await reported("partners", [], undefined, { config })).toBe(true);
  });
});
