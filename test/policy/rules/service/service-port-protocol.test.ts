import { describe, expect, test } from "vitest";
import { servicePortProtocol } from "../../../../policy/rules/service/service-port-protocol.ts";
import { UNKNOWN, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import { inMesh, outsideMesh, provider } from "../../../support/workloads.ts";

function service(spec: unknown, kind = "Service"): Fixture {
  const metadata = { name: "web", namespace: "shop" };
  return object(provider, "core/v1", kind, { metadata, spec }, "web");
}

async function messages(fixture: Fixture, stack: readonly Fixture[] = inMesh) {
  return (await run(servicePortProtocol, [...stack, fixture])).map(({ level, message }) => [
    level,
    message,
  ]);
}

const port = (changes: Props) => service({ ports: [{ port: 8080, ...changes }] });

const PROTOCOLS = "grpc, grpc-web, http, http2, https, mongo, mysql, redis, tcp, tls, udp";

const said = (what: string, fix: string) => [
  [
    "violation",
    `Service "web": spec.ports[0].${what}, which does not tell Istio the protocol of the port. ${fix}`,
  ],
];

describe("service-port-protocol", () => {
  test.each([
    ["name is not set", {}],
    ["name is web", { name: "web" }],
    ["name is httpx", { name: "httpx" }],
    ["name is web-http", { name: "web-http" }],
    ["name is h2c", { name: "h2c" }],
    ["name is kubernetes.io/ws", { name: "kubernetes.io/ws" }],
  ])("reports: %s", async (what, changes) => {
    const fix = `Start the name with the protocol (${PROTOCOLS}), as in http or http-metrics, or set appProtocol.`;
    expect(await messages(port(changes))).toEqual(said(what, fix));
  });

  test("requires no name that appProtocol overrides", async () => {
    const found = await messages(port({ name: "http", appProtocol: "example.com/mine" }));
    const fix = `Set it to one of ${PROTOCOLS}, or remove it and start the port's name with the protocol.`;
    expect(found).toEqual(said("appProtocol is example.com/mine", fix));
  });

  test.each<Props>([
    ...["http", "http2", "https", "grpc", "tcp", "tls", "mongo", "mysql", "redis", "udp"].map(
      (name) => ({ name }),
    ),
    { name: "http-metrics" },
    { name: "HTTP" },
    { name: "grpc-web" },
    { name: "grpc-web-ui" },
    { name: "web", appProtocol: "http" },
    { name: "web", appProtocol: "kubernetes.io/h2c" },
    { name: "web", appProtocol: "kubernetes.io/ws" },
    { name: "web", appProtocol: "kubernetes.io/wss" },
    { name: "dns", protocol: "UDP" },
    ...[25, 53, 3306, 27017].map((well) => ({ name: "db", port: well })),
  ])("accepts %j", async (changes) => {
    expect(await messages(port(changes))).toEqual([]);
  });

  test("reports a port number of a well-known database", async () => {
    expect(await messages(port({ name: "db", port: 3307 }))).toHaveLength(1);
  });

  test("judges each port of each Service in a list", async () => {
    const one = {
      metadata: { name: "a", namespace: "shop" },
      spec: { ports: [{ name: "http" }, { name: "admin" }] },
    };
    const list = object(provider, "core/v1", "ServiceList", { items: [one] });
    expect(await messages(list)).toEqual([
      ["violation", expect.stringContaining('Service "a": items[0].spec.ports[1].name is admin')],
    ]);
  });

  test("judges only the fields of a patch", async () => {
    expect(await messages(service({ ports: [{ port: 80 }] }, "ServicePatch"))).toEqual([]);
    expect(await messages(service({ ports: [{ name: "web" }] }, "ServicePatch"))).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ["an ExternalName Service", { type: "ExternalName", ports: [{ port: 80 }] }],
    ["no ports", {}],
    ["invalid ports", { ports: "http" }],
    ["no spec", null],
  ])("accepts %s", async (_, spec) => {
    expect(await messages(service(spec))).toEqual([]);
  });

  test("reports nothing outside the mesh", async () => {
    expect(await messages(port({ name: "web" }), outsideMesh)).toEqual([]);
  });

  test.each([
    ["spec.ports[0].name", port({ name: UNKNOWN })],
    ["spec.ports[0].appProtocol", port({ name: "web", appProtocol: UNKNOWN })],
    ["spec.ports[0]", service({ ports: [UNKNOWN] })],
    ["spec.ports", service({ ports: UNKNOWN })],
  ])("advises if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`Service "web": ${path} is known only`)],
    ]);
  });
});
