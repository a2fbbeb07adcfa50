import { describe, expect, test } from "vitest";
import {
  gatewayHost,
  hostsOverlap,
  serviceOf,
  wholeHost,
} from "../../../../policy/model/istio/hosts.ts";

describe("hosts", () => {
  test.each([
    ["reviews", "shop", "reviews.shop.svc.cluster.local"],
    ["reviews", undefined, undefined],
    ["reviews.shop", "shop", "reviews.shop"],
    ["api.example.com", undefined, "api.example.com"],
    ["*", "shop", "*"],
    ["*reviews", "shop", "*reviews"],
  ])("%s in %s is %s", (host, namespace, whole) => {
    expect(wholeHost(host, namespace)).toBe(whole);
  });

  test.each([
    ["reviews.shop.svc.cluster.local", { name: "reviews", namespace: "shop" }],
    ["reviews.shop.svc.cluster.local.", undefined],
    ["reviews.shop.svc", undefined],
    ["a.reviews.shop.svc.cluster.local", undefined],
    ["*.shop.svc.cluster.local", undefined],
    ["reviews", undefined],
    ["", undefined],
  ])("%s means the service %j", (host, service) => {
    expect(serviceOf(host)).toEqual(service);
  });

  test.each([
    ["a.example.com", "a.example.com", true],
    ["a.example.com", "b.example.com", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "example.com", false],
    ["*.example.com", "*.eu.example.com", true],
    ["*.example.com", "*.example.org", false],
    ["*", "a.example.com", true],
    ["*", "*.example.com", true],
  ])("%s and %s overlap: %s", (a, b, overlap) => {
    expect(hostsOverlap(a, b)).toBe(overlap);
    expect(hostsOverlap(b, a)).toBe(overlap);
  });

  test.each([
    ["a.example.com", { host: "a.example.com", from: "*" }],
    ["*/a.example.com", { host: "a.example.com", from: "*" }],
    ["shop/*", { host: "*", from: "shop" }],
    ["./a.example.com", { host: "a.example.com", from: "ingress" }],
  ])("a Gateway's %s is %j", (written, host) => {
    expect(gatewayHost(written, "ingress")).toEqual(host);
  });
});
