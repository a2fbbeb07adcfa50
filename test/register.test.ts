import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { scratch } from "./support/programs.ts";

const write = scratch({ packages: false });
let written = 0;
let home: string;
let cache: string;

/** A separate checkout: the entry of its only source can be damaged safely. */
beforeEach(() => {
  home = write(`checkout-${++written}`, {
    "say.ts": 'const word: string = "said";\nconsole.log(word);\n',
  });
  cache = join(home, "node_modules/.cache/aks-istio");
  mkdirSync(join(home, "bin"));
  copyFileSync("bin/register.js", join(home, "bin/register.js"));
  mkdirSync(join(home, "node_modules"));
  for (const name of ["sucrase", "lines-and-columns", "ts-interface-checker"]) {
    symlinkSync(join(process.cwd(), "node_modules", name), join(home, "node_modules", name));
  }
});

const say = () =>
  execFileSync(process.execPath, ["-r", "./bin/register.js", "./say.ts"], {
    cwd: home,
    encoding: "utf8",
  });

function entry(): string {
  const [only, ...others] = readdirSync(cache);
  expect(others).toEqual([]);
  return join(cache, only ?? "");
}

describe("the cache of a stripped source", () => {
  test("is used in the next run", () => {
    expect(say()).toBe("said\n");
    const before = readFileSync(entry(), "utf8");
    expect(before).toMatch(/^\/\/ [\da-f]{64}\n/);
    expect(say()).toBe("said\n");
    expect(readFileSync(entry(), "utf8")).toBe(before);
  });

  test.each([
    ["empty", () => ""],
    ["truncated", (whole: string) => whole.slice(0, whole.length / 2)],
    ["without its hash", (whole: string) => whole.slice(whole.indexOf("\n") + 1)],
    ["from other code", (whole: string) => whole.replace('"said"', '"planted"')],
  ])("that is %s is written again", (_, damage) => {
    say();
    const whole = readFileSync(entry(), "utf8");
    writeFileSync(entry(), damage(whole));
    expect(say()).toBe("said\n");
    expect(readFileSync(entry(), "utf8")).toBe(whole);
  });

  test("stays empty if the folder cannot be created", () => {
    writeFileSync(join(home, "node_modules/.cache"), "a file");
    expect(say()).toBe("said\n");
  });
});
