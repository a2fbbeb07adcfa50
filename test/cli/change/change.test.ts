import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeBetween, isEmpty, isMoved, isRenamed } from "../../../cli/change/change.ts";
import type { Change } from "../../../cli/change/change.ts";
import { pathText } from "../../../cli/change/propertyPath.ts";
import { nothing, sideOf } from "../../../cli/change/side.ts";
import { judgementOf } from "../../../cli/reports/summary.ts";
import type { Plan, PlannedResource } from "../../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";

const side = (of: Plan) => sideOf(of, judgementOf(of, false));
const between = (before: Plan, after: Plan, hide = (text: string) => text) =>
  changeBetween(side(before), side(after), after, hide);

const hide = (text: string) => text.replaceAll("hunter2", "[secret]");

const root = stack({ size: 1 });
const group = resource({ type: "a:b:Group", name: "group", parent: root });
const release = resource({ type: "a:b:Release", name: "release", parent: root });
const pod = (image: string) =>
  resource({ type: "kubernetes:core/v1:Pod", name: "pod", parent: release, inputs: { image } });

const names = (ones: Change["added"]) => ones.map(({ resource: { name } }) => name);

/** The changed properties and options of resources by their names. */
function changed({ changed: all }: Change): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    all.map(({ resource: { name }, properties, options }) => [
      name,
      [
        ...options.map(({ path }) => `option ${pathText(path)}`),
        ...properties.map(({ path }) => pathText(path)),
      ],
    ]),
  );
}

test("resources and contents are added, removed and changed", () => {
  const before = plan([root, group, release], { contents: [pod("a")] });
  const after = plan([stack({ size: 2 }), release], { contents: [pod("b")] });
  const change = between(before, after);
  expect(names(change.removed)).toEqual(["group"]);
  expect(names(change.added)).toEqual([]);
  // Of the stack itself, its outputs.
  expect(changed(change)).toEqual({ "shop-dev": ["size"], pod: ["image"] });
  expect(change.changed.map(({ isContent }) => isContent)).toEqual([false, true]);
});

test("what changes is in the order of the tree, whenever the program registers it", () => {
  const tree = (image: string, tag: string) => {
    const inputs = { tag };
    const shop = resource({ ...{ type: "a:b:Team", name: "shop", parent: root }, inputs });
    const billing = resource({ ...{ type: "a:b:Team", name: "billing", parent: root }, inputs });
    const inShop = resource({ ...{ type: "a:b:Pod", name: "in-shop", parent: shop }, inputs });
    const inBilling = resource({
      ...{ type: "a:b:Pod", name: "in-bill", parent: billing },
      inputs,
    });
    const orphan = resource({ ...{ type: "a:b:Pod", name: "orphan", inputs }, parent: group });
    return plan([root, shop, billing, release, inBilling, inShop, orphan], {
      contents: [pod(image)],
    });
  };
  const order = ["shop", "in-shop", "billing", "in-bill", "pod", "orphan"];
  const change = between(tree("a", "1"), tree("b", "2"));
  expect(names(change.changed)).toEqual(order);
  const whole = ["shop-dev", "shop", "in-shop", "billing", "in-bill", "release", "pod", "orphan"];
  expect(names(between(tree("a", "1"), plan([])).removed)).toEqual(whole);
  expect(names(between(plan([]), tree("a", "1")).added)).toEqual(whole);
});

test("with an earlier state that has nothing, everything is added and every finding is new", () => {
  const after = plan([root, release], {
    contents: [pod("a")],
    violations: [violation()],
    notJudged: [{ what: "chart", reason: "It is in a registry." }],
  });
  const change = changeBetween(nothing("shop", "dev"), side(after), after, String);
  expect(change).toMatchObject({ removed: [], changed: [], uncompared: [] });
  expect(change.added.map(({ isContent }) => isContent)).toEqual([false, false, true]);
  expect(change.violations).toEqual({ begin: [violation()], cease: [] });
  expect(change.notJudged.begin).toHaveLength(1);
});

test("what a pack could not judge is not a violation", () => {
  const packs = [
    { name: "house-rules", version: "1.0.0", policies: [policy({ tags: ["not-judged"] })] },
  ];
  const change = between(plan([root]), plan([root], { packs, violations: [violation()] }));
  expect(change.violations.begin).toEqual([]);
  expect(change.notJudged.begin).toHaveLength(1);
});

describe("options", () => {
  const protectedGroup = resource({
    ...{ type: "a:b:Group", name: "group", parent: root },
    options: { protect: true, ignoreChanges: ["tags"] },
  });

  test("that change what a deployment does are compared", () => {
    expect(changed(between(plan([root, protectedGroup]), plan([root, group])))).toEqual({
      group: ["option ignoreChanges", "option protect"],
    });
  });

  test("a provider is the same one after it is renamed", () => {
    const provider = (name: string, aliases: readonly string[] = []) =>
      resource({ type: "pulumi:providers:a", name, parent: root, options: { aliases } });
    const by = (given: PlannedResource) => ({ ...group, provider: `${given.urn}::${UNKNOWN}` });
    const [was, is] = [provider("was"), provider("is", [provider("was").urn])];
    expect(changed(between(plan([root, was, by(was)]), plan([root, is, by(is)])))).toEqual({
      is: [],
    });
    const other = provider("other");
    expect(
      changed(between(plan([root, was, by(was)]), plan([root, was, other, by(other)]))),
    ).toEqual({ group: ["option provider"] });
  });

  test("an import is not a creation", () => {
    const imported: PlannedResource = { ...group, op: "import", id: "id-1" };
    expect(changed(between(plan([root, group]), plan([root, imported])))).toEqual({
      group: ["option import"],
    });
  });
});

test("a rename is not a removal, and a move not a rename", () => {
  const renamed = resource({
    ...{ type: "a:b:Group", name: "team", parent: root },
    options: { aliases: [group.urn] },
  });
  const [first] = between(plan([root, group]), plan([root, renamed])).changed;
  expect(first && [isRenamed(first), isMoved(first)]).toEqual([true, false]);
  const site = resource({ type: "my:index:Site", name: "site", custom: false, parent: root });
  const moved = resource({
    ...{ type: "a:b:Group", name: "group", parent: site },
    options: { aliases: [group.urn] },
  });
  const [second] = between(plan([root, site, group]), plan([root, site, moved])).changed;
  expect(second && [isRenamed(second), isMoved(second)]).toEqual([false, true]);
});

describe("a property", () => {
  const with_ = (tags: string, options = {}) =>
    plan([root, resource({ type: "a:b:C", name: "c", parent: root, inputs: { tags }, options })]);

  test("may replace its resource", () => {
    const [only] = between(with_("a"), with_("b", { replaceOnChanges: ["tags"] })).changed;
    expect(only?.properties).toEqual([
      { path: ["tags"], before: "a", after: "b", mayReplace: "replaceOnChanges names tags" },
    ]);
  });

  test("that is ignored does not", () => {
    const options = { replaceOnChanges: ["tags"], ignoreChanges: ["tags"] };
    const [only] = between(with_("a", options), with_("b", options)).changed;
    expect(only?.properties).toEqual([
      { path: ["tags"], before: "a", after: "b", isIgnored: true },
    ]);
  });

  test("of a content does neither: a tool applies it by rules of its own", () => {
    const content = (name: string) =>
      resource({
        ...{ type: "kubernetes:core/v1:Pod", name: "pod", parent: release },
        inputs: { metadata: { name } },
      });
    const [only] = between(
      plan([root, release], { contents: [content("a")] }),
      plan([root, release], { contents: [content("b")] }),
    ).changed;
    expect(only?.properties).toEqual([{ path: ["metadata", "name"], before: "a", after: "b" }]);
  });

  test("is shown without the secrets that it repeats", () => {
    const [only] = between(with_("by hunter2"), with_("none"), hide).changed;
    expect(only?.properties).toEqual([{ path: ["tags"], before: "by [secret]", after: "none" }]);
  });

  test("and an option are shown without the secrets in their names", () => {
    const named = (value: number, protect: boolean) => {
      const inputs = { "by hunter2": value, list: [{ name: "hunter2", value }] };
      const options = {
        protect,
        replaceOnChanges: ['["by hunter2"]', ...(protect ? [] : ["hunter2"])],
      };
      return plan([root, resource({ type: "a:b:C", name: "c", parent: root, inputs, options })]);
    };
    const [only] = between(named(1, true), named(2, false), hide).changed;
    expect(only?.properties).toEqual([
      {
        path: ["by [secret]"],
        before: 1,
        after: 2,
        mayReplace: 'replaceOnChanges names ["by [secret]"]',
      },
      { path: ["list", { name: "[secret]" }, "value"], before: 1, after: 2 },
    ]);
    expect(only?.options).toEqual([
      { path: ["protect"], before: true },
      { path: ["replaceOnChanges", 1], after: "[secret]" },
    ]);
  });
});

test("findings are compared and shown without the secrets of both plans", () => {
  const found = (message: string, reason: string) =>
    plan([root], {
      violations: [violation({ message })],
      notJudged: [{ what: "chart", reason }],
    });
  const same = between(found("by hunter2", "hunter2"), found("by [secret]", "[secret]"), hide);
  expect(isEmpty(same)).toBe(true);
  const { violations, notJudged } = between(found("by hunter2", "hunter2"), plan([root]), hide);
  expect(violations.cease.map(({ message }) => message)).toEqual(["by [secret]"]);
  expect(notJudged.cease.map(({ reason }) => reason)).toEqual(["[secret]"]);
});

describe("any plans", () => {
  const value = fc.oneof(
    fc.constantFrom("a", "b", UNKNOWN),
    fc.constantFrom("x", "y").map(markSecret),
    fc.array(fc.constantFrom("a", "b"), { maxLength: 3 }),
  );
  const resources = fc.uniqueArray(fc.constantFrom("one", "two", "three")).chain((all) =>
    fc.tuple(
      ...all.map((name) =>
        fc.record({ value, protect: fc.boolean() }).map((given) =>
          resource({
            ...{ type: "a:b:C", name, parent: root, inputs: { value: given.value } },
            options: { protect: given.protect },
          }),
        ),
      ),
    ),
  );
  const violations = fc.array(fc.record({ message: fc.constantFrom("a", "b") }).map(violation), {
    maxLength: 3,
  });
  const plans = fc
    .record({ own: resources, contents: resources, violations })
    .map(({ own, contents, violations: found }) =>
      plan([root, ...own], {
        contents: contents.map((one) => ({ ...one, urn: `${one.urn}-content` })),
        violations: found,
      }),
    );

  test("do not differ from themselves", () => {
    fc.assert(
      fc.property(plans, (one) => {
        expect(isEmpty(between(one, one))).toBe(true);
      }),
    );
  });

  test("differ the other way round as they differ", () => {
    const urns = (ones: Change["added"]) => ones.map(({ resource: { urn } }) => urn).sort();
    const facts = ({ added, removed, changed: all, violations: { begin, cease } }: Change) => ({
      added: urns(added),
      removed: urns(removed),
      changed: Object.fromEntries(
        all.map(({ resource: { urn }, properties, options }) => [
          urn,
          [...properties, ...options].map(({ path, before, after }) => ({ path, before, after })),
        ]),
      ),
      begin,
      cease,
    });
    fc.assert(
      fc.property(plans, plans, (one, other) => {
        const { added, removed, begin, cease, changed: all } = facts(between(other, one));
        expect(facts(between(one, other))).toEqual({
          added: removed,
          removed: added,
          begin: cease,
          cease: begin,
          changed: Object.fromEntries(
            Object.entries(all).map(([urn, changes]) => [
              urn,
              changes.map(({ path, before, after }) => ({ path, before: after, after: before })),
            ]),
          ),
        });
      }),
    );
  });
});
