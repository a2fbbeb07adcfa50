import { describe, expect, test } from "vitest";
import {
  isProviderType,
  nameOf,
  packageOf,
  providerUrn,
  urnOf,
} from "../../../offline/plan/urn.ts";

const identity = { organization: "acme", project: "shop", stack: "dev" };
const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

describe("urnOf", () => {
  test.each([
    ["without a parent", "", "urn:pulumi:dev::shop::a:b:C::name"],
    ["below the stack, which is left out", stack, "urn:pulumi:dev::shop::a:b:C::name"],
    [
      "below a component",
      "urn:pulumi:dev::shop::my:index:Site::site",
      "urn:pulumi:dev::shop::my:index:Site$a:b:C::name",
    ],
    [
      "below a component of a component",
      "urn:pulumi:dev::shop::my:index:Site$my:index:Part::part",
      "urn:pulumi:dev::shop::my:index:Site$my:index:Part$a:b:C::name",
    ],
  ])("%s", (_, parent, urn) => {
    expect(urnOf(identity, "a:b:C", "name", parent)).toBe(urn);
  });
});

describe("nameOf", () => {
  test.each([
    ["urn:pulumi:dev::shop::a:b:C::name", "name"],
    ["urn:pulumi:dev::shop::a:b:C::team::name", "team::name"],
    ["urn:pulumi:dev::shop::a:b:C::", ""],
    ["", ""],
  ])("of %s is %j", (urn, name) => {
    expect(nameOf(urn)).toBe(name);
  });

  test("recovers the name given to urnOf", () => {
    expect(nameOf(urnOf(identity, "a:b:C", "a::b$c", stack))).toBe("a::b$c");
  });
});

describe("packages", () => {
  test.each([
    ["kubernetes:core/v1:Namespace", "kubernetes"],
    ["pulumi:providers:kubernetes", "kubernetes"],
    ["pulumi:pulumi:Stack", "pulumi"],
    ["random:index/pet:Pet", "random"],
  ])("%s is in %s", (type, name) => {
    expect(packageOf(type)).toBe(name);
  });

  test.each([
    ["pulumi:providers:kubernetes", true],
    ["pulumi:pulumi:Stack", false],
    ["kubernetes:providers:X", false],
  ])("%s is a provider: %j", (type, is) => {
    expect(isProviderType(type)).toBe(is);
  });
});

test("a provider reference ends with an ID", () => {
  const urn = "urn:pulumi:dev::shop::pulumi:providers:kubernetes::a::b";
  expect(providerUrn(`${urn}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`)).toBe(urn);
  expect(providerUrn("")).toBe("");
});
