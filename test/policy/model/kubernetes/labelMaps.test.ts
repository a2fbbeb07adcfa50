import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { Cursor, Unknown } from "../../../../policy/engine/cursor.ts";
import { holds, sameMap } from "../../../../policy/model/kubernetes/labelMaps.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => unknown;

function asked(ask: typeof holds, a: unknown, b: unknown): boolean | string {
  const root = new Cursor("Pod", proxied({ a, b }));
  const answer = ask(root.at("a"), root.at("b"));
  return answer instanceof Unknown ? answer.path : answer;
}

const LABELS = { app: "web", tier: "front" };

describe("labels contain", () => {
  test.each<[unknown, unknown, boolean | string]>([
    [LABELS, { app: "web" }, true],
    [LABELS, LABELS, true],
    [LABELS, { app: "api" }, false],
    [LABELS, { app: "web", tier: "back" }, false],
    [LABELS, { zone: "1" }, false],
    [LABELS, {}, true],
    [LABELS, undefined, true],
    [undefined, { app: "web" }, false],
    [{ port: 80 }, { port: "80" }, true],
    // No label has an invalid value.
    [{ app: {} }, { app: {} }, false],
    [{ app: null }, { app: null }, false],
    [LABELS, UNKNOWN, "b"],
    [UNKNOWN, { app: "web" }, "a"],
    [LABELS, { app: UNKNOWN }, "b.app"],
    [{ app: UNKNOWN }, { app: "web" }, "a.app"],
    [{ app: UNKNOWN }, { app: UNKNOWN }, "a.app"],
    [{ app: UNKNOWN, tier: "front" }, { app: "web", tier: "back" }, false],
    // Whatever the value turns out to be, the label is absent or invalid.
    [{}, { app: UNKNOWN }, false],
    [{ app: UNKNOWN }, { app: {} }, false],
  ])("of %j those of %j: %s", (labels, pairs, expected) => {
    expect(asked(holds, labels, pairs)).toBe(expected);
  });
});

describe("two maps are equal", () => {
  test.each<[unknown, unknown, boolean | string]>([
    [LABELS, { tier: "front", app: "web" }, true],
    [{}, undefined, true],
    [LABELS, { app: "web" }, false],
    [{ app: "web" }, LABELS, false],
    [{ app: "web" }, { app: "api" }, false],
    [{ app: UNKNOWN }, { app: "web" }, "a.app"],
    [{ app: "web" }, { app: UNKNOWN }, "b.app"],
    [{ app: UNKNOWN, tier: "front" }, { app: "web" }, false],
    [{ app: "web" }, { app: UNKNOWN, tier: "front" }, false],
    [UNKNOWN, LABELS, "a"],
    [LABELS, UNKNOWN, "b"],
  ])("%j and %j: %s", (a, b, expected) => {
    expect(asked(sameMap, a, b)).toBe(expected);
  });
});
