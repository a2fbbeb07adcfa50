import { expect, test } from "vitest";
import { treeOrder } from "../../../cli/change/treeOrder.ts";
import { resource } from "../../support/plan.ts";

const one = (name: string, parent = "") => ({
  ...resource({ type: "a:b:C", name }),
  urn: name,
  parent,
});
const order = (...resources: readonly ReturnType<typeof one>[]) =>
  treeOrder(resources).map(({ name }) => name);

test("each resource is followed by those below it, in their own order", () => {
  const [a, b] = [one("a"), one("b")];
  const below = [one("b1", "b"), one("a1", "a"), one("a11", "a1"), one("a2", "a")];
  expect(order(a, b, ...below)).toEqual(["a", "a1", "a11", "a2", "b", "b1"]);
});

test("a resource below one that the plan lacks is at the top", () => {
  expect(order(one("a", "elsewhere"), one("b"))).toEqual(["a", "b"]);
});

test("resources below each other are not lost", () => {
  expect(order(one("x", "y"), one("a"), one("y", "x"), one("itself", "itself"))).toEqual([
    ...["a", "x", "y", "itself"],
  ]);
});
