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
    ["a missing key", by("zone", "In", ["1"]), false],
    ["a missing key without a value", by("zone", "In", [null]), false],
    ["no values", by("app", "In"), false],
    ["not a value", by("app", "NotIn", ["api"]), true],
    ["not one of no values", by("app", "NotIn"), true],
    ["not its value", by("app", "NotIn", ["api", "web"]), false],
    ["not a value of a missing key", by("zone", "NotIn", ["1"]), true],
    ["a key", by("app", "Exists"), true],
    ["the absence of a key that exists", by("zone", "Exists"), false],
    ["the absence of a key", by("zone", "DoesNotExist"), true],
    ["the absence of a key that exists", by("app", "DoesNotExist"), false],
    ["an invalid operator", by("app", "Like", ["web"]), false],
    [
      "labels, and an expression that does not match",
      { matchLabels: LABELS, ...by("app", "NotIn", ["web"]) },
      false,
    ],
  ])("selects by %s", (_, selector, expected) => {
    expect(selected(selector, LABELS)).toBe(expected);
  });

  test.each<[string, unknown, Props, boolean | string]>([
    ["the selector", UNKNOWN, LABELS, "selector"],
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
    ["a value of a missing key", by("zone", "In", [UNKNOWN]), LABELS, false],
    ["a value that a missing key must not have", by("zone", "NotIn", [UNKNOWN]), LABELS, true],
    ["the label, as one of several", by("app", "In", ["web"]), { app: UNKNOWN }, "labels.app"],
    ["the label, as none of several", by("app", "NotIn", ["web"]), { app: UNKNOWN }, "labels.app"],
    ["a value next to the right one", by("app", "In", [UNKNOWN, "web"]), LABELS, true],
    [
      "a forbidden value",
      by("app", "NotIn", [UNKNOWN]),
      LABELS,
      "selector.matchExpressions[0].values[0]",
    ],
    ["the value of a required key", by("app", "Exists"), { app: UNKNOWN }, true],
    ["the value of a forbidden key", by("app", "DoesNotExist"), { app: UNKNOWN }, false],
  ])("with an unknown part: %s", (_, selector, labels, expected) => {
    expect(selected(selector, labels)).toBe(expected);
  });
});
