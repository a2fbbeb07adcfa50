import { expect, test } from "vitest";
import { shownMessage } from "../../../operate/inject/shownMessage.ts";
import type { Json } from "../../../yaml/json.ts";

const withVariables = (...values: readonly Json[]) => ({
  spec: {
    initContainers: [{ name: "setup" }],
    containers: [{ name: "app", env: values.map((value) => ({ name: "A", value })) }],
  },
});

test.each([
  ["denied: s3cret and s3crets.", ["s3cret", "s3crets"], "denied: [hidden] and [hidden]"],
  ['denied: {"value":"a\\"b\\nc:d"}', ['a"b\nc:d'], 'denied: {"value":"[hidden]"}'],
  ["denied: false is short", ["false", null], "denied: false is short"],
])("%j hides the variables %j", (message, values, shown) => {
  expect(shownMessage(message, withVariables(...values))).toBe(shown);
});

test("variables of init containers are hidden, too", () => {
  const env = [{ name: "A", value: "s3cret" }];
  const pod = { spec: { initContainers: [{ name: "setup", env }] } };
  expect(shownMessage("denied: s3cret", pod)).toBe("denied: [hidden]");
});

test("a message is cut after 1,000 characters", () => {
  const whole = "x".repeat(1000);
  expect(shownMessage(whole, {})).toBe(whole);
  expect(shownMessage(`${whole}y`, {})).toBe(`${whole}…`);
  // Hidden first, so that no part of a value remains.
  const part = `${"x".repeat(995)}secret`;
  expect(shownMessage(part, withVariables("secret"))).toBe(`${"x".repeat(995)}[hidd…`);
});
