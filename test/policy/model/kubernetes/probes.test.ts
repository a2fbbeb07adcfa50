import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { Cursor, Unknown } from "../../../../policy/engine/cursor.ts";
import { probedPorts } from "../../../../policy/model/kubernetes/probes.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Props } from "../../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => unknown;

/** The probed port of each container; an unknown one by its path. */
function probed(container: Props) {
  return probedPorts(new Cursor("Pod", proxied(container))).map(({ place, number }) => [
    place.path,
    number instanceof Unknown ? `unknown: ${number.path}` : number,
  ]);
}

const PLACE = "readinessProbe.httpGet.port";

describe("probed ports", () => {
  test("are those of every probe and every handler, and no others", () => {
    expect(
      probed({
        readinessProbe: { httpGet: { port: 8080 } },
        livenessProbe: { tcpSocket: { port: "9090" } },
        startupProbe: { grpc: { port: 50051 } },
      }),
    ).toEqual([
      [PLACE, "8080"],
      ["livenessProbe.tcpSocket.port", "9090"],
      ["startupProbe.grpc.port", "50051"],
    ]);
    expect(probed({ readinessProbe: { exec: { command: ["true"] } } })).toEqual([]);
    expect(probed({ readinessProbe: { httpGet: { path: "/", port: null } } })).toEqual([]);
    expect(probed({})).toEqual([]);
  });

  const NAMED = [
    { containerPort: 1 },
    { name: "http2", containerPort: 2 },
    { name: "8080-tcp", containerPort: 3 },
    { name: "later", containerPort: UNKNOWN },
    { name: "none" },
  ];

  test.each<[unknown, unknown, string | undefined]>([
    [8080, NAMED, "8080"],
    ["http2", NAMED, "2"],
    ["8080-tcp", NAMED, "3"],
    ["later", NAMED, "unknown: ports[3].containerPort"],
    ["none", NAMED, undefined],
    ["other", NAMED, undefined],
    ["http2", undefined, undefined],
    ["http2", UNKNOWN, "unknown: ports"],
    [8080, UNKNOWN, "8080"],
    [UNKNOWN, NAMED, `unknown: ${PLACE}`],
    // An invalid port has no number, even if a port of the container has no name.
    [{}, NAMED, undefined],
  ])("%j has a number", (port, ports, expected) => {
    expect(probed({ readinessProbe: { httpGet: { port } }, ports })).toEqual([[PLACE, expected]]);
  });
});
