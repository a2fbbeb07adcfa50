"use strict";
// supervise.js COMMAND ARGUMENT...: runs the command until this process's standard input closes. The parent process
// holds the other end, so the command ends with it, even if it is killed.
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
// Ctrl+C signals the whole process group; the parent decides when to stop.
process.on("SIGINT", () => undefined);
