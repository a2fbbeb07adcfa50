import { describe, expect, test } from "vitest";
import { NotJudged } from "../../../policy/engine/finding.ts";
import { defineRule } from "../../../policy/engine/rule.ts";
import type { Finding } from "../../../policy/engine/finding.ts";
import { cluster, kubernetes, namespace, object } from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { ON_NAMESPACES, run } from "../../support/policy.ts";

const provider = kubernetes(cluster());
const shop = namespace(provider);
const metadata = (name: string) => ({ metadata: { name } });
const list = object(provider, "core/v1", "NamespaceList", {
  items: [metadata("a"), metadata("b")],
});

type Words = readonly Finding[] | ((name: string | undefined) => readonly Finding[]);

/** What a rule reports about each namespace on its own, and with the whole stack. */
function saying(early: Words, late: Words) {
  return defineRule({
    ...ON_NAMESPACES,
    check: ({ name }, { stack }) => {
      const words = stack.complete ? late : early;
      return typeof words === "function" ? words(name) : words;
    },
  });
}

async function said(early: Words, late: Words, fixture: Fixture = shop) {
  const reports = await run(saying(early, late), [fixture]);
  return reports.map(({ when, level, message }) => `${when} ${level} ${message}`);
}

describe("a finding about the whole stack", () => {
  test("is not repeated", async () => {
    expect(await said(["wrong."], ["wrong."])).toEqual([
      'early violation Namespace "shop": wrong.',
    ]);
  });

  test("does not replace an earlier one with better words", async () => {
    expect(await said(["wrong here or there."], ["wrong there."])).toEqual([
      'early violation Namespace "shop": wrong here or there.',
    ]);
  });

  test("is added if it is new, whether earlier ones remain or have changed", async () => {
    expect(await said(["wrong."], ["wrong.", "also odd."])).toEqual([
      'early violation Namespace "shop": wrong.',
      'late violation Namespace "shop": also odd.',
    ]);
    expect(await said(["wrong here or there."], ["wrong there.", "also odd."])).toEqual([
      'early violation Namespace "shop": wrong here or there.',
      'late violation Namespace "shop": also odd.',
    ]);
  });

  test("is added if it is new, even before repeated ones", async () => {
    expect(await said(["wrong."], ["also odd.", "wrong."])).toEqual([
      'early violation Namespace "shop": wrong.',
      'late violation Namespace "shop": also odd.',
    ]);
  });

  test("is the only one that counts as not judged", async () => {
    const unsure = new NotJudged("cannot be told.");
    expect(await said([unsure], [])).toEqual([]);
    expect(await said([unsure], [unsure])).toEqual([
      'late unjudged Namespace "shop": cannot be told.',
    ]);
    expect(await said([unsure], ["wrong."])).toEqual(['late violation Namespace "shop": wrong.']);
    expect(await said(["wrong."], ["wrong.", unsure])).toEqual([
      'early violation Namespace "shop": wrong.',
      'late unjudged Namespace "shop": cannot be told.',
    ]);
  });

  test("is kept apart from others about the same resource", async () => {
    expect(await said(["wrong."], ["otherwise wrong."], list)).toEqual([
      'early violation Namespace "a": wrong.',
      'early violation Namespace "b": wrong.',
    ]);
    const of = (thing: string) => (name: string | undefined) => (name === thing ? ["wrong."] : []);
    expect(await said(of("a"), of("b"), list)).toEqual([
      'early violation Namespace "a": wrong.',
      'late violation Namespace "b": wrong.',
    ]);
    expect(await said([], ["wrong."], list)).toEqual([
      'late violation Namespace "a": wrong.',
      'late violation Namespace "b": wrong.',
    ]);
  });
});
