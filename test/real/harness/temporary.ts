import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** A directory that is gone when this process is, however it ends. */
export class Temporary {
  readonly path: string;
  /** What removes it if nobody here does. */
  private readonly sweeper;

  /** The path is the prefix with some letters after it. */
  constructor(prefix: string) {
    mkdirSync(dirname(prefix), { recursive: true });
    this.path = mkdtempSync(prefix);
    this.sweeper = spawn(process.execPath, [join(__dirname, "sweep.js"), this.path], {
      stdio: ["pipe", "ignore", "ignore"],
      // It outlives the group that Ctrl+C ends, and keeps nobody waiting.
      detached: true,
    });
    this.sweeper.unref();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.sweeper.stdin.end();
  }

  /** Lets it stay. */
  keep(): void {
    this.sweeper.kill("SIGKILL");
  }
}
