import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { Cursor, Unknown } from "../../../../policy/engine/cursor.ts";
import { selects } from "../../../../policy/model/kubernetes/labelSelectors.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Props } from "../../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => unknown;

function selected(selector: unknown, labels: Props): boolean | string {
  const root = new Cursor("Pod", proxied({ selector, labels }));
  const answer = selects(root.at("selector"), root.at("labels"));
  return answer instanceof Unknown ? answer.path : answer;
}

const by = (key: string, operator: unknown, values?: unknown) => ({
  matchExpressions: [{ key, operator, values }],
});

const LABELS = { app: "web", tier: "front" };

describe("a label selector", () => {
  test.each<[string, unknown, boolean]>([
    ["nothing", undefined, false],
    ["everything", {}, true],
    ["a label", { matchLabels: { app: "web" } }, true],
    ["another value", { matchLabels: { app: "api" } }, false],
    ["both labels", { matchLabels: LABELS }, true],
    ["one of two", { matchLabels: { app: "web", tier: "back" } }, false],
    ["one of several values", by("app", "In", ["api", "web"]), true],
    ["none of several values", by("app", "In", ["api"]), false],
    ["a key that is not there", by("zone", "In", ["1"]), false],
    ["a key that is not there, and no value", by("zone", "In", [null]), false],
    ["no values", by("app", "In"), false],
    ["not a value", by("app", "NotIn", ["api"]), true],
    ["not one of no values", by("app", "NotIn"), true],
    ["not its value", by("app", "NotIn", ["api", "web"]), false],
    ["not a value of a key that is not there", by("zone", "NotIn", ["1"]), true],
    ["a key", by("app", "Exists"), true],
    ["no key that is there", by("zone", "Exists"), false],
    ["the absence of a key", by("zone", "DoesNotExist"), true],
    ["the absence of a key that is there", by("app", "DoesNotExist"), false],
    ["an operator that is none", by("app", "Like", ["web"]), false],
    [
      "labels, and an expression that does not hold",
      { matchLabels: LABELS, ...by("app", "NotIn", ["web"]) },
      false,
    ],
  ])("selects by %s", (_, selector, expected) => {
    expect(selected(selector, LABELS)).toBe(expected);
  });

  test.each<[string, unknown, Props, boolean | string]>([
    ["itself", UNKNOWN, LABELS, "selector"],
    ["its labels", { matchLabels: UNKNOWN }, LABELS, "selector.matchLabels"],
    ["its value", { matchLabels: { app: UNKNOWN } }, LABELS, "selector.matchLabels.app"],
    ["the label", { matchLabels: { app: "web" } }, { app: UNKNOWN }, "labels.app"],
    [
      "one label, while another differs",
      { matchLabels: { app: "api", tier: UNKNOWN } },
      LABELS,
      false,
    ],
    ["its expressions", { matchExpressions: UNKNOWN }, LABELS, "selector.matchExpressions"],
    ["a key", by(UNKNOWN, "Exists"), LABELS, "selector.matchExpressions[0].key"],
    ["an operator", by("app", UNKNOWN), LABELS, "selector.matchExpressions[0].operator"],
    ["values", by("app", "In", UNKNOWN), LABELS, "selector.matchExpressions[0].values"],
    [
      "a value",
      by("app", "In", ["api", UNKNOWN]),
      LABELS,
      "selector.matchExpressions[0].values[1]",
    ],
    ["a value of a key that is not there", by("zone", "In", [UNKNOWN]), LABELS, false],
    [
      "a value that a key must not have that is not there",
      by("zone", "NotIn", [UNKNOWN]),
      LABELS,
      true,
    ],
    [
      "whether the label is one of several",
      by("app", "In", ["web"]),
      { app: UNKNOWN },
      "labels.app",
    ],
    [
      "whether the label is none of several",
      by("app", "NotIn", ["web"]),
      { app: UNKNOWN },
      "labels.app",
    ],
    ["a value beside the right one", by("app", "In", [UNKNOWN, "web"]), LABELS, true],
    [
      "a value that it must not be",
      by("app", "NotIn", [UNKNOWN]),
      LABELS,
      "selector.matchExpressions[0].values[0]",
    ],
    ["the value of a key that is there", by("app", "Exists"), { app: UNKNOWN }, true],
    [
      "the value of a key that must not be there",
      by("app", "DoesNotExist"),
      { app: UNKNOWN },
      false,
    ],
  ])("may not know %s", (_, selector, labels, expected) => {
    expect(selected(selector, labels)).toBe(expected);
  });
});
