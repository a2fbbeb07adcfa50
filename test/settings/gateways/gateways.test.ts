import { describe, expect, test } from "vitest";
import { GATEWAY_RULES } from "../../../settings/gateways/rules.ts";
import { Gateways } from "../../../settings/gateways/schema.ts";
import { generalRule } from "../../../settings/core/wording.ts";
import { CERTIFICATE as CHAIN, PRIVATE_KEY } from "../../support/pem.ts";

const VAULT =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-certificates";
const HOST = { namespace: "shop", service: "frontend", port: 9898, certificate: "shop" };
const PARTNERS = { phase: "prepared", namespace: "egress" };

/** One line for each mistake in the shape or against a rule. */
function problemsOf(value: unknown): readonly string[] {
  const { error } = Gateways.safeParse(value, { error: generalRule });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

/** What the rules report about settings with these gateways, in a stack with the namespaces that the tests name. */
function violationsOf(gateways: unknown, rest: object = {}): readonly string[] {
  const values = {
    namespaces: { shop: {}, egress: {}, closed: { defaultDeny: true }, outside: { mesh: false } },
    ...rest,
    gateways,
  };
  return GATEWAY_RULES.flatMap((rule) => rule(values)).map(
    ({ steps, rule }) => `${steps.join(".")}: ${rule}`,
  );
}

/** Everything that is wrong with these gateways: with their shape, and by the rules. */
function linesOf(gateways: unknown): readonly string[] {
  const wrong = problemsOf(gateways).map((line) => `gateways.${line}`);
  return [...wrong, ...violationsOf(gateways)];
}

const external = (changes: object) => ({ ingress: { External: changes } });
const withHost = (changes: object, host = "shop.example.com") => ({
  keyVaultId: VAULT,
  ...external({ hosts: { [host]: { ...HOST, ...changes } } }),
});

describe("the shape", () => {
  test.each([[undefined], [{}]])("%j means no gateways", (value) => {
    expect(Gateways.parse(value)).toEqual({ ingress: {}, staticEgress: false, egress: {} });
  });

  test("fills in the defaults of a gateway", () => {
    expect(Gateways.parse({ ingress: { Internal: {}, External: {} } }).ingress).toEqual({
      Internal: { api: "istio", hosts: {}, annotations: {} },
      External: { api: "istio", hosts: {}, annotations: {}, staticIP: false },
    });
    expect(Gateways.parse({ egress: { partners: PARTNERS } }).egress).toEqual({
      partners: {
        ...PARTNERS,
        pool: {
          name: "egress",
          vmSize: "Standard_D4ds_v5",
          count: 2,
          publicIPPrefixSize: 31,
        },
        excludeCidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.169.254/32"],
        hosts: {},
      },
    });
  });

  test("accepts a certificate as a name in Key Vault or as a value", () => {
    const answering = { namespace: "shop", service: "frontend", port: 9898 };
    const hosts = {
      "shop.example.com": HOST,
      "api.example.com": { ...answering, tlsCertificate: CHAIN, tlsKey: PRIVATE_KEY },
    };
    expect(Gateways.parse(external({ hosts })).ingress.External?.hosts).toEqual({
      "shop.example.com": { ...answering, certificate: { keyVaultObject: "shop" } },
      "api.example.com": {
        ...answering,
        certificate: { certificate: CHAIN, key: PRIVATE_KEY },
      },
    });
  });

  const HOSTED = "ingress.External.hosts.shop.example.com";
  const SERVICE = `${HOSTED}.service: must be the name of a Service, such as frontend`;
  const CERTIFICATE = `${HOSTED}.certificate: must be the name of a certificate in Key Vault: letters, digits and hyphens, such as shop-example-com`;
  const VAULT_RULE =
    "keyVaultId: must be the resource ID of a Key Vault, /subscriptions/…/providers/Microsoft.KeyVault/vaults/…";
  const POOL =
    "egress.partners.pool.name: must be the name of a pool: at most 12 lowercase letters and digits, beginning with a letter";
  const egress = (changes: object) => ({ egress: { partners: { ...PARTNERS, ...changes } } });

  test.each<[unknown, string]>([
    [{ ingres: {} }, ": no such setting; did you mean ingress?"],
    [{ ingress: { external: {} } }, "ingress: no such setting; did you mean External?"],
    // Only the external gateway has a public address.
    [
      { ingress: { Internal: { staticIP: true } } },
      "ingress.Internal: no such setting; the keys here are api, namespace, hosts, annotations, externalTrafficPolicy, replicas",
    ],
    [{ keyVaultId: "kv-certificates" }, VAULT_RULE],
    [{ keyVaultId: `${VAULT}/secrets/shop` }, VAULT_RULE],
    [external({ api: "gateway" }), "ingress.External.api: must be one of istio, gateway-api"],
    [withHost({ service: "Frontend" }), SERVICE],
    [withHost({ service: "frontend.shop" }), SERVICE],
    [withHost({ service: undefined }), SERVICE],
    [
      withHost({ port: undefined }),
      `${HOSTED}.port: must be the port of the Service, a whole number from 1 to 65535`,
    ],
    [
      withHost({ port: 1e20 }),
      `${HOSTED}.port: must be the port of the Service, a whole number from 1 to 65535`,
    ],
    [
      withHost({ port: 0 }),
      `${HOSTED}.port: must be the port of the Service, a whole number from 1 to 65535`,
    ],
    [
      withHost({ port: 65536 }),
      `${HOSTED}.port: must be the port of the Service, a whole number from 1 to 65535`,
    ],
    [withHost({ certificate: "shop.example.com" }), CERTIFICATE],
    [withHost({ certificate: "" }), CERTIFICATE],
    [
      external({ replicas: { minimum: 1, maximum: 5 } }),
      "ingress.External.replicas.minimum: must be the minimum number of replicas, a whole number from 2 to 1000",
    ],
    [
      external({ replicas: { minimum: 2 } }),
      "ingress.External.replicas.maximum: must be the maximum number of replicas, a whole number from 2 to 1000",
    ],
    [
      external({ externalTrafficPolicy: "local" }),
      "ingress.External.externalTrafficPolicy: must be one of Cluster, Local; did you mean Local?",
    ],
    [
      external({ annotations: { "service.beta.kubernetes.io/azure-pip-name": 4 } }),
      "ingress.External.annotations.service.beta.kubernetes.io/azure-pip-name: must be the value of an annotation, in quotes",
    ],
    [egress({ phase: "ready" }), "egress.partners.phase: must be one of prepared, enabled, routed"],
    [egress({ pool: { name: "Egress" } }), POOL],
    [egress({ pool: { name: "egresspool123" } }), POOL],
    [
      egress({ pool: { count: 0 } }),
      "egress.partners.pool.count: must be the number of nodes, a whole number of 1 or more",
    ],
    [
      egress({ pool: { publicIPPrefixSize: 27 } }),
      "egress.partners.pool.publicIPPrefixSize: must be the length of the prefix, a whole number from 28 to 31",
    ],
    [
      egress({ pool: { publicIPPrefixSize: 32 } }),
      "egress.partners.pool.publicIPPrefixSize: must be the length of the prefix, a whole number from 28 to 31",
    ],
    [
      egress({ hosts: { "api.example.com": "TCP" } }),
      "egress.partners.hosts.api.example.com: must be one of TLS, HTTP",
    ],
  ])("refuses %j", (value, line) => {
    expect(problemsOf(value)).toEqual([line]);
  });

  test.each([
    [withHost({ port: 1 })],
    [withHost({ port: 65535 })],
    [external({ replicas: { minimum: 2, maximum: 2 } })],
    [egress({ pool: { name: "egresspool12", publicIPPrefixSize: 28, count: 16 } })],
  ])("accepts %j", (value) => {
    expect(problemsOf(value)).toEqual([]);
  });
});

test("a stack with every feature violates no rule", () => {
  expect(
    violationsOf({
      keyVaultId: VAULT,
      ingress: {
        Internal: {
          api: "gateway-api",
          namespace: "shop",
          hosts: { "shop.internal.example.com": HOST },
        },
        External: {
          staticIP: true,
          externalTrafficPolicy: "Local",
          replicas: { minimum: 3, maximum: 3 },
          hosts: {
            "shop.example.com": HOST,
            "api.example.com": {
              ...HOST,
              certificate: undefined,
              tlsCertificate: CHAIN,
              tlsKey: PRIVATE_KEY,
            },
          },
        },
      },
      staticEgress: true,
      egress: {
        partners: { ...PARTNERS, phase: "routed", hosts: { "api.partner.example": "TLS" } },
        banks: { ...PARTNERS, pool: { name: "banks", count: 4, publicIPPrefixSize: 30 } },
      },
    }),
  ).toEqual([]);
});

test("each annotation is validated separately", () => {
  const at = "gateways.ingress";
  const annotations = {
    "service.beta.kubernetes.io/azure-pip-nam": "ingress",
    "service.beta.kubernetes.io/azure-pip-name": 4,
  };
  expect(violationsOf(external({ annotations }))).toEqual([
    `${at}.External.annotations.service.beta.kubernetes.io/azure-pip-nam: AKS removes this annotation from the gateway's Service; did you mean service.beta.kubernetes.io/azure-pip-name?`,
  ]);
  const internal = { annotations: { "service.beta.kubernetes.io/azure-pip-name": "ingress" } };
  expect(violationsOf({ ingress: { Internal: internal } })).toEqual([
    `${at}.Internal.annotations.service.beta.kubernetes.io/azure-pip-name: does not apply to an internal gateway; remove it`,
  ]);
});

describe("hosts", () => {
  const at = "gateways.ingress.External.hosts";

  test("are full names", () => {
    expect(violationsOf(withHost({}, "*.example.com"))).toEqual([
      `${at}.*.example.com: the host must be a full name without *`,
    ]);
  });

  test("are served in a namespace of the stack", () => {
    expect(violationsOf(withHost({ namespace: "shpo" }))).toEqual([
      `${at}.shop.example.com.namespace: is not one of the stack's namespaces; did you mean shop?`,
    ]);
  });

  const ONE =
    "must have a certificate: the name of one in Key Vault as certificate, or its PEM as tlsCertificate and tlsKey";
  test.each<[object, string]>([
    [{ certificate: undefined }, `: ${ONE}`],
    [
      { tlsKey: PRIVATE_KEY },
      ": must have either certificate, from Key Vault, or tlsCertificate and tlsKey, but has both",
    ],
    [{ certificate: undefined, tlsKey: PRIVATE_KEY }, ".tlsCertificate: is required with tlsKey"],
    [{ certificate: undefined, tlsCertificate: CHAIN }, ".tlsKey: is required with tlsCertificate"],
  ])("have one certificate each: %j", (changes, line) => {
    const { keyVaultId, ...gateways } = withHost(changes);
    const vault = "certificate" in changes ? {} : { keyVaultId };
    expect(linesOf({ ...gateways, ...vault })).toEqual([`${at}.shop.example.com${line}`]);
  });

  test("with certificates from Key Vault require a vault, and a vault requires such hosts", () => {
    const { ingress } = withHost({});
    expect(violationsOf({ ingress })).toEqual([
      "gateways.keyVaultId: must be the resource ID of the Key Vault that holds the hosts' certificates",
    ]);
    expect(violationsOf({ keyVaultId: VAULT })).toEqual([
      "gateways.keyVaultId: does not apply, because no host has a certificate in it; remove it",
    ]);
  });
});

describe("the API for routes", () => {
  const hosts = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`shop-${index}.example.com`, HOST]),
    );
  const own = (changes: object) => ({
    keyVaultId: VAULT,
    ...external({ api: "gateway-api", namespace: "shop", hosts: hosts(1), ...changes }),
  });
  const at = "gateways.ingress.External";

  test.each<[unknown, readonly string[]]>([
    [
      external({ namespace: "shop" }),
      [
        `${at}.namespace: does not apply with api: istio: AKS decides where the gateway runs; remove it`,
      ],
    ],
    [own({}), []],
    [own({ namespace: "outside" }), []],
    [
      own({ namespace: undefined }),
      [`${at}.namespace: must be the namespace of the stack in which the gateway runs`],
    ],
    [
      own({ namespace: "gateways" }),
      [`${at}.namespace: is not one of the stack's namespaces; add it to them`],
    ],
    [
      own({ namespace: "closed" }),
      [
        `${at}.namespace: has defaultDeny, which also refuses requests to the gateway; give the gateway its own namespace without defaultDeny`,
      ],
    ],
    [
      own({ externalTrafficPolicy: "Local" }),
      [
        `${at}.externalTrafficPolicy: does not apply with api: gateway-api: the load balancer's probes do not support it; remove it`,
      ],
    ],
    [own({ hosts: hosts(63) }), []],
    [
      own({ hosts: hosts(64) }),
      [`${at}.hosts: must have 1 to 63 hosts with api: gateway-api, but has 64`],
    ],
    [
      external({ api: "gateway-api", namespace: "shop" }),
      [`${at}.hosts: must have 1 to 63 hosts with api: gateway-api, but has 0`],
    ],
    // Other sources may create the routes of the add-on's own gateway.
    [external({}), []],
    [{ keyVaultId: VAULT, ...external({ hosts: hosts(64) }) }, []],
  ])("%#", (gateways, lines) => {
    expect(linesOf(gateways)).toEqual(lines);
  });
});

describe("replicas", () => {
  const replicas = (minimum: number, maximum: number, api = "istio") => ({
    keyVaultId: VAULT,
    ...external({
      api,
      ...(api === "istio" ? {} : { namespace: "shop" }),
      hosts: { "shop.example.com": HOST },
      replicas: { minimum, maximum },
    }),
  });

  test("have a minimum that does not exceed the maximum", () => {
    expect(violationsOf(replicas(3, 3))).toEqual([]);
    expect(violationsOf(replicas(4, 3))).toEqual([
      "gateways.ingress.External.replicas.maximum: must not be less than minimum, which is 4",
    ]);
  });

  test("of the add-on's gateway require known revisions", () => {
    const left = { mesh: { management: "external" } };
    expect(violationsOf(replicas(3, 3), left)).toEqual([
      "gateways.ingress.External.replicas: does not apply with mesh.management: external: the autoscaler's name contains the revision, which the program does not know; remove it, or set mesh.management to pinned",
    ]);
    expect(violationsOf(replicas(3, 3, "gateway-api"), left)).toEqual([]);
  });
});

test("a gateway has one address", () => {
  const annotations = {
    "service.beta.kubernetes.io/azure-load-balancer-resource-group": "addresses",
    "service.beta.kubernetes.io/azure-pip-name": "ingress",
    "service.beta.kubernetes.io/azure-load-balancer-ipv4": "198.51.100.7",
    "service.beta.kubernetes.io/azure-shared-securityrule": "true",
  };
  const line = (name: string) =>
    `gateways.ingress.External.annotations.service.beta.kubernetes.io/azure-${name}: conflicts with staticIP, which chooses another address; remove one of the two`;
  expect(violationsOf(external({ staticIP: true, annotations }))).toEqual([
    line("load-balancer-resource-group"),
    line("pip-name"),
    line("load-balancer-ipv4"),
  ]);
  expect(violationsOf(external({ staticIP: false, annotations }))).toEqual([]);
});

describe("egress", () => {
  const at = "gateways.egress.partners";
  const partners = (changes: object) => ({
    staticEgress: true,
    egress: { partners: { ...PARTNERS, ...changes } },
  });
  const COUNT = (most: number, size: number) =>
    `${at}.pool.count: must be at most ${most}, the number of addresses in a /${size} prefix`;
  const TAKEN = (owner: string, name: string) =>
    `${at}.pool.name: must differ from that of a pool ${owner}, which is ${name}`;

  test.each<[object, readonly string[]]>([
    [
      { namespace: "egres" },
      [`${at}.namespace: is not one of the stack's namespaces; did you mean egress?`],
    ],
    [
      { namespace: "closed" },
      [
        `${at}.namespace: has defaultDeny, which also refuses requests to the gateway; give the gateway its own namespace without defaultDeny`,
      ],
    ],
    [{ pool: { count: 2 } }, []],
    [{ pool: { count: 3 } }, [COUNT(2, 31)]],
    [{ pool: { count: 16, publicIPPrefixSize: 28 } }, []],
    [{ pool: { count: 17, publicIPPrefixSize: 28 } }, [COUNT(16, 28)]],
    [{ pool: { name: "system" } }, [TAKEN("of the cluster", "system")]],
    // The pool of a stack that names none.
    [{ pool: { name: "apps" } }, [TAKEN("of the cluster", "apps")]],
    [
      { hosts: { "*.example.com": "TLS" } },
      [`${at}.hosts.*.example.com: the host must be a full name without *`],
    ],
    [
      { phase: "routed" },
      [
        `${at}.hosts: must have a host in the phase routed: without one, no requests leave through the gateway`,
      ],
    ],
    [{ phase: "enabled" }, []],
  ])("%j", (changes, lines) => {
    expect(violationsOf(partners(changes))).toEqual(lines);
  });

  test("pools differ from the cluster's and from each other", () => {
    const cluster = { userPools: { batch: {} } };
    expect(violationsOf(partners({ pool: { name: "apps" } }), { cluster })).toEqual([]);
    expect(violationsOf(partners({ pool: { name: "batch" } }), { cluster })).toEqual([
      TAKEN("of the cluster", "batch"),
    ]);
    expect(
      violationsOf({ staticEgress: true, egress: { banks: PARTNERS, partners: PARTNERS } }),
    ).toEqual([TAKEN("of banks", "egress")]);
  });

  test("a name must be valid for AKS and Kubernetes", () => {
    expect(violationsOf({ staticEgress: true, egress: { "partners.eu": PARTNERS } })).toEqual([
      "gateways.egress.partners.eu: the name must consist of lowercase letters, digits and hyphens, start with a letter, and end with a letter or digit",
    ]);
  });

  test("a host has one route", () => {
    const hosts = { "api.example.com": "TLS" };
    expect(
      violationsOf({
        staticEgress: true,
        egress: {
          banks: { ...PARTNERS, hosts, pool: { name: "banks" } },
          partners: { ...PARTNERS, hosts },
        },
      }),
    ).toEqual([`${at}.hosts.api.example.com: already leaves through banks; list each host once`]);
  });

  test("requires static egress", () => {
    const { egress } = partners({});
    const line = "gateways.staticEgress: must be true, because egress gateways require it";
    expect(violationsOf({ egress })).toEqual([line]);
    expect(violationsOf({ staticEgress: false, egress })).toEqual([line]);
    expect(violationsOf({ staticEgress: false })).toEqual([]);
  });
});

test("an invalid field neither hides nor breaks other rules", () => {
  for (const gateways of [null, [], "none", { ingress: [] }, { ingress: { External: 1 } }]) {
    expect(violationsOf(gateways)).toEqual([]);
  }
  expect(violationsOf({ ingress: { External: { hosts: { "*": 1 } } }, egress: { "": 1 } })).toEqual(
    [],
  );
});
