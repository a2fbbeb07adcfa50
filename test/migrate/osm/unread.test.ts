import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";

const POLICY = "policy.openservicemesh.io/v1alpha1";
const ACCESS = "access.smi-spec.io/v1alpha3";
const SPECS = "specs.smi-spec.io/v1alpha4";
const named = (name: string, namespace = "shop") => ({ metadata: { name, namespace } });

/** A Deployment that runs as an account, and its Service. */
const served = (serviceAccountName = "web", namespace = "shop") => [
  {
    ...{ apiVersion: "apps/v1", kind: "Deployment", ...named("web", namespace) },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { serviceAccountName } },
    },
  },
  {
    ...{ apiVersion: "v1", kind: "Service", ...named("web", namespace) },
    spec: { selector: { app: "web" }, ports: [{ name: "http", port: 8080 }] },
  },
];

const meshConfig = (
  isPermissive: unknown,
  name = "osm-mesh-config",
  namespace = "kube-system",
) => ({
  ...{ apiVersion: "config.openservicemesh.io/v1alpha2", kind: "MeshConfig" },
  ...named(name, namespace),
  spec: { traffic: { enablePermissiveTrafficPolicyMode: isPermissive, enableEgress: true } },
});

function migrated(...objects: readonly object[]) {
  const text = objects.map((one) => stringify(one)).join("---\n");
  const { manifests } = readManifestText(text, "a.yaml");
  return migrateOsm(manifests, { revision: "asm-1-30", out: "out" });
}

const account = (name: unknown, namespace: unknown = "shop") => ({
  ...{ kind: "ServiceAccount", name, namespace },
});
const target = (spec: unknown, apiVersion = ACCESS) => ({
  ...{ apiVersion, kind: "TrafficTarget", ...named("one") },
  spec,
});
const allowing = (source: unknown, more: object = {}) =>
  target({
    ...{ destination: account("web"), sources: [source], ...more },
    rules: [{ kind: "HTTPRouteGroup", name: "one", matches: ["all"] }],
  });
const group = (match: object, apiVersion = SPECS) => ({
  ...{ apiVersion, kind: "HTTPRouteGroup", ...named("one") },
  spec: { matches: [{ name: "all", ...match }] },
});
const backend = (more: object, apiVersion = POLICY) => ({
  ...{ apiVersion, kind: "IngressBackend", ...named("one") },
  spec: { backends: [{ name: "web", port: { number: 8080, protocol: "http" } }], ...more },
});
const egress = (more: object) => ({
  ...{ apiVersion: POLICY, kind: "Egress", ...named("one") },
  spec: {
    ...{ sources: [account("web")], hosts: ["example.com"] },
    ...{ ports: [{ number: 80, protocol: "http" }], ...more },
  },
});
const range = { sources: [{ kind: "IPRange", name: "10.0.0.0/8" }] };

/** What is said about the object named one, and the kinds of what it becomes that are not of every namespace. */
function outcomeOf(...objects: readonly object[]) {
  const { entries, objects: made } = migrated(meshConfig(false), ...served(), ...objects);
  return {
    fates: entries
      .filter(({ subject }) => subject.endsWith("shop/one"))
      .map(({ fate, message }) => `${fate}: ${message}`),
    made: made
      .filter(({ metadata: { name } }) => !["default", "default-deny"].includes(name))
      .filter(({ apiVersion }) => apiVersion.includes("istio.io"))
      .map(({ kind }) => kind),
  };
}

test("the objects here are translated, unless something is wrong with them", () => {
  expect(outcomeOf(allowing(account("buyer")), group({})).made).toEqual(["AuthorizationPolicy"]);
  expect(outcomeOf(backend(range)).made).toEqual(["AuthorizationPolicy", "PeerAuthentication"]);
  expect(outcomeOf(egress({})).made).toEqual(["ServiceEntry"]);
});

test.each<[string, object, string]>([
  [
    "a TrafficTarget of an unknown version",
    target(null, "access.smi-spec.io/v9"),
    "What the kind TrafficTarget means in access.smi-spec.io/v9 is not known.",
  ],
  ["a TrafficTarget without a spec", target(null), "Its spec cannot be read: expected object"],
  [
    "a TrafficTarget of another group",
    { ...allowing(account("buyer")), apiVersion: POLICY },
    `What the kind TrafficTarget means in ${POLICY} is not known.`,
  ],
  [
    "a source that is everybody",
    allowing(account("*")),
    "Its spec.sources[0].name cannot be read: it must be a DNS name.",
  ],
  [
    "a source in any namespace",
    allowing(account("buyer", "*")),
    "Its spec.sources[0].namespace cannot be read: it must be a DNS label.",
  ],
  [
    "a port that is text",
    allowing(account("buyer"), { destination: { ...account("web"), port: "80" } }),
    "Its spec.destination.port cannot be read: it must be the number of a port.",
  ],
  [
    "a namespace that none has",
    { ...allowing(account("buyer")), ...{ metadata: { name: "one", namespace: "a/../shop" } } },
    "Its metadata.namespace cannot be read: it must be a DNS label.",
  ],
  [
    "an IngressBackend of an unknown version",
    backend({ from: [{ cidr: "10.0.0.0/8" }] }, "policy.openservicemesh.io/v7"),
    "What the kind IngressBackend means in policy.openservicemesh.io/v7 is not known.",
  ],
  [
    "an IngressBackend without sources",
    backend({ from: [{ cidr: "10.0.0.0/8" }] }),
    "Its spec.sources cannot be read: expected array",
  ],
  ["an IngressBackend with no source", backend({ sources: [] }), "Its spec.sources cannot be"],
  [
    "a range of addresses without a name",
    backend({ sources: [{ kind: "IPRange", name: null }] }),
    "Its spec.sources[0].name cannot be read: it must be a range of addresses",
  ],
  [
    "plain text from everybody",
    backend({ sources: [{ kind: "AuthenticatedPrincipal", name: "a.b.cluster.local" }] }),
    "web, port 8080: It names neither a Service nor an IPRange",
  ],
  [
    "an Egress of all namespaces",
    egress({ sources: [account("web", "*")] }),
    "Its spec.sources[0].namespace cannot be read: it must be a DNS label.",
  ],
  [
    "an Egress to any host",
    egress({ hosts: ["*"] }),
    "Its spec.hosts[0] cannot be read: it must be a DNS name, which may begin with *.",
  ],
  ["an Egress to nothing", egress({ hosts: [null] }), "Its spec.hosts[0] cannot be read: it must"],
  [
    "an Egress to a port that is text",
    egress({ ports: [{ number: "80", protocol: "http" }] }),
    "Its spec.ports[0].number cannot be read: it must be the number of a port.",
  ],
  [
    "an Egress with an unknown restriction",
    egress({ matches: [{ kind: "HTTPRoutes", name: "one" }] }),
    "Its spec.matches[0].kind cannot be read",
  ],
])("%s is not translated, and it is said", (_, object, message) => {
  const { fates, made } = outcomeOf(object);
  expect(fates).toEqual([expect.stringContaining(message)]);
  expect(fates.every((one) => one.startsWith("untranslated: "))).toBe(true);
  expect(made).toEqual([]);
});

test.each<[string, object]>([
  ["methods", { methods: "GET" }],
  ["methods[0]", { methods: [""] }],
  ["pathRegex", { pathRegex: 5 }],
  ["headers", { headers: { "x-team": 1 } }],
])("a condition %s that cannot be read is not the absence of one", (field, match) => {
  const { fates, made } = outcomeOf(allowing(account("buyer")), group(match));
  expect(fates).toEqual([
    "untranslated: The manifests lack the HTTPRouteGroup shop/one.",
    expect.stringContaining(`Its spec.matches[0].${field} cannot be read: `),
  ]);
  expect(made).toEqual([]);
});

test.each<[string, object]>([
  ["*", { name: "*" }],
  ["a variable", { name: "${name}" }],
  ["chosen by the API server", { generateName: "one-" }],
])("an object whose name is %s becomes none", (_, metadata) => {
  const more = { metadata: { ...metadata, namespace: "shop" } };
  const { entries, objects } = migrated(meshConfig(false), { ...egress({}), ...more });
  expect(entries.filter(({ subject }) => subject.startsWith("Egress"))).toEqual([
    expect.objectContaining({
      fate: "untranslated",
      message:
        "Nothing of it is translated. Its metadata.name cannot be read: it must be a DNS name.",
    }),
  ]);
  expect(objects.filter(({ kind }) => kind === "ServiceEntry")).toEqual([]);
});

test("a TCPRoute whose ports cannot be read does not allow all of them", () => {
  const route = {
    ...{ apiVersion: SPECS, kind: "TCPRoute", ...named("tcp") },
    spec: { matches: { ports: ["80"] } },
  };
  const rules = [{ kind: "TCPRoute", name: "tcp" }];
  const { fates, made } = outcomeOf(
    target({ destination: account("web"), sources: [account("buyer")], rules }),
    route,
  );
  expect(fates).toEqual(["untranslated: The manifests lack the TCPRoute shop/tcp."]);
  expect(made).toEqual([]);
});

test("a controller whose service account is no name opens nothing", () => {
  const sources = [{ kind: "Service", name: "web", namespace: "ingress" }];
  expect(outcomeOf(...served("nginx", "ingress"), backend({ sources })).made).toEqual([
    "AuthorizationPolicy",
  ]);
  expect(outcomeOf(...served("*", "ingress"), backend({ sources })).made).toEqual([]);
});

describe("the MeshConfig", () => {
  const denies = (...configs: readonly object[]) => {
    const { objects, entries } = migrated(...configs, ...served(), egress({}));
    return {
      denies: objects.some(({ metadata: { name } }) => name === "default-deny"),
      said: entries
        .filter(({ subject }) => subject.startsWith("MeshConfig "))
        .map(({ subject, fate }) => `${fate}: ${subject}`)
        .filter((one) => !one.startsWith("translated: ")),
    };
  };

  test("is the one with OSM's name, wherever another one stands", () => {
    const old = meshConfig(true, "old", "attic");
    const said = ["unneeded: MeshConfig attic/old"];
    expect(denies(old, meshConfig(false))).toEqual({ denies: true, said });
    expect(denies(meshConfig(false), old)).toEqual({ denies: true, said });
    expect(denies(old, meshConfig(true))).toEqual({ denies: false, said });
    expect(denies(old)).toEqual({ denies: true, said });
  });

  test("is not guessed if there are several", () => {
    const other = meshConfig(true, "osm-mesh-config", "osm-system");
    expect(denies(meshConfig(true), other)).toEqual({
      denies: true,
      said: [
        "untranslated: MeshConfig kube-system/osm-mesh-config",
        "untranslated: MeshConfig osm-system/osm-mesh-config",
      ],
    });
    const unread = { ...other, apiVersion: "config.openservicemesh.io/v7" };
    expect(denies(meshConfig(true), unread).denies).toBe(true);
  });

  test("says nothing if it cannot be read", () => {
    expect(denies(meshConfig("true"))).toEqual({
      denies: true,
      said: ["untranslated: MeshConfig kube-system/osm-mesh-config"],
    });
  });
});
