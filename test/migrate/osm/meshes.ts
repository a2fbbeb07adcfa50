import fc from "fast-check";
import { stringify } from "yaml";
import type { Manifest } from "../../../manifests/manifest.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

/** A small mesh, from which both the manifests and the verdicts of Open Service Mesh follow. */
export interface SmallMesh {
  readonly isPermissive: boolean;
  readonly servers: readonly Server[];
  readonly matches: readonly SmallMatch[];
  readonly tcpRoutes: readonly (readonly number[])[];
  readonly targets: readonly SmallTarget[];
}

export interface Server {
  readonly account: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly ServerPort[];
}

export interface ServerPort {
  readonly number: number;
  readonly protocol: "http" | "tcp";
  /** How its name begins if that says its protocol, in place of appProtocol. */
  readonly prefix: string | undefined;
}

export interface SmallMatch {
  readonly path: string | undefined;
  readonly methods: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

interface SmallTarget {
  readonly to: string;
  readonly from: readonly string[];
  /** Indices of matches and of TCPRoutes. */
  readonly matches: readonly number[];
  readonly tcpRoutes: readonly number[];
}

export interface SmallRequest {
  readonly from: string;
  /** An index of servers. */
  readonly to: number;
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const ACCOUNTS = ["web", "api", "db"];
export const PORTS = [80, 81, 82];
export const NAMESPACE = "shop";

const account = fc.constantFrom(...ACCOUNTS);
const port = fc.constantFrom(...PORTS);

const serverPort: fc.Arbitrary<ServerPort> = fc.oneof(
  fc.record({
    ...{ number: port, protocol: fc.constant("http" as const) },
    prefix: fc.constantFrom(undefined, "http", "grpc"),
  }),
  fc.record({
    ...{ number: port, protocol: fc.constant("tcp" as const) },
    prefix: fc.constantFrom(undefined, "tcp", "tcp-server-first"),
  }),
);

const server: fc.Arbitrary<Server> = fc.record({
  account,
  // Two values of each, so servers often have the same labels.
  labels: fc.record({ app: fc.constantFrom("one", "two"), tier: fc.constantFrom("front", "back") }),
  ports: fc.uniqueArray(serverPort, { maxLength: 3, selector: ({ number }) => number }),
});

const match: fc.Arbitrary<SmallMatch> = fc.record({
  path: fc.constantFrom(
    ...[undefined, ".*", "/a", "/a/.*", "/a/[^/]+", "/(a|b)", ".*b", "/b.c", "/a/.*/b", "/a/.+"],
    ...[".*a.*", "/\\w", "/a?"],
  ),
  methods: fc.constantFrom(["*"], ["GET"], ["GET", "POST"], []),
  headers: fc.constantFrom({}, {}, { x: "1" }, { x: "1.*" }, { x: ".*" }, { x: "\\d" }),
});

export const meshes: fc.Arbitrary<SmallMesh> = fc.record({
  isPermissive: fc.constantFrom(false, false, false, true),
  servers: fc.array(server, { minLength: 1, maxLength: 3 }),
  matches: fc.array(match, { minLength: 1, maxLength: 3 }),
  tcpRoutes: fc.array(fc.uniqueArray(port, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  targets: fc.array(
    fc.record({
      to: account,
      from: fc.uniqueArray(account, { minLength: 1, maxLength: 2 }),
      matches: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      tcpRoutes: fc.uniqueArray(fc.nat(1), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

export const requests: fc.Arbitrary<SmallRequest> = fc.record({
  from: account,
  to: fc.nat(2),
  port,
  path: fc.constantFrom(
    "/",
    "/a",
    "/b",
    "/ab",
    "/a/",
    "/a/c",
    "/a/c/b",
    "/a/c/d",
    "/b.c",
    "/bxc",
    "/x",
  ),
  method: fc.constantFrom("GET", "POST", "PUT"),
  headers: fc.constantFrom({}, { x: "1" }, { x: "12" }, { x: "2" }),
});

const inShop = (name: string) => ({ name, namespace: NAMESPACE });

/** The manifests of a mesh. */
export function manifestsOf(mesh: SmallMesh): readonly Manifest[] {
  const specs = "specs.smi-spec.io/v1alpha4";
  const objects = [
    {
      ...{ apiVersion: "v1", kind: "Namespace" },
      metadata: {
        name: NAMESPACE,
        labels: { "openservicemesh.io/monitored-by": "osm" },
        annotations: { "openservicemesh.io/sidecar-injection": "enabled" },
      },
    },
    {
      ...{ apiVersion: "config.openservicemesh.io/v1alpha2", kind: "MeshConfig" },
      metadata: { name: "osm-mesh-config", namespace: "kube-system" },
      spec: {
        traffic: { enablePermissiveTrafficPolicyMode: mesh.isPermissive, enableEgress: true },
      },
    },
    ...mesh.servers.flatMap(({ account: serviceAccountName, labels, ports }, index) => [
      {
        ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: inShop(`server-${index}`) },
        spec: {
          selector: { matchLabels: { app: labels["app"] } },
          template: { metadata: { labels }, spec: { serviceAccountName, containers: [] } },
        },
      },
      ...(ports.length === 0
        ? []
        : [
            {
              ...{ apiVersion: "v1", kind: "Service", metadata: inShop(`server-${index}`) },
              spec: {
                selector: labels,
                ports: ports.map(({ number, protocol, prefix = "p" }) => ({
                  ...{ name: `${prefix}-${number}`, port: number + 1000, targetPort: number },
                  ...(protocol === "tcp" && prefix === "p" ? { appProtocol: "tcp" } : {}),
                })),
              },
            },
          ]),
    ]),
    {
      ...{ apiVersion: specs, kind: "HTTPRouteGroup", metadata: inShop("routes") },
      spec: {
        matches: mesh.matches.map(({ path, methods, headers }, index) => ({
          name: `match-${index}`,
          ...(path === undefined ? {} : { pathRegex: path }),
          ...(methods.length === 0 ? {} : { methods }),
          headers: Object.entries(headers).map(([name, value]) => ({ [name]: value })),
        })),
      },
    },
    ...mesh.tcpRoutes.map((ports, index) => ({
      ...{ apiVersion: specs, kind: "TCPRoute", metadata: inShop(`tcp-${index}`) },
      spec: { matches: { ports } },
    })),
    ...mesh.targets.map((target, index) => ({
      ...{ apiVersion: "access.smi-spec.io/v1alpha3", kind: "TrafficTarget" },
      metadata: inShop(`target-${index}`),
      spec: {
        destination: { kind: "ServiceAccount", ...inShop(target.to) },
        sources: target.from.map((one) => ({ kind: "ServiceAccount", ...inShop(one) })),
        rules: [
          ...(target.matches.length === 0
            ? []
            : [
                {
                  ...{ kind: "HTTPRouteGroup", name: "routes" },
                  matches: target.matches.map((one) => `match-${one}`),
                },
              ]),
          ...target.tcpRoutes
            .filter((one) => one < mesh.tcpRoutes.length)
            .map((one) => ({ kind: "TCPRoute", name: `tcp-${one}` })),
        ],
      },
    })),
  ];
  return readManifestText(objects.map((one) => stringify(one)).join("---\n"), "mesh.yaml")
    .manifests;
}
