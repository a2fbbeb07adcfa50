import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  escapeForLog,
  escapeForTerminal,
  escapeForTerminalLine,
} from "../../../cli/reports/foreignText.ts";

describe("foreign text on a terminal", () => {
  test.each([
    ["clear \u001b[2J and \u009b31m", "clear \\x1b[2J and \\x9b31m"],
    ["nul \u0000, bell \u0007, delete \u007f", "nul \\x00, bell \\x07, delete \\x7f"],
    ["progress 10 %\rprogress 20 %", "progress 10 %\\x0dprogress 20 %"],
    ["right to left \u202e and back \u2066", "right to left \\u202e and back \\u2066"],
    ["unseen \u200b\ufeff\u{e0041}", "unseen \\u200b\\ufeff\\u{e0041}"],
    ["other line ends \u0085 \u2028 \u2029", "other line ends \\x85 \\u2028 \\u2029"],
    ["half \ud83d of a character", "half \\ud83d of a character"],
    ["Grüße, 世界 🔥, a\\b", "Grüße, 世界 🔥, a\\b"],
  ])("%j shows what was written", (text, shown) => {
    expect(escapeForTerminal(text)).toBe(shown);
    expect(escapeForTerminalLine(text)).toBe(shown);
  });

  test("keeps its line breaks and tabs, except in a row", () => {
    expect(escapeForTerminal("a\r\nb\n\tc")).toBe("a\nb\n\tc");
    expect(escapeForTerminalLine("a\r\nb\n\tc")).toBe("a\\x0d\\x0ab\\x0a\\x09c");
  });
});

describe("output that a CI system reads", () => {
  test.each([
    ["::error file=a::forged", "\\x3a:error file=a::forged"],
    ["    ::add-mask::e", "    \\x3a:add-mask::e"],
    ["\u00a0\u3000::group::x", "\u00a0\u3000\\x3a:group::x"],
    ["fine\n::stop-commands::x\n::y", "fine\n\\x3a:stop-commands::x\n\\x3a:y"],
    ["in the middle ##[error]x", "in the middle \\x23#[error]x"],
    ["##vso[task.setvariable variable=x]y", "\\x23#vso[task.setvariable variable=x]y"],
    ["##VSO[task.complete]", "\\x23#VSO[task.complete]"],
    ["##teamcity[testFailed name='x']", "\\x23#teamcity[testFailed name='x']"],
    ["###[error]", "#\\x23#[error]"],
  ])("%j is not a command", (text, shown) => {
    expect(escapeForLog(text)).toBe(shown);
  });

  test.each(["urn:pulumi:dev::shop::a", "## Heading", "a :: b", "azure-native:a:b", "#1"])(
    "%j stays",
    (text) => {
      expect(escapeForLog(text)).toBe(text);
    },
  );

  test("contains no command of any runner for any input", () => {
    const parts = fc.constantFrom(
      "::",
      "##",
      "[",
      "vso[",
      "error",
      "\n",
      "\r",
      " ",
      "\t",
      "x",
      ":",
    );
    fc.assert(
      fc.property(fc.array(parts), (text) => {
        for (const line of escapeForLog(escapeForTerminal(text.join(""))).split("\n")) {
          expect(line.trimStart().startsWith("::")).toBe(false);
          expect(line).not.toMatch(/##(vso|teamcity)?\[/i);
        }
      }),
    );
  });
});
