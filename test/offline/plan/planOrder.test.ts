import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareText, sortByDependency, sortForReport } from "../../../offline/plan/planOrder.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";
import { resource, violation } from "../../support/plan.ts";

const named = (name: string, more: Partial<PlannedResource> = {}) => ({
  ...resource({ type: "a:b:C", name }),
  ...more,
});
const urn = (name: string) => named(name).urn;
const namesOf = (resources: readonly PlannedResource[]) => resources.map(({ name }) => name);

/** Resources that may depend on any earlier one in the list, in every possible way. */
const program = fc
  .array(
    fc.record({
      dependencies: fc.array(fc.nat()),
      parent: fc.option(fc.nat(), { nil: undefined }),
      provider: fc.option(fc.nat(), { nil: undefined }),
      deletedWith: fc.option(fc.nat(), { nil: undefined }),
    }),
    { maxLength: 30 },
  )
  .chain((given) => fc.tuple(fc.constant(given), permutation(given.length)))
  .map(([given, ranks]) => {
    // Names are unrelated to the order of registration.
    const urns = ranks.map((rank) => urn(`r${rank}`));
    const earlier = (i: number, pick: number | undefined) =>
      pick === undefined || i === 0 ? "" : (urns[pick % i] ?? "");
    return given.map(({ dependencies, parent, provider, deletedWith }, i) => {
      const base = named(`r${ranks[i] ?? 0}`);
      const providerUrn = earlier(i, provider);
      return {
        ...base,
        dependencies: dependencies.map((pick) => earlier(i, pick)).filter((each) => each !== ""),
        parent: earlier(i, parent),
        provider: providerUrn === "" ? "" : `${providerUrn}::id`,
        options: { ...base.options, deletedWith: earlier(i, deletedWith) },
      };
    });
  });

function permutation(length: number) {
  const all = Array.from({ length }, (_, i) => i);
  return fc.shuffledSubarray(all, { minLength: length, maxLength: length });
}

describe("sortByDependency", () => {
  test("is the same for every order of registration", () => {
    fc.assert(
      fc.property(
        program.chain((resources) =>
          fc.tuple(
            fc.constant(resources),
            fc.shuffledSubarray(resources, {
              minLength: resources.length,
              maxLength: resources.length,
            }),
          ),
        ),
        ([resources, shuffled]) => {
          expect(namesOf(sortByDependency(shuffled))).toEqual(namesOf(sortByDependency(resources)));
        },
      ),
    );
  });

  test("has every resource once, after its dependencies", () => {
    fc.assert(
      fc.property(program, (resources) => {
        const ordered = sortByDependency(resources);
        expect(namesOf(ordered).sort()).toEqual(namesOf(resources).sort());
        const seen = new Set<string>([""]);
        for (const { urn: own, dependencies, parent, provider, options } of ordered) {
          const needed = [
            ...dependencies,
            parent,
            provider.replace(/::id$/, ""),
            options.deletedWith,
          ];
          expect(needed.filter((each) => !seen.has(each))).toEqual([]);
          seen.add(own);
        }
      }),
    );
  });

  test("is by URN if there is no dependency", () => {
    expect(namesOf(sortByDependency([named("b"), named("C"), named("a")]))).toEqual([
      "C",
      "a",
      "b",
    ]);
  });

  test("puts the parent first, then the provider, then dependencies by URN", () => {
    const child = named("a", {
      dependencies: [urn("y"), urn("z")],
      provider: `${urn("x")}::id`,
      parent: urn("w"),
    });
    const all = [child, named("w"), named("x"), named("y"), named("z")];
    expect(namesOf(sortByDependency(all))).toEqual(["w", "x", "y", "z", "a"]);
  });

  test("ignores dependencies outside the plan", () => {
    const lone = named("a", { dependencies: [urn("gone")], parent: urn("gone too") });
    expect(sortByDependency([lone])).toEqual([lone]);
  });

  test("does not hang on a cycle", () => {
    const cycle = [
      named("a", { dependencies: [urn("b")] }),
      named("b", { dependencies: [urn("c")] }),
      named("c", { dependencies: [urn("a")] }),
      named("self", { dependencies: [urn("self")] }),
    ];
    expect(namesOf(sortByDependency(cycle))).toEqual(["c", "b", "a", "self"]);
  });

  test("does not overflow on a chain of 10,000", () => {
    const length = 10_000;
    const name = (i: number) => `r${String(i).padStart(5, "0")}`;
    const chain = Array.from({ length }, (_, i) =>
      named(name(i), { dependencies: i + 1 < length ? [urn(name(i + 1))] : [] }),
    );
    const ordered = namesOf(sortByDependency(chain));
    expect(ordered).toHaveLength(length);
    expect(ordered.slice(0, 2)).toEqual([name(9_999), name(9_998)]);
    expect(ordered.at(-1)).toBe(name(0));
  });
});

describe("sortForReport", () => {
  const first = violation({ policy: "b", urn: "u2", message: "n" });
  const later = [
    violation({ policy: "c", urn: "u1" }),
    violation({ policy: "a", enforcementLevel: "advisory" }),
  ];

  test("sorts mandatory findings first, then by rule, resource and message", () => {
    const ordered = [
      violation({ policy: "b", message: "of the stack" }),
      violation({ policy: "b", urn: "u1" }),
      violation({ policy: "b", urn: "u2", message: "m" }),
      first,
      ...later,
    ];
    expect(sortForReport([...ordered].reverse())).toEqual(ordered);
  });
});

test("texts compare by code unit in every locale", () => {
  expect(["b", "ä", "a", "B", "a"].sort(compareText)).toEqual(["B", "a", "a", "b", "ä"]);
});
