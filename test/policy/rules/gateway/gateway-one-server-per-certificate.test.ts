import { describe, expect, test } from "vitest";
import { gatewayOneServerPerCertificate } from "../../../../policy/rules/gateway/gateway-one-server-per-certificate.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster({
  serviceMeshProfile: {
    mode: "Istio",
    istio: {
      revisions: ["asm-1-30"],
      components: {
        ingressGateways: [{ mode: "Internal", enabled: true }],
        egressGateways: [{ name: "partners", enabled: true }],
      },
    },
  },
});
const provider = kubernetes(mesh);

const INTERNAL = "aks-istio-ingressgateway-internal";
const EXTERNAL = "aks-istio-ingressgateway-external";

function server(host: string, credentialName: unknown = "wildcard", change: Props = {}): Props {
  return {
    port: { number: 443, name: host, protocol: "HTTPS" },
    hosts: [`shop/${host}.example.com`],
    tls: { mode: "SIMPLE", credentialName },
    ...change,
  };
}

function gateway(name: string, servers: unknown, istio: string = INTERNAL): Fixture {
  const metadata = { name, namespace: "aks-istio-ingress" };
  const spec = { selector: { istio }, servers };
  return object(provider, "networking.istio.io/v1", "Gateway", { metadata, spec }, name);
}

async function messages(...fixtures: Fixture[]) {
  const reports = await run(gatewayOneServerPerCertificate, [mesh, provider, ...fixtures]);
  return reports.map(({ level, message }) => [level, message]);
}

const report = (gatewayName: string, index: number, other: string) => [
  "violation",
  `Gateway "${gatewayName}": spec.servers[${index}].tls.credentialName is wildcard, which ${other} uses on port 443 of the same gateway, too. A browser that reuses its connection for a host of the other server gets a 404. Put the hosts of both into one server, or use a certificate for each.`,
];

describe("gateway-one-server-per-certificate", () => {
  test.each([
    ["one server", [gateway("a", [server("shop")])]],
    [
      "a certificate for each server",
      [gateway("a", [server("shop", "one"), server("blog", "two")])],
    ],
    [
      "a certificate for each Gateway",
      [gateway("a", [server("shop", "one")]), gateway("b", [server("blog", "two")])],
    ],
    ["two gateways", [gateway("a", [server("shop")]), gateway("b", [server("blog")], EXTERNAL)]],
    [
      "two ports",
      [
        gateway("a", [
          server("shop"),
          server("blog", "wildcard", { port: { number: 8443, name: "b", protocol: "HTTPS" } }),
        ]),
      ],
    ],
    [
      "TLS without HTTP",
      [
        gateway("a", [server("shop")]),
        gateway("b", [server("db", "wildcard", { port: { number: 443, protocol: "TLS" } })]),
      ],
    ],
    [
      "TLS that passes through",
      [
        gateway("a", [server("shop")]),
        gateway("b", [server("blog", undefined, { tls: { mode: "PASSTHROUGH" } })]),
      ],
    ],
    [
      "an egress gateway",
      [gateway("a", [server("shop")], "partners"), gateway("b", [server("blog")], "partners")],
    ],
    ["unknown certificates", [gateway("a", [server("shop", UNKNOWN), server("blog", UNKNOWN)])]],
    ["unknown servers", [gateway("a", UNKNOWN), gateway("b", [server("shop")])]],
  ])("accepts %s", async (_, fixtures) => {
    expect(await messages(...fixtures)).toEqual([]);
  });

  test("reports the same certificate in two Gateways, once", async () => {
    const fixtures = [gateway("a", [server("shop")]), gateway("b", [server("blog")])];
    expect(await messages(...fixtures)).toEqual([report("b", 0, 'Gateway "a"')]);
  });

  test("reports the same certificate in two servers of a Gateway", async () => {
    expect(await messages(gateway("a", [server("shop"), server("blog")]))).toEqual([
      report("a", 1, "spec.servers[0].tls.credentialName"),
    ]);
  });

  test("reports Gateways that select the same gateway with different labels", async () => {
    const other = gateway("b", [server("blog")]);
    const spec = { ...(other.props["spec"] as Props), selector: { app: INTERNAL } };
    expect(
      await messages(gateway("a", [server("shop")]), { ...other, props: { ...other.props, spec } }),
    ).toEqual([report("b", 0, 'Gateway "a"')]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const both = gateway("a", [server("shop"), server("blog")]);
    expect(
      await run(gatewayOneServerPerCertificate, [plain, on, { ...both, provider: on }]),
    ).toEqual([]);
  });
});
