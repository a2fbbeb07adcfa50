import { describe, expect, test } from "vitest";
import { namespaces } from "../../../policy/model/kubernetes/objects.ts";
import { defineRule } from "../../../policy/engine/rule.ts";
import { cluster, kubernetes, namespace } from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { ON_NAMESPACES, run } from "../../support/policy.ts";

const provider = kubernetes(cluster());
const shop = namespace(provider);
const named = (name: string): Fixture => namespace(provider, {}, name);
const component = (name: string, props: Partial<Fixture> = {}): Fixture => ({
  type: "platform:index:Group",
  name,
  props: {},
  ...props,
});

/** Reports the dependencies of each namespace on others. */
const waiting = defineRule({
  ...ON_NAMESPACES,
  *check(one, { stack }) {
    for (const other of stack.all(namespaces)) {
      if (stack.comesAfter(one.resource, other.resource)) yield `waits for ${other.label}.`;
    }
  },
});

async function found(...stack: Fixture[]) {
  return (await run(waiting, stack)).map(({ when, message }) => `${when} ${message}`);
}

const WAITS = ['late Namespace "shop": waits for Namespace "first".'];

describe("a resource comes after another", () => {
  const first = named("first");

  test("that it depends on, which only the whole stack shows", async () => {
    expect(await found(first, { ...shop, dependsOn: [first] })).toEqual(WAITS);
    expect(await found(first, shop)).toEqual([]);
  });

  test("that is one of its dependencies", async () => {
    const other = component("other");
    for (const dependsOn of [
      [first, other],
      [other, first],
    ]) {
      expect(await found(first, other, { ...shop, dependsOn })).toEqual(WAITS);
    }
  });

  test("that it depends on indirectly", async () => {
    const between = component("between", { dependsOn: [first] });
    expect(await found(first, between, { ...shop, dependsOn: [between] })).toEqual(WAITS);
    expect(await found(first, between, shop)).toEqual([]);
  });

  test("that is part of the component that it depends on", async () => {
    const group = component("group");
    const inside: Fixture = { ...first, parent: group };
    expect(await found(group, inside, { ...shop, dependsOn: [group] })).toEqual(WAITS);
  });

  test("but not one that is merely a child of the resource that it depends on", async () => {
    const above: Fixture = { ...component("above"), provider };
    const below: Fixture = { ...first, parent: above };
    expect(await found(above, below, { ...shop, dependsOn: [above] })).toEqual([]);
  });

  test("even if parts depend on their own component", async () => {
    const group = component("group");
    const inside = component("inside", { parent: group, dependsOn: [group] });
    expect(await found(first, group, inside, { ...shop, dependsOn: [inside] })).toEqual([]);
    const last = component("last", { parent: group, dependsOn: [first] });
    expect(await found(first, group, inside, last, { ...shop, dependsOn: [inside] })).toEqual(
      WAITS,
    );
  });
});
