import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { readManifestText } from "../../manifests/manifestText.ts";
import { migrateOsm } from "../../migrate/osm/migrateOsm.ts";
import type { OsmMigration } from "../../migrate/osm/migrateOsm.ts";
import { REVISION, namespace } from "../real/claims/claim.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import type { Pod } from "../real/harness/pods.ts";
import { emptied } from "./harness/emptied.ts";
import { load, settled } from "./harness/load.ts";
import type { LoadOptions } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import { PODINFO_PORT, client, deployed, podinfo } from "./harness/workloads.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

/** Servers, clients in the mesh, and clients outside. */
const [SHOP, FRONT, OUTSIDE] = ["osm-shop", "osm-front", "osm-outside"] as const;
const MARKS = {
  labels: { "openservicemesh.io/monitored-by": "osm" },
  annotations: { "openservicemesh.io/sidecar-injection": "enabled" },
};
const inShop = (name: string) => ({ name, namespace: SHOP });
const account = (name: string, namespace: string) => ({ kind: "ServiceAccount", name, namespace });

/** A server whose Service calls its port TCP. */
const raw = podinfo(SHOP, "raw").map((object): Resource =>
  object.kind !== "Service"
    ? object
    : {
        ...object,
        spec: {
          selector: { app: "raw" },
          ports: [
            { name: "raw", port: 80, targetPort: PODINFO_PORT, appProtocol: "tcp-server-first" },
          ],
        },
      },
);

/** Two versions, of which the split calls only the second one. */
const versions = ["site-v1", "site-v2"].flatMap((name) => podinfo(SHOP, name));
const site: Resource = {
  ...{ apiVersion: "v1", kind: "Service", metadata: inShop("site") },
  spec: {
    selector: { app: "site-v1" },
    ports: [{ name: "http", port: 80, targetPort: PODINFO_PORT }],
  },
};

function policies(trusted: string): readonly Resource[] {
  const specs = "specs.smi-spec.io/v1alpha4";
  const target = (name: string, rules: readonly object[]): Resource => ({
    ...{ apiVersion: "access.smi-spec.io/v1alpha3", kind: "TrafficTarget", metadata: inShop(name) },
    spec: { destination: account(name, SHOP), sources: [account("web", FRONT)], rules },
  });
  const group = (matches: readonly string[]) => ({
    kind: "HTTPRouteGroup",
    name: "routes",
    matches,
  });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP, ...MARKS } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: FRONT, ...MARKS } },
    {
      ...{ apiVersion: "config.openservicemesh.io/v1alpha2", kind: "MeshConfig" },
      metadata: { name: "osm-mesh-config", namespace: "kube-system" },
      spec: { traffic: { enableEgress: true, enablePermissiveTrafficPolicyMode: false } },
    },
    {
      ...{ apiVersion: specs, kind: "HTTPRouteGroup", metadata: inShop("routes") },
      spec: {
        matches: [
          { name: "read", pathRegex: "/(version|env)", methods: ["GET"] },
          { name: "status", pathRegex: "/status/[^/]+", methods: ["*"] },
          { name: "info", pathRegex: "/api/.*", methods: ["GET"] },
          { name: "delay", pathRegex: "/delay/\\d+", methods: ["GET"] },
          { name: "all", pathRegex: ".*", methods: ["*"] },
        ],
      },
    },
    {
      ...{ apiVersion: specs, kind: "TCPRoute", metadata: inShop("raw") },
      spec: { matches: { ports: [PODINFO_PORT] } },
    },
    target("api", [group(["read", "status", "info", "delay"])]),
    target("raw", [{ kind: "TCPRoute", name: "raw" }]),
    target("site-v1", [group(["all"])]),
    target("site-v2", [group(["all"])]),
    {
      ...{
        apiVersion: "split.smi-spec.io/v1alpha2",
        kind: "TrafficSplit",
        metadata: inShop("site"),
      },
      spec: {
        service: "site",
        backends: [
          { service: "site-v1", weight: 0 },
          { service: "site-v2", weight: 100 },
        ],
      },
    },
    {
      ...{ apiVersion: "policy.openservicemesh.io/v1alpha1", kind: "IngressBackend" },
      metadata: inShop("edge"),
      spec: {
        backends: [{ name: "edge", port: { number: PODINFO_PORT, protocol: "http" } }],
        sources: [{ kind: "IPRange", name: `${trusted}/32` }],
      },
    },
  ];
}

/** A request, and its result with Open Service Mesh and after the migration, if that differs. */
type Case = readonly [from: "web" | "thief", request: string, osm: string, istio?: string];

const REFUSED = "403";
/** The filter of a TCP port closes the connection; how that looks depends on the moment. */
const CLOSED = "connection";

const CASES: readonly Case[] = [
  ["web", "GET api/version", "200"],
  ["web", "GET api/env", "200"],
  ["web", "POST api/env", REFUSED],
  ["web", "GET api/versions", REFUSED],
  ["web", "GET api/version/", REFUSED],
  ["web", "GET api/status/200", "200"],
  ["web", "POST api/status/200", "200"],
  ["web", "GET api/status/200/more", REFUSED],
  ["web", "GET api/api/info", "200"],
  ["web", "POST api/api/echo", REFUSED],
  ["web", "GET api/", REFUSED],
  // The report says that this expression could not be translated.
  ["web", "GET api/delay/0", "200", REFUSED],
  ["thief", "GET api/version", REFUSED],
  ["thief", "POST api/status/200", REFUSED],
  ["web", "GET raw/version", "200"],
  ["web", "POST raw/echo", "202"],
  ["thief", "GET raw/version", CLOSED],
  ["web", "GET site/version", "200"],
  ["thief", "GET site/version", REFUSED],
  // Nobody in the mesh may call it.
  ["web", "GET edge/version", REFUSED],
];

describe("a mesh that was Open Service Mesh", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  let migration: OsmMigration;
  let clients: Readonly<Record<"web" | "thief" | "trusted" | "other", Pod>>;

  beforeAll(async () => {
    await mesh.follow([REVISION]);
    await cluster.apply(namespace(OUTSIDE, {}));
    const [[trusted], [other]] = (await Promise.all([
      deployed(cluster, client(OUTSIDE, "trusted")),
      deployed(cluster, client(OUTSIDE, "other")),
    ])) as unknown as [[Pod], [Pod]];
    const address = (trusted as { readonly status?: { readonly podIP?: string } }).status?.podIP;
    const servers = [podinfo(SHOP, "api"), raw, versions, [site], podinfo(SHOP, "edge")].flat();
    const senders = [client(FRONT, "web"), client(FRONT, "thief")];
    const before = [...policies(address ?? ""), ...servers, ...senders.flat()];
    const text = before.map((one) => stringify(one)).join("---\n");
    migration = migrateOsm(readManifestText(text, "osm.yaml").manifests, {
      ...{ revision: REVISION, out: "out" },
    });
    const created = migration.objects as readonly Resource[];
    const isNew = ({ kind, metadata }: Resource) =>
      !created.some(
        (one) =>
          one.kind === kind &&
          one.metadata.name === metadata.name &&
          one.metadata.namespace === metadata.namespace,
      );
    // Namespaces come first. The objects of Open Service Mesh have no definitions here.
    await cluster.applyAll(created);
    const kept = [...servers, ...senders.flat()].filter(isNew);
    const [[web], [thief]] = (await Promise.all([
      ...senders.map((one) => deployed(cluster, one)),
      deployed(
        cluster,
        kept.filter((one) => one.metadata.namespace === SHOP),
      ),
    ])) as unknown as [[Pod], [Pod]];
    clients = { web, thief, trusted, other };
  });

  afterAll(async () => {
    await emptied(cluster, mesh);
  });

  const optionsOf = (request: string): LoadOptions => {
    const [method = "GET", target = ""] = request.split(" ");
    const [service = "", ...path] = target.split("/");
    return {
      url: `http://${service}.${SHOP}.svc.cluster.local/${path.join("/")}`,
      method: method as "GET" | "POST",
      ...{ fresh: true, rate: 50 },
    };
  };

  test("the report says which request is refused", () => {
    const wrong = migration.entries.filter(({ fate }) => fate === "untranslated");
    expect(wrong.map(({ subject }) => subject)).toEqual([
      `HTTPRouteGroup ${SHOP}/routes, match delay`,
    ]);
  });

  const cases = CASES.map(([from, request, osm, istio = osm]) => ({ from, request, osm, istio }));

  test.each(cases)("$from: $request was $osm, and is $istio", async ({ from, request, istio }) => {
    const options = optionsOf(request);
    if (istio !== CLOSED) await settled(cluster, clients[from], options, istio);
    const { by, sent } = await load(cluster, clients[from], { ...options, requests: 20 });
    const kinds = Object.keys(by).map((kind) => (kind.startsWith(CLOSED) ? CLOSED : kind));
    expect([new Set(kinds), sent]).toEqual([new Set([istio]), 20]);
  });

  test("the split sends everything to the backend that has all of the weight", async () => {
    const options = { ...optionsOf("GET site/api/info"), field: "message", requests: 20 };
    expect((await load(cluster, clients.web, options)).fields).toEqual({ "site-v2": 20 });
  });

  test("plain text is accepted only at the backend of the ingress, and only from its addresses", async () => {
    const edge = optionsOf("GET edge/version");
    await settled(cluster, clients.trusted, edge, "200");
    await settled(cluster, clients.other, edge, REFUSED);
    for (const from of [clients.trusted, clients.other]) {
      await settled(cluster, from, optionsOf("GET api/version"), "connection reset");
    }
  });
});
