"use strict";
// sweep.js DIRECTORY: removes the directory once this process's standard input closes. The parent process holds the
// other end, so the directory goes with it, even if it is killed.
const { existsSync, rmSync } = require("node:fs");

const [directory] = process.argv.slice(2);
const EVERY_MS = 250;
// Other processes that end with it may write there until supervise.js kills them.
const ROUNDS = 5000 / EVERY_MS;

function sweep(round) {
  if (round === 0 && !existsSync(directory)) return;
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // Something was written meanwhile; try again.
  }
  if (round < ROUNDS) setTimeout(sweep, EVERY_MS, round + 1);
}

process.stdin.on("end", () => sweep(0)).resume();
// Ctrl+C signals the whole process group; this process must survive it to clean up.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
