"use strict";
// supervise.js COMMAND ARGUMENT...: runs the command for as long as this process's standard input is open. Whoever
// started it holds the other end, so that the command ends with them, even where they are killed.
const { spawn } = require("node:child_process");

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });

function stop() {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), 3000).unref();
}

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code) => process.exit(code ?? 1));
process.stdin.on("end", stop).resume();
process.on("SIGTERM", stop);
// Ctrl+C reaches the whole group; when to stop is for whoever started this to say.
process.on("SIGINT", () => undefined);
