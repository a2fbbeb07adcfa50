"use strict";
// sweep.js DIRECTORY: removes the directory once this process's standard input ends. Whoever started it holds the other
// end, so that the directory goes with them, even where they are killed.
const { existsSync, rmSync } = require("node:fs");

const [directory] = process.argv.slice(2);
const EVERY_MS = 250;
// What else ends with them writes there until supervise.js loses its patience.
const ROUNDS = 5000 / EVERY_MS;

function sweep(round) {
  if (round === 0 && !existsSync(directory)) return;
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // Something was written meanwhile; there is another round.
  }
  if (round < ROUNDS) setTimeout(sweep, EVERY_MS, round + 1);
}

process.stdin.on("end", () => sweep(0)).resume();
// Ctrl+C reaches the whole group, and is what this waits to clean up after.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
