import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Without a shell, as on Windows, a killed process leaves its children behind. */
const SHELL = "/bin/sh";

/**
 * Reads the ID of a group, then waits for one more line. If input ends first, the writer is gone, so it kills the
 * group.
 */
const SCRIPT = 'read -r group && { read -r over || kill -KILL "-$group"; }';

export interface GroupWatch {
  /** From now on the group ends when this process ends, for any reason. */
  readonly watchGroup: (group: number) => void;
  readonly end: () => void;
}

/**
 * Starts a watch for a process group that starts later. A busy program does not notice that its parent is gone, and a
 * SIGKILL cannot be handled, so the watch is a separate process that signals from the terminal do not reach.
 */
export function startGroupWatch(): GroupWatch {
  if (!existsSync(SHELL)) return { watchGroup: () => undefined, end: () => undefined };
  const watch = spawn(SHELL, ["-c", SCRIPT], {
    cwd: "/",
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without a watch the preview still works, unless it is killed.
  watch.on("error", () => undefined);
  watch.stdin.on("error", () => undefined);
  watch.unref();
  let last = "";
  return {
    watchGroup: (group) => {
      watch.stdin.write(`${group}\n`);
      last = "over\n";
    },
    end: () => watch.stdin.end(last),
  };
}
