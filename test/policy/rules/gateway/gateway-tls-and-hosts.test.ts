import { describe, expect, test } from "vitest";
import { gatewayTlsAndHosts } from "../../../../policy/rules/gateway/gateway-tls-and-hosts.ts";
import { gatewayTlsComplete } from "../../../../policy/rules/gateway/gateway-tls-complete.ts";
import { UNKNOWN, cluster, helmRelease, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [gatewayTlsAndHosts, gatewayTlsComplete];

const INGRESS = "aks-istio-ingress";
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

const hosts = ["shop/shop.example.com"];
const HTTP = { port: { number: 80, name: "http", protocol: "HTTP" }, hosts };
const REDIRECT = { ...HTTP, tls: { httpsRedirect: true } };
const tls = { mode: "SIMPLE", credentialName: "shop-tls" };
const HTTPS = { port: { number: 443, name: "https", protocol: "HTTPS" }, hosts, tls };

function gateway(servers: unknown, istio = "aks-istio-ingressgateway-internal"): Fixture {
  const metadata = { name: "shop", namespace: INGRESS };
  const spec = { selector: { istio }, servers };
  return object(provider, "networking.istio.io/v1", "Gateway", { metadata, spec });
}

const secret = (name: string, namespace: unknown) =>
  object(provider, "core/v1", "Secret", { metadata: { name, namespace } }, name);

async function messages(fixture: Fixture, ...others: Fixture[]) {
  const reports = await run(RULES, [mesh, provider, fixture, ...others]);
  return reports.map(({ level, message }) => [level, message.replace('Gateway "shop": ', "")]);
}

const judged = async (...servers: unknown[]) =>
  (await messages(gateway(servers))).map(([, message]) => message);

describe("gateway-tls-and-hosts", () => {
  test("accepts a redirect, TLS, and a certificate that the gateway can read", async () => {
    expect(await messages(gateway([REDIRECT, HTTPS]), secret("shop-tls", INGRESS))).toEqual([]);
  });

  test.each(["*", "*/*", "./*", "shop/*"])("reports the host %s", async (host) => {
    expect(await messages(gateway([{ ...HTTPS, hosts: [host, "a.example.com"] }]))).toEqual([
      [
        "violation",
        `spec.servers[0].hosts[0] is "${host}", so the gateway accepts every host, and any namespace can route its requests. List the hosts.`,
      ],
    ]);
  });

  test("accepts hosts of one domain", async () => {
    expect(await judged({ ...HTTPS, hosts: ["*.example.com", "*/a.example.com"] })).toEqual([]);
  });

  test("accepts an unknown host, and judges the others", async () => {
    expect(await judged({ ...HTTPS, hosts: [UNKNOWN] })).toEqual([]);
    expect(await judged({ ...HTTPS, hosts: [UNKNOWN, "*"] })).toEqual([
      expect.stringMatching(/^spec\.servers\[0\]\.hosts\[1\] is "\*", /),
    ]);
  });

  test.each<[string, unknown]>([
    ["no servers", undefined],
    ["servers that are not a list", "https"],
    ["a server without hosts", [{ ...HTTPS, hosts: undefined }]],
    ["a server without a port", [{ hosts, tls }]],
  ])("reports nothing for %s", async (_, servers) => {
    expect(await messages(gateway(servers))).toEqual([]);
  });

  describe("plain HTTP", () => {
    test.each([
      [{}, "not set"],
      [{ tls: { httpsRedirect: false } }, "false"],
      [{ tls: { httpsRedirect: "yes" } }, "not set"],
    ])("is reported without a redirect: %j", async (change, is) => {
      expect(await judged({ ...HTTP, ...change })).toEqual([
        `spec.servers[0].tls.httpsRedirect is ${is}, so the gateway serves HTTP on port 80 unencrypted. Set it to true, and add an HTTPS server for the same hosts.`,
      ]);
    });

    test.each(["HTTP2", "grpc", "http"])(
      "is reported with another protocol name: %s",
      async (protocol) => {
        expect(await judged({ ...HTTP, port: { number: 80, protocol } })).toHaveLength(1);
      },
    );

    test.each([undefined, UNKNOWN])("is reported on a port whose number is %s", async (number) => {
      expect(await judged({ ...HTTP, port: { number, protocol: "HTTP" } })).toEqual([
        expect.stringContaining(", so the gateway serves HTTP on an unknown port unencrypted."),
      ]);
    });

    test.each(["TCP", "MONGO"])("does not include %s", async (protocol) => {
      expect(await judged({ ...HTTP, port: { number: 80, protocol } })).toEqual([]);
    });

    test("is allowed on an egress gateway", async () => {
      expect(await messages(gateway([HTTP], "partners"))).toEqual([]);
      expect(await messages(gateway([HTTP], "others"))).toHaveLength(1);
    });
  });

  test.each(["HTTPS", "TLS", "https", "tls"])("reports %s without tls", async (protocol) => {
    expect(await judged({ port: { number: 443, protocol }, hosts })).toEqual([
      `spec.servers[0].tls is not set, but a server with the protocol ${protocol} requires it. Set its mode, and its credentialName if the gateway terminates TLS.`,
    ]);
  });

  test.each([
    ["TLSV1_0", 1],
    ["TLSV1_1", 1],
    ["TLSV1_2", 0],
    ["TLSV1_3", 0],
    ["TLS_AUTO", 0],
    [undefined, 0],
  ])("judges a minimum of %s", async (minProtocolVersion, count) => {
    const said = await judged({ ...HTTPS, tls: { ...tls, minProtocolVersion } });
    expect(said).toEqual(
      Array(count).fill(
        `spec.servers[0].tls.minProtocolVersion is ${minProtocolVersion ?? ""}, which is not secure. Set it to TLSV1_2, or remove it, because TLSV1_2 is the default.`,
      ),
    );
  });

  describe("the certificate", () => {
    const onServer = (change: object) => gateway([{ ...HTTPS, tls: { ...tls, ...change } }]);

    test.each(["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"])("is required with %s", async (mode) => {
      expect(await messages(onServer({ mode, credentialName: undefined }))).toEqual([
        [
          "violation",
          "spec.servers[0].tls.credentialName is not set, so the gateway has no certificate. Set it to the name of a Secret in aks-istio-ingress.",
        ],
      ]);
    });

    test.each<[string, Fixture]>([
      ["PASSTHROUGH", onServer({ mode: "PASSTHROUGH", credentialName: undefined })],
      ["several", onServer({ credentialName: undefined, credentialNames: ["a", "b"] })],
      ["an unknown name", onServer({ credentialName: UNKNOWN })],
      ["an unknown mode", onServer({ mode: UNKNOWN, credentialName: undefined })],
      ["another gateway", gateway([{ ...HTTPS, tls: { mode: "SIMPLE" } }], "own")],
    ])("is optional with %s", async (_, fixture) => {
      expect(await messages(fixture)).toEqual([]);
    });

    test("is reported if the gateway cannot read it", async () => {
      expect(await messages(gateway([HTTPS]), secret("shop-tls", "shop"))).toEqual([
        [
          "violation",
          'spec.servers[0].tls.credentialName is shop-tls, which Secret "shop-tls" creates in shop, but the gateway reads Secrets only in aks-istio-ingress. Create it there.',
        ],
      ]);
      const both = [secret("shop-tls", "shop"), { ...secret("shop-tls", INGRESS), name: "second" }];
      expect(await messages(gateway([HTTPS]), ...both)).toEqual([]);
      expect(await messages(gateway([HTTPS]), secret("shop-tls", UNKNOWN))).toEqual([]);
    });

    test("may exist outside the stack, where the gateway can read it", async () => {
      const unseen = (namespace: string) => helmRelease(provider, { namespace });
      const misplaced = secret("shop-tls", "shop");
      expect(await messages(gateway([HTTPS]), misplaced, unseen(INGRESS))).toEqual([
        [
          "unjudged",
          'the stack does not show the Secret shop-tls in aks-istio-ingress, which spec.servers[0].tls.credentialName names, but Release "shop" may create it. Create it there in the program. If something else creates it, exempt Gateway "shop" from gateway-tls-complete in exceptions of mesh-scope.',
        ],
      ]);
      expect(
        (await messages(gateway([HTTPS]), misplaced, unseen("b"))).map(([level]) => level),
      ).toEqual(["violation"]);
    });

    test.each([
      ["mode", "simple", "SIMPLE"],
      ["minProtocolVersion", "tlsv1_2", "TLSV1_2"],
      ["maxProtocolVersion", "1.2", "TLS_AUTO, TLSV1_0, TLSV1_1, TLSV1_2, TLSV1_3"],
    ])("requires the exact letters of the API for its %s, not %s", async (field, value, fix) => {
      expect(await messages(onServer({ [field]: value }))).toEqual([
        [
          "violation",
          `spec.servers[0].tls.${field} is "${value}", which the API server rejects. Set it to ${fix}.`,
        ],
      ]);
    });

    test("is also looked up for a gateway that is selected by its label app", async () => {
      const fixture = gateway([HTTPS]);
      const spec = { selector: { app: "aks-istio-ingressgateway-external" }, servers: [HTTPS] };
      const byApp = { ...fixture, props: { ...fixture.props, spec } };
      expect(await messages(byApp, secret("shop-tls", "shop"))).toHaveLength(1);
      const foreign = { ...spec, selector: { ...spec.selector, istio: "own" } };
      const own = { ...fixture, props: { ...fixture.props, spec: foreign } };
      expect(await messages(own, secret("shop-tls", "shop"))).toEqual([]);
    });

    test("may still be created by a later resource", async () => {
      const elsewhere = secret("shop-tls", "shop");
      const there = { ...secret("shop-tls", INGRESS), name: "second" };
      const stack = [mesh, provider, elsewhere, gateway([HTTPS]), there];
      expect(await run(RULES, stack)).toEqual([]);
      const [report, ...more] = await run(RULES, stack.slice(0, -1));
      expect(report).toMatchObject({ level: "violation", when: "late" });
      expect(more).toEqual([]);
    });

    test.each<[string, string, object]>([
      [
        "secrets-store.csi.x-k8s.io/v1",
        "SecretProviderClass",
        { secretObjects: [{ secretName: "other" }, { secretName: "shop-tls" }] },
      ],
      ["cert-manager.io/v1", "Certificate", { secretName: "shop-tls" }],
      ["external-secrets.io/v1", "ExternalSecret", { target: { name: "shop-tls" } }],
    ])("may come from %s %s", async (version, kind, spec) => {
      const maker = (namespace: string) =>
        object(provider, version, kind, { metadata: { name: "shop", namespace }, spec }, "maker");
      expect(await messages(gateway([HTTPS]), maker(INGRESS))).toEqual([]);
      expect(await messages(gateway([HTTPS]), maker("shop"))).toHaveLength(1);
    });

    test("without a source in the stack may be mistyped, or come from elsewhere", async () => {
      expect(await messages(gateway([HTTPS]))).toEqual([]);
      expect(await messages(gateway([HTTPS]), secret("shop-tsl", INGRESS))).toEqual([
        [
          "unjudged",
          "spec.servers[0].tls.credentialName is shop-tls, but nothing in the stack creates this Secret in aks-istio-ingress. Did you mean shop-tsl?",
        ],
      ]);
      expect(await messages(gateway([HTTPS]), secret("orders", INGRESS))).toEqual([]);
      expect(await messages(gateway([HTTPS]), secret("shop-tsl", "shop"))).toEqual([]);
    });

    test.each([undefined, UNKNOWN])("may have a name that is %s", async (name) => {
      const metadata = { name, namespace: INGRESS };
      const unnamed = object(provider, "core/v1", "Secret", { metadata });
      expect(await messages(gateway([HTTPS]), unnamed)).toEqual([]);
    });
  });

  test.each<[string, Fixture]>([
    ["spec.servers", gateway(UNKNOWN)],
    ["spec.servers[0].hosts", gateway([{ ...HTTPS, hosts: UNKNOWN }])],
    ["spec.servers[0].port.protocol", gateway([{ ...HTTPS, port: { protocol: UNKNOWN } }])],
    ["spec.servers[0].tls.httpsRedirect", gateway([{ ...HTTP, tls: { httpsRedirect: UNKNOWN } }])],
    [
      "spec.servers[0].tls.minProtocolVersion",
      gateway([{ ...HTTPS, tls: { ...tls, minProtocolVersion: UNKNOWN } }]),
    ],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const spec = { servers: [HTTP] };
    const fixture = object(on, "networking.istio.io/v1", "Gateway", { spec });
    expect(await run(RULES, [plain, on, fixture])).toEqual([]);
  });

  describe("remediation", () => {
    const selector = { istio: "aks-istio-ingressgateway-internal" };

    async function mended(...servers: unknown[]) {
      const props = await remediate(RULES, [mesh, provider, gateway(servers)]);
      return props?.["spec"];
    }

    test("redirects to the existing HTTPS, and drops old TLS versions, permanently", async () => {
      const old = { ...HTTPS, tls: { ...tls, minProtocolVersion: "TLSV1_0" } };
      const fixed = [REDIRECT, { ...HTTPS, tls: { ...tls, minProtocolVersion: "TLSV1_2" } }];
      expect(await mended(HTTP, old)).toEqual({ selector, servers: fixed });
      expect(await mended(...fixed)).toBeUndefined();
      expect(await judged(...fixed)).toEqual([]);
    });

    test("does each without the other", async () => {
      const modern = { ...HTTPS, tls: { ...tls, minProtocolVersion: "TLSV1_3" } };
      expect(await mended(HTTP, modern)).toEqual({ selector, servers: [REDIRECT, modern] });
      const old = { ...HTTPS, tls: { ...tls, minProtocolVersion: "TLSV1_1" } };
      const least = { ...HTTPS, tls: { ...tls, minProtocolVersion: "TLSV1_2" } };
      expect(await mended(old)).toEqual({ selector, servers: [least] });
    });

    test.each<[string, unknown[]]>([
      ["only HTTP", [HTTP]],
      ["HTTP of other hosts", [{ ...HTTP, hosts: ["a.example.com"] }, HTTPS]],
      ["HTTP of another host too", [{ ...HTTP, hosts: [...hosts, "a.example.com"] }, HTTPS]],
      ["HTTP of unknown hosts", [{ ...HTTP, hosts: [UNKNOWN] }, HTTPS]],
      [
        "HTTP and HTTPS, each of an unknown host",
        [
          { ...HTTP, hosts: [UNKNOWN] },
          { ...HTTPS, hosts: [UNKNOWN] },
        ],
      ],
      ["HTTP of no host", [{ ...HTTP, hosts: [] }, HTTPS]],
      [
        "servers without hosts",
        [
          { ...HTTP, hosts: undefined },
          { ...HTTPS, hosts: undefined },
        ],
      ],
      [
        "servers with unknown hosts",
        [
          { ...HTTP, hosts: UNKNOWN },
          { ...HTTPS, hosts: UNKNOWN },
        ],
      ],
      ["a redirect that is off", [{ ...HTTP, tls: { httpsRedirect: false } }, HTTPS]],
      ["HTTP/2 in clear text", [{ ...HTTP, port: { number: 80, protocol: "HTTP2" } }, HTTPS]],
    ])("changes nothing for %s", async (_, servers) => {
      expect(await mended(...servers)).toBeUndefined();
    });

    test.each([undefined, UNKNOWN])("changes nothing for servers that are %s", async (servers) => {
      const stack = [mesh, provider, gateway(servers)];
      expect(await remediate(RULES, stack)).toBeUndefined();
    });

    const outside = cluster({ serviceMeshProfile: undefined }, "west");

    test.each<[string, Fixture[]]>([
      ["without the add-on", [outside]],
      ["whose add-on is unknown", [cluster({ serviceMeshProfile: { mode: UNKNOWN } })]],
      ["that may be another one, without the add-on", [mesh, outside]],
      ["outside the stack", []],
    ])("changes nothing on a cluster %s", async (_, clusters) => {
      const stack = [...clusters, provider, gateway([HTTP, HTTPS])];
      expect(await remediate(RULES, stack)).toBeUndefined();
    });

    test("changes nothing for egress", async () => {
      expect(
        await remediate(RULES, [mesh, provider, gateway([HTTP, HTTPS], "partners")]),
      ).toBeUndefined();
    });
  });
});
