import { afterEach, expect, test, vi } from "vitest";
import { stylesFor } from "../../../cli/output/styles.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const terminal = { isTTY: true };

test("a terminal gets colours", () => {
  vi.stubEnv("NO_COLOR", undefined);
  const styles = stylesFor(terminal);
  expect(styles.red("text")).toBe("\u001b[31mtext\u001b[39m");
  expect(styles.bold("text")).toBe("\u001b[1mtext\u001b[22m");
});

test("an empty NO_COLOR counts as unset", () => {
  vi.stubEnv("NO_COLOR", "");
  expect(stylesFor(terminal).red("text")).toBe("\u001b[31mtext\u001b[39m");
});

test("NO_COLOR with any value disables colours", () => {
  vi.stubEnv("NO_COLOR", "0");
  expect(stylesFor(terminal).red("text")).toBe("text");
});

test.each([{}, { isTTY: false }])(
  "a stream that is not a terminal has no colours: %j",
  (stream) => {
    vi.stubEnv("NO_COLOR", undefined);
    const styles = stylesFor(stream);
    expect(Object.values(styles).map((style) => style("text"))).toEqual(Array(6).fill("text"));
  },
);
