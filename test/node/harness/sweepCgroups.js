"use strict";
// sweepCgroups.js DIRECTORY...: removes control groups and those below them when this process's standard input ends.
// The process that started it holds the other end, so this also happens if that process is killed.
const { existsSync, readdirSync, rmdirSync } = require("node:fs");
const { join } = require("node:path");

const directories = process.argv.slice(2);
const EVERY_MS = 100;
// A killed process stays in its group until the kernel has cleaned it up.
const ROUNDS = 15000 / EVERY_MS;

/** The files of a control group cannot be removed separately; they disappear with the group. */
function remove(directory) {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) remove(join(directory, entry.name));
    }
    rmdirSync(directory);
  } catch {
    // It still has processes, or is already gone. The next round tries again.
  }
}

function sweep(round) {
  const left = directories.filter((directory) => existsSync(directory));
  if (left.length === 0) return;
  if (round === ROUNDS) {
    process.stderr.write(`These control groups still have processes: ${left.join(" ")}\n`);
    return;
  }
  left.forEach(remove);
  setTimeout(sweep, EVERY_MS, round + 1);
}

process.stdin.on("end", () => sweep(0)).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
