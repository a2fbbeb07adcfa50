import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";

/**
 * Replaces PATH, for one test, by a directory with these programs. Each is the source of a script, for which `args`,
 * `input`, `print` and `fail` are defined.
 */
export function toolsOnPath(): (tools: Readonly<Record<string, string>>) => void {
  const home = mkdtempSync(join(tmpdir(), "tools-of-a-test-"));
  const before = process.env["PATH"];
  let made = 0;
  afterEach(() => {
    process.env["PATH"] = before;
  });
  afterAll(() => {
    rmSync(home, { recursive: true });
  });
  return (tools) => {
    const directory = join(home, String(++made));
    mkdirSync(directory);
    for (const [name, source] of Object.entries(tools)) {
      const file = join(directory, name);
      writeFileSync(file, `#!${process.execPath}\n${PRELUDE}\n${source}\n`);
      chmodSync(file, 0o755);
    }
    process.env["PATH"] = directory;
  };
}

const PRELUDE = `"use strict";
const args = process.argv.slice(2);
const input = () => require("node:fs").readFileSync(0, "utf8");
const print = (text) => process.stdout.write(text);
const fail = (text) => { process.stderr.write(text); process.exitCode = 1; };`;
