import { expect, test } from "vitest";
import { matchesOf } from "../../../cli/change/matches.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";
import { resource, stack } from "../../support/plan.ts";

const IDENTITY = { organization: "organization", project: "shop", stack: "dev" };
const root = stack();

const component = (name: string, aliases: readonly string[] = []) =>
  resource({ type: "my:index:Site", name, custom: false, parent: root, options: { aliases } });
const below = (parent: PlannedResource, name: string, aliases: readonly string[] = []) =>
  resource({ type: "a:b:C", name, parent, options: { aliases } });

/** The matches as `before -> after`, by the ends of their URNs. */
function matches(before: readonly PlannedResource[], after: readonly PlannedResource[]) {
  const shown = ({ urn }: PlannedResource) => urn.replace("urn:pulumi:dev::shop::", "");
  return matchesOf(before, after, IDENTITY).map(
    (match) => `${shown(match.before)} -> ${shown(match.after)}`,
  );
}

test("a resource with the same URN is the same one", () => {
  const [one, other] = [below(root, "one"), below(root, "other")];
  expect(matches([root, one], [root, one, other])).toEqual([
    "pulumi:pulumi:Stack::shop-dev -> pulumi:pulumi:Stack::shop-dev",
    "a:b:C::one -> a:b:C::one",
  ]);
});

test("an alias says what a resource was", () => {
  const old = below(root, "old");
  expect(matches([old], [below(root, "new", ["urn:other", old.urn])])).toEqual([
    "a:b:C::old -> a:b:C::new",
  ]);
  expect(matches([old], [below(root, "new")])).toEqual([]);
});

test("an alias of a resource that still exists means nothing", () => {
  const old = below(root, "old");
  expect(matches([old], [below(root, "new", [old.urn]), old])).toEqual([
    "a:b:C::old -> a:b:C::old",
  ]);
});

test("only one resource can be what an alias names", () => {
  const old = below(root, "old");
  const [first, second] = [below(root, "first", [old.urn]), below(root, "second", [old.urn])];
  expect(matches([old], [first, second])).toEqual(["a:b:C::old -> a:b:C::first"]);
});

test("children follow their parent, and a name that begins with its name follows that", () => {
  const [was, is] = [component("was"), component("is", [component("was").urn])];
  expect(
    matches(
      [was, below(was, "was-key"), below(was, "lock")],
      [is, below(is, "is-key"), below(is, "lock")],
    ),
  ).toEqual([
    "my:index:Site::was -> my:index:Site::is",
    "my:index:Site$a:b:C::was-key -> my:index:Site$a:b:C::is-key",
    "my:index:Site$a:b:C::lock -> my:index:Site$a:b:C::lock",
  ]);
});

test("children of a parent with another type follow it, also below a name of their own past", () => {
  const was = resource({ type: "my:index:Old", name: "site", custom: false, parent: root });
  const is = component("site", [was.urn]);
  const renamed = below(is, "new", [below(is, "old").urn]);
  expect(
    matches([was, below(was, "key"), below(was, "old")], [is, below(is, "key"), renamed]),
  ).toEqual([
    "my:index:Old::site -> my:index:Site::site",
    "my:index:Old$a:b:C::key -> my:index:Site$a:b:C::key",
    "my:index:Old$a:b:C::old -> my:index:Site$a:b:C::new",
  ]);
});
