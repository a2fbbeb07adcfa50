import { describe, expect, test } from "vitest";
import { gatewayapiListenersValid } from "../../../../policy/rules/gatewayapi/gatewayapi-listeners-valid.ts";
import { UNKNOWN, cluster, helmRelease, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { HTTP, gateway, gatewayApi, mesh, provider } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

const OWN = [namespace(provider), namespace(provider, {}, "certs")];

/** An HTTPS listener with a certificate. */
const HTTPS = {
  name: "https",
  port: 443,
  protocol: "HTTPS",
  tls: { certificateRefs: [{ name: "web" }] },
};

async function found(...stack: Fixture[]) {
  return await foundIn([mesh, provider, ...OWN], stack);
}

async function foundIn(around: readonly Fixture[], stack: readonly Fixture[]) {
  const reports = await run(gatewayapiListenersValid, [...around, ...stack]);
  return reports.map(({ level, message }) => (level === "unjudged" ? `(${message})` : message));
}

const on = (listener: Props, metadata: Props = {}) => gateway("web", [listener], metadata);

function secret(name: string, where: unknown = "shop", props: Props = {}): Fixture {
  return object(
    provider,
    "core/v1",
    "Secret",
    { metadata: { name, namespace: where }, ...props },
    name,
  );
}

const PLACE = 'Gateway "web": spec.listeners[0]';

describe("gatewayapi-listeners-valid", () => {
  test.each<[string, Props]>([
    ["HTTP", HTTP],
    ["HTTPS", HTTPS],
    ["HTTPS with its mode", { ...HTTPS, tls: { ...HTTPS.tls, mode: "Terminate" } }],
    ["TLS that passes through", { ...HTTPS, protocol: "TLS", tls: { mode: "Passthrough" } }],
    ["TLS that terminates", { ...HTTPS, protocol: "TLS" }],
    ["TCP", { name: "tcp", port: 5432, protocol: "TCP" }],
    [
      "an option of Istio",
      { ...HTTPS, tls: { options: { "gateway.istio.io/tls-terminate-mode": "ISTIO_SIMPLE" } } },
    ],
    ["no protocol, which the API server rejects", { name: "web", port: 80 }],
  ])("accepts %s", async (_, listener) => {
    expect(await found(on(listener))).toEqual([]);
  });

  test.each<[string, Props, string]>([
    [
      "a protocol in the wrong case",
      { ...HTTP, protocol: "http" },
      ".protocol is http, which istiod does not accept, so nothing listens. Set it to HTTP.",
    ],
    [
      "another protocol",
      { ...HTTP, protocol: "HTTP2" },
      ".protocol is HTTP2, which istiod does not accept, so nothing listens. Set it to HTTP, HTTPS or TLS.",
    ],
    [
      "TLS settings for HTTP",
      { ...HTTPS, protocol: "HTTP" },
      ".tls is set, but spec.listeners[0].protocol is HTTP, and the API server rejects the combination. Remove it, or set spec.listeners[0].protocol to HTTPS.",
    ],
    [
      "TLS settings for TCP",
      { ...HTTPS, protocol: "TCP" },
      ".tls is set, but spec.listeners[0].protocol is TCP, and the API server rejects the combination. Remove it, or set spec.listeners[0].protocol to HTTPS.",
    ],
    [
      "HTTPS without TLS settings",
      { ...HTTP, protocol: "HTTPS" },
      ".tls is not set, but a listener with the protocol HTTPS requires it: without it, nothing listens. Set spec.listeners[0].tls.certificateRefs.",
    ],
    [
      "TLS without TLS settings",
      { ...HTTP, protocol: "TLS" },
      ".tls is not set, but a listener with the protocol TLS requires it: without it, nothing listens. Set spec.listeners[0].tls.mode.",
    ],
    [
      "HTTPS that passes through",
      { ...HTTPS, tls: { mode: "Passthrough" } },
      ".tls.mode is Passthrough, which the API server rejects for the protocol HTTPS. Set it to Terminate, or set the protocol to TLS.",
    ],
    [
      "a mode of Istio's own Gateways",
      { ...HTTPS, tls: { mode: "SIMPLE" } },
      '.tls.mode is "SIMPLE", which the API server rejects. Set it to Terminate, Passthrough.',
    ],
    [
      "no certificate",
      { ...HTTPS, tls: { mode: "Terminate" } },
      ".tls.certificateRefs is not set, but a listener that terminates TLS requires a certificate, and the API server rejects the Gateway without one. Set it to a Secret.",
    ],
    [
      "an empty list of certificates",
      { ...HTTPS, tls: { certificateRefs: [] } },
      ".tls.certificateRefs is not set, but a listener that terminates TLS requires a certificate, and the API server rejects the Gateway without one. Set it to a Secret.",
    ],
    [
      "a certificate in a ConfigMap",
      { ...HTTPS, tls: { certificateRefs: [{ kind: "ConfigMap", name: "web" }] } },
      ".tls.certificateRefs[0] refers to a ConfigMap, but istiod reads certificates only from Secrets. Refer to a Secret.",
    ],
    [
      "a Secret of another group",
      { ...HTTPS, tls: { certificateRefs: [{ group: "example.com", name: "web" }] } },
      ".tls.certificateRefs[0] refers to a Secret of example.com, but istiod reads certificates only from Secrets. Refer to a Secret.",
    ],
  ])("reports %s", async (_, listener, message) => {
    expect(await found(on(listener))).toEqual([PLACE + message]);
  });

  describe("listeners on one port", () => {
    const both = (host: string, port: number) =>
      `Gateway "web": spec.listeners[1] (listener second) and spec.listeners[0] (listener first) both serve ${host} on port ${port}, so only one of them takes effect. Change the port or the hostname of one.`;
    const first = { ...HTTPS, name: "first", hostname: "shop.example.com" };
    const second = { ...first, name: "second" };

    test.each<[string, Props, Props]>([
      ["other ports", first, { ...second, port: 8443 }],
      ["other hosts", first, { ...second, hostname: "blog.example.com" }],
      ["a host and a wildcard", first, { ...second, hostname: "*.example.com" }],
      ["a host and any host", first, { ...second, hostname: undefined }],
      ["an unknown host", first, { ...second, hostname: UNKNOWN }],
      ["two unknown hosts", { ...first, hostname: UNKNOWN }, { ...second, hostname: UNKNOWN }],
      ["an unknown port", first, { ...second, port: UNKNOWN }],
    ])("are accepted with %s", async (_, a, b) => {
      expect(await found(gateway("web", [a, b]))).toEqual([]);
    });

    test.each<[string, Props, Props, string]>([
      ["the same host", first, second, both("shop.example.com", 443)],
      [
        "no host",
        { ...HTTP, name: "first" },
        { ...HTTP, name: "second", hostname: "" },
        both("any host", 80),
      ],
      [
        "another protocol",
        first,
        { ...second, protocol: "TLS", tls: { mode: "Passthrough" } },
        both("shop.example.com", 443),
      ],
      [
        "TCP",
        { ...HTTP, name: "first" },
        { ...HTTP, name: "second", protocol: "TCP" },
        both("any host", 80),
      ],
    ])("are reported with %s", async (_, a, b, message) => {
      expect(await found(gateway("web", [a, b]))).toEqual([message]);
    });

    test("have different names", async () => {
      expect(await found(gateway("web", [HTTP, { ...HTTP, port: 8080 }]))).toEqual([
        'Gateway "web": spec.listeners[1].name is http, which is also the name of an earlier listener. Give each listener its own name.',
      ]);
    });
  });

  describe("a certificate", () => {
    const NAMED = `${PLACE}.tls.certificateRefs[0].name is web`;

    test.each<[string, Fixture]>([
      ["a TLS Secret", secret("web", "shop", { data: { "tls.crt": "", "tls.key": "" } })],
      [
        "a TLS Secret in plain text",
        secret("web", "shop", { stringData: { "tls.crt": "", "tls.key": "" } }),
      ],
      ["Istio's own keys", secret("web", "shop", { data: { cert: "", key: "", cacert: "" } })],
      ["unknown keys", secret("web", "shop", { data: UNKNOWN })],
      ["a Secret that something else fills", secret("web")],
      ["a Secret of an unknown namespace", secret("web", UNKNOWN)],
      [
        "a Certificate",
        object(provider, "cert-manager.io/v1", "Certificate", {
          metadata: { namespace: "shop" },
          spec: { secretName: "web" },
        }),
      ],
      ["nothing similar in the stack", secret("database")],
    ])("may be %s", async (_, made) => {
      expect(await found(made, on(HTTPS))).toEqual([]);
    });

    test("is reported without a key", async () => {
      const only = secret("web", "shop", { data: { "tls.crt": "" }, stringData: { ca: "" } });
      expect(await found(on(HTTPS), only)).toEqual([
        `${NAMED}, but Secret "web" has only the keys tls.crt, ca, so the gateway has no certificate. Store the certificate as tls.crt and its private key as tls.key, with the type kubernetes.io/tls.`,
      ]);
    });

    test("is reported in another namespace", async () => {
      expect(await found(secret("web", "certs"), on(HTTPS))).toEqual([
        `${NAMED}, which means the Secret in shop, but Secret "web" creates it in certs. Create it in shop, or set namespace and create a ReferenceGrant.`,
      ]);
      const chart = helmRelease(provider, { namespace: "shop" });
      expect(await found(secret("web", "certs"), chart, on(HTTPS))).toEqual([
        '(Gateway "web": the stack does not show the Secret web in shop (spec.listeners[0].tls.certificateRefs[0].name is web), but Release "shop" may create it. Create it there in the program. If something else creates it, exempt Gateway "web" from gatewayapi-listeners-valid in exceptions of mesh-scope.)',
      ]);
    });

    test("with a similar name is questioned", async () => {
      expect(await found(secret("wbe"), on(HTTPS))).toEqual([
        `(${NAMED}, but nothing in the stack creates this Secret in shop. Did you mean wbe?)`,
      ]);
      const chart = helmRelease(provider, { namespace: "shop" });
      expect(await found(secret("wbe"), chart, on(HTTPS))).toEqual([]);
    });

    test("is left to cert-manager if the Gateway has its annotation", async () => {
      const issued = (name: string) => on(HTTPS, { annotations: { [name]: "acme" } });
      expect(await found(secret("web", "certs"), issued("cert-manager.io/issuer"))).toEqual([]);
      expect(await found(secret("web", "certs"), issued("cert-manager.io/cluster-issuer"))).toEqual(
        [],
      );
      expect(
        await found(secret("web", "certs"), issued("cert-manager.io/common-name")),
      ).toHaveLength(1);
    });

    const crossing = on({
      ...HTTPS,
      tls: { certificateRefs: [{ name: "web", namespace: "certs" }] },
    });
    const grant = (kind: string) =>
      gatewayApi(
        "ReferenceGrant",
        "grant",
        {
          from: [{ group: "gateway.networking.k8s.io", kind, namespace: "shop" }],
          to: [{ group: "", kind: "Secret" }],
        },
        { namespace: "certs" },
        "v1beta1",
      );

    test("in another namespace requires a grant", async () => {
      expect(await found(secret("web", "certs"), crossing, grant("Gateway"))).toEqual([]);
      expect(await found(secret("web", "certs"), crossing)).toEqual([
        `${NAMED} in certs, but no ReferenceGrant in certs allows Gateways of shop to refer to it, so istiod rejects the reference. Create one with group: gateway.networking.k8s.io, kind: Gateway, namespace: shop in spec.from, and group: "", kind: Secret in spec.to.`,
      ]);
      expect(await found(secret("web", "certs"), crossing, grant("HTTPRoute"))).toEqual([
        `${NAMED} in certs, but no ReferenceGrant in certs allows Gateways of shop to refer to it, so istiod rejects the reference. Add group: gateway.networking.k8s.io, kind: Gateway, namespace: shop to spec.from of ReferenceGrant "grant".`,
      ]);
    });
  });

  test.each<[string, Fixture]>([
    ["spec.listeners", gateway("web", UNKNOWN)],
    ["spec.listeners[0].protocol", on({ ...HTTP, protocol: UNKNOWN })],
    ["spec.listeners[0].tls.mode", on({ ...HTTPS, tls: { mode: UNKNOWN } })],
    ["spec.listeners[0].tls.certificateRefs", on({ ...HTTPS, tls: { certificateRefs: UNKNOWN } })],
    [
      "spec.listeners[0].tls.certificateRefs[0].name",
      on({ ...HTTPS, tls: { certificateRefs: [{ name: UNKNOWN }] } }),
    ],
  ])("does not judge an unknown %s", async (place, object_) => {
    expect(await found(object_)).toEqual([
      `(Gateway "web": ${place} is known only once it is deployed. Give it a value that does not depend on another resource.)`,
    ]);
  });

  test("leaves alone Gateways of other classes, and a cluster without the add-on", async () => {
    const wrong = [{ ...HTTP, protocol: "http" }];
    expect(await found(gateway("web", wrong, {}, { gatewayClassName: "nginx" }))).toEqual([]);
    const plain = cluster({ serviceMeshProfile: undefined });
    expect(await foundIn([plain, provider], [gateway("web", wrong)])).toEqual([]);
  });
});
