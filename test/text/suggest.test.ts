import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closest } from "../../text/suggest.ts";

const fields = ["accessLogFile", "accessLogFormat", "concurrency", "tcpKeepalive", "meshId", "ca"];

describe("closest", () => {
  test.each([
    ["accesLogFile", "accessLogFile"],
    ["accessLogfile", "accessLogFile"],
    ["tcpKeepAlive", "tcpKeepalive"],
    ["concurency", "concurrency"],
    ["cocnurrency", "concurrency"],
    ["meshID", "meshId"],
    ["access_log_file", "accessLogFile"],
    ["concurrency", "concurrency"],
    ["ac", "ca"],
    ["cac", "ca"],
  ])("%s means %s", (word, meant) => {
    expect(closest(word, fields)).toBe(meant);
  });

  test.each(["", "x", "xy", "extensionProviders", "logFile"])("nothing is close to %j", (word) => {
    expect(closest(word, fields)).toBeUndefined();
  });

  test("a third of the letters may be wrong, but no more", () => {
    expect(closest("xbcdef", ["abcdef"])).toBe("abcdef");
    expect(closest("xxcdef", ["abcdef"])).toBe("abcdef");
    expect(closest("xxxdef", ["abcdef"])).toBeUndefined();
  });

  test.each([
    ["azure-load-balancer-internal", ["azure-load-balancer-internal-subnet"]],
    [
      "azure-load-balancer-health-probe-request-path",
      ["azure-load-balancer-disable-tcp-reset", "azure-load-balancer-tcp-idle-timeout"],
    ],
    ["shop-frontend", ["shop-backend"]],
    ["port_8080_no_lb_rule", ["port_80_no_lb_rule", "port_443_no_lb_rule"]],
  ])("%s means nothing that shares only its start or end: %j", (word, candidates) => {
    expect(closest(word, candidates)).toBeUndefined();
  });

  test.each([
    ["service.beta.kubernetes.io/azure-pip-nam", "service.beta.kubernetes.io/azure-pip-name"],
    ["aks-istio-systm", "aks-istio-system"],
    ["aks-istio-system", "aks-istio-system"],
    ["kube_system", "kube-system"],
    ["shop-eu-frontnd-v2", "shop-eu-frontend-v2"],
  ])("%s means %s, whatever they share", (word, meant) => {
    expect(closest(word, [meant])).toBe(meant);
  });

  test("not every letter may be wrong", () => {
    expect(closest("x", ["y"])).toBeUndefined();
    expect(closest("X", ["x"])).toBe("x");
  });

  test("two swapped neighbours are one mistake", () => {
    expect(closest("bacd", ["abcd"])).toBe("abcd");
    expect(closest("badc", ["abcd"])).toBeUndefined();
  });

  test("the closest wins, and of equally close ones the first", () => {
    expect(closest("shopp", ["shops", "shop"])).toBe("shops");
    expect(closest("shopp", ["chops", "shop"])).toBe("shop");
    expect(closest("prod", [])).toBeUndefined();
  });

  test("a candidate with one changed letter is found", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields.slice(0, 5)), fc.nat(), (field, position) => {
        const at = position % field.length;
        const mistyped = `${field.slice(0, at)}#${field.slice(at + 1)}`;
        expect(closest(mistyped, fields)).toBe(field);
      }),
    );
  });

  test("a suggestion is always one of the candidates", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, candidates) => {
        const suggestion = closest(word, candidates);
        if (suggestion !== undefined) expect(candidates).toContain(suggestion);
      }),
    );
  });
});
