import { expect, test } from "vitest";
import { selects, unmetRequirement } from "../../mesh/labelSelector.ts";
import type { LabelSelector } from "../../mesh/labelSelector.ts";

const expression = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[LabelSelector, Record<string, string>, string | undefined]>([
  [{}, {}, undefined],
  [{ matchLabels: { app: "web" } }, { app: "web", tier: "1" }, undefined],
  [{ matchLabels: { app: "web" } }, { app: "api" }, "app In (web)"],
  [{ matchLabels: { app: "" } }, {}, "app In ()"],
  [{ matchLabels: { app: "" } }, { app: "" }, undefined],
  [expression("app", "In", "web", "api"), { app: "api" }, undefined],
  [expression("app", "In", "web", "api"), {}, "app In (web, api)"],
  [expression("app", "NotIn", "web"), { app: "web" }, "app NotIn (web)"],
  [expression("app", "NotIn", "web"), {}, undefined],
  [expression("app", "Exists"), { app: "" }, undefined],
  [expression("app", "Exists"), {}, "app Exists"],
  [expression("app", "DoesNotExist"), {}, undefined],
  [expression("app", "DoesNotExist"), { app: "" }, "app DoesNotExist"],
  [expression("constructor", "Exists"), {}, "constructor Exists"],
  [expression("app", "Like", "web"), { app: "web" }, "app Like (web)"],
  [{ matchLabels: { app: "web" }, ...expression("tier", "Exists") }, { app: "web" }, "tier Exists"],
])("%j of %j requires %s", (selector, labels, unmet) => {
  expect(unmetRequirement(selector, labels)).toBe(unmet);
  expect(selects(selector, labels)).toBe(unmet === undefined);
});
