"use strict";
// sweepCgroups.js DIRECTORY...: removes control groups, with those in them, once this process's standard input ends.
// Whoever started it holds the other end, so that they go with them, even where they are killed.
const { existsSync, readdirSync, rmdirSync } = require("node:fs");
const { join } = require("node:path");

const directories = process.argv.slice(2);
const EVERY_MS = 100;
// A process that was killed is in its group until the kernel has taken it apart.
const ROUNDS = 15000 / EVERY_MS;

/** A control group's files cannot be removed, and go with it. */
function remove(directory) {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) remove(join(directory, entry.name));
    }
    rmdirSync(directory);
  } catch {
    // Something is in it yet, or it is gone; there is another round.
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
