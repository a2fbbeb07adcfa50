import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** A directory that is removed when this process ends, however it ends. */
export class Temporary {
  readonly path: string;
  /** The process that removes it if this one cannot. */
  private readonly sweeper;

  /** The path is the prefix plus random letters. */
  constructor(prefix: string) {
    mkdirSync(dirname(prefix), { recursive: true });
    this.path = mkdtempSync(prefix);
    this.sweeper = spawn(process.execPath, [join(__dirname, "sweep.js"), this.path], {
      stdio: ["pipe", "ignore", "ignore"],
      // It survives Ctrl+C, and does not keep this process alive.
      detached: true,
    });
    this.sweeper.unref();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.sweeper.stdin.end();
  }

  /** Keeps the directory. */
  keep(): void {
    this.sweeper.kill("SIGKILL");
  }
}
