import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Where there is none, as on Windows, a process that ends by force leaves what it started behind. */
const SHELL = "/bin/sh";

/** Reads the ID of a group, then waits for one more line. Where that never comes, whoever had to write it is gone. */
const SCRIPT = 'read -r group && { read -r over || kill -KILL "-$group"; }';

export interface GroupWatch {
  /** From here on the group ends when this process does, however that ends. */
  readonly over: (group: number) => void;
  readonly end: () => void;
}

/**
 * Starts to watch over a group of processes that is still to be started. A program in an endless loop hears of nothing
 * and nobody can handle a SIGKILL, so the watch is a process of its own, beyond the reach of what a terminal sends.
 */
export function startGroupWatch(): GroupWatch {
  if (!existsSync(SHELL)) return { over: () => undefined, end: () => undefined };
  const watch = spawn(SHELL, ["-c", SCRIPT], {
    cwd: "/",
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without a watch a preview is as good, as long as nobody ends it by force.
  watch.on("error", () => undefined);
  watch.stdin.on("error", () => undefined);
  watch.unref();
  let last = "";
  return {
    over: (group) => {
      watch.stdin.write(`${group}\n`);
      last = "over\n";
    },
    end: () => watch.stdin.end(last),
  };
}
