import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { Hopeless, waitFor } from "./waitFor.ts";

export interface ServiceOptions {
  /** Its name, also of its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  /** Throws, or returns false, until the service is ready. */
  readonly ready: () => Promise<boolean>;
}

/** A component in its own process, until it is stopped or this process ends. */
export class Service {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private stopping = false;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.ended = once(child, "exit");
  }

  /** Resolves once the component is ready; if that fails, it is stopped, and the error contains the end of its log. */
  static async start(options: ServiceOptions): Promise<Service> {
    const { name, command, args, environment, logDirectory, ready } = options;
    const logFile = join(logDirectory, `${name}.log`);
    const log = createWriteStream(logFile, { flags: "a" });
    await once(log, "open");
    const child = spawn(
      process.execPath,
      [join(__dirname, "supervise.js"), command, ...args],
      // The user's environment does not affect a component.
      {
        env: { PATH: process.env["PATH"], HOME: logDirectory, ...environment },
        stdio: ["pipe", log, log],
      },
    );
    const service = new Service(child);
    try {
      await waitFor(`${name} to be ready`, async () => {
        if (child.exitCode !== null) {
          throw new Hopeless(`it ended with exit code ${child.exitCode}`);
        }
        return await ready();
      });
    } catch (error) {
      await service.stop();
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${name} did not start: ${why}\n${lastLines(logFile)}`, { cause: error });
    } finally {
      log.close();
    }
    child.once("exit", (code) => {
      if (!service.stopping) {
        process.stderr.write(
          `${name} ended unexpectedly with exit code ${String(code)}: ${logFile}\n`,
        );
      }
    });
    return service;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child.stdin?.end();
    if (this.child.exitCode === null && this.child.signalCode === null) await this.ended;
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-20).join("\n");
}
