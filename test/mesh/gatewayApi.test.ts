import { describe, expect, test } from "vitest";
import {
  isReadBy,
  managedGatewayApi,
  readFrom,
  servedFrom,
  servedVersion,
} from "../../mesh/gatewayApi.ts";

describe("managedGatewayApi", () => {
  test.each<[string, string | undefined]>([
    ["1.25", undefined],
    ["1.26", "1.2.1"],
    ["1.33.9", "1.2.1"],
    ["1.34", "1.3.0"],
    ["1.35.7", "1.4.1"],
    ["1.36", "1.5.1"],
    ["1.37", "1.6.1"],
    ["1.38", "1.6.1"],
    ["latest", undefined],
  ])("on Kubernetes %s is %s", (kubernetes, bundle) => {
    expect(managedGatewayApi(kubernetes)).toBe(bundle);
  });
});

test.each<[string, string, string | undefined]>([
  ["HTTPRoute", "v1", "1.26"],
  ["HTTPRoute", "v1beta1", "1.26"],
  ["ReferenceGrant", "v1beta1", "1.26"],
  ["ReferenceGrant", "v1", "1.36"],
  ["BackendTLSPolicy", "v1", "1.35"],
  ["TLSRoute", "v1", "1.36"],
  ["TLSRoute", "v1alpha2", undefined],
  ["ListenerSet", "v1", "1.36"],
  ["TCPRoute", "v1", "1.37"],
  ["UDPRoute", "v1", "1.37"],
  ["MeshRoute", "v1", undefined],
])("%s of %s is served from Kubernetes %s on", (kind, version, kubernetes) => {
  expect(servedFrom(kind, version)).toBe(kubernetes);
});

test.each<[string, string | undefined]>([
  ["ReferenceGrant", "v1beta1"],
  ["HTTPRoute", "v1"],
  ["TLSRoute", "v1"],
  ["MeshRoute", undefined],
])("%s is served as %s", (kind, version) => {
  expect(servedVersion(kind)).toBe(version);
});

test("revisions read kinds and protocols from a release on", () => {
  expect(readFrom("kinds", "TLSRoute")).toBe("asm-1-30");
  expect(readFrom("protocols", "TLS")).toBe("asm-1-30");
  expect(readFrom("protocols", "UDP")).toBe("never");
  expect(readFrom("kinds", "toString")).toBeUndefined();
  expect(isReadBy("asm-1-30", "asm-1-29")).toBe(false);
  expect(isReadBy("asm-1-30", "asm-1-30")).toBe(true);
  expect(isReadBy("never", "asm-1-99")).toBe(false);
});
