import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { eventLog, readEvents } from "../../../rehearsal/engineEvents.ts";
import type { EngineEvent } from "../../../rehearsal/engineEvents.ts";

/** Encrypts the secrets in stack files. */
export const PASSPHRASE = "of a test";

/** The result of a command of the Pulumi CLI. */
export interface Result {
  readonly code: number | null;
  /** The output of both streams, in the order in which it arrived. */
  readonly output: string;
  /** The engine's events; empty for a command that does not deploy. */
  readonly events: readonly EngineEvent[];
}

export interface CliOptions {
  /** The path of the program. */
  readonly pulumi: string;
  /** Directories with the programs that the CLI looks up by name: the language host, providers, kubelogin. */
  readonly path: readonly string[];
  /** The directory with the project's files, except those that the CLI writes. */
  readonly project: string;
  /** Whether to copy the files instead of linking them: the TypeScript compiler resolves links to their targets. */
  readonly copied: boolean;
  /** The `node_modules` of the project, if it has none itself. */
  readonly packages: string;
  readonly stack: string;
  readonly stackFile: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The Pulumi CLI in a temporary project, with its own state and home. */
export class Cli {
  readonly directory: string;
  readonly #options: CliOptions;
  readonly #running = new Set<ChildProcess>();
  #commands = 0;

  private constructor(directory: string, options: CliOptions) {
    this.directory = directory;
    this.#options = options;
  }

  static async create(directory: string, options: CliOptions): Promise<Cli> {
    const { project, copied, packages, stack, stackFile } = options;
    const cli = new Cli(directory, options);
    for (const part of ["project", "state", "home"]) mkdirSync(join(directory, part));
    for (const name of readdirSync(project)) {
      if (/^(\.git|Pulumi(\..+)?\.ya?ml)$/.test(name)) continue;
      const [from, to] = [join(project, name), join(directory, "project", name)];
      if (copied) cpSync(from, to, { recursive: true });
      else symlinkSync(from, to);
    }
    const own = join(directory, "project", "node_modules");
    if (!existsSync(own)) symlinkSync(packages, own);
    // The SDK warns if it is missing.
    if (!existsSync(join(directory, "project", "package.json"))) cli.write("package.json", "{}");
    cli.write("Pulumi.yaml", readFileSync(join(project, "Pulumi.yaml"), "utf8"));
    cli.write(`Pulumi.${stack}.yaml`, stackFile);
    await cli.succeed(["stack", "init", stack]);
    return cli;
  }

  /** Writes a file of the project. */
  write(file: string, text: string): void {
    writeFileSync(join(this.directory, "project", file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.directory, "project", file), "utf8");
  }

  /** Runs a command that must succeed. */
  async succeed(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Result> {
    const result = await this.run(args, environment);
    if (result.code !== 0) {
      throw new Error(`pulumi ${args.join(" ")}: exit code ${result.code ?? ""}\n${result.output}`);
    }
    return result;
  }

  async run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Result> {
    const { pulumi } = this.#options;
    const log = join(this.directory, `events-${(this.#commands += 1)}.json`);
    const deploys = ["preview", "up", "refresh", "destroy"].includes(args[0] ?? "");
    const [command = "", ...rest] = args;
    const events = eventLog(log);
    const child = spawn(
      pulumi,
      [
        ...[command, "--non-interactive", "--color", "never"],
        ...(deploys ? events.options : []),
        ...rest,
      ],
      {
        cwd: join(this.directory, "project"),
        env: { ...this.environment(), ...events.environment, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#running.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => (output += text));
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    this.#running.delete(child);
    return { code, output, events: deploys ? readEvents(log) : [] };
  }

  /** Ends the running command: as Ctrl+C does, or as a power failure does. */
  end(signal: "SIGINT" | "SIGKILL"): void {
    for (const child of this.#running) child.kill(signal);
  }

  remove(): void {
    this.end("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The environment of a command, independent of the user's. */
  environment(): Readonly<Record<string, string>> {
    const { path, pulumi, environment } = this.#options;
    return {
      PATH: [...path, dirname(pulumi), process.env["PATH"]].join(":"),
      HOME: join(this.directory, "home"),
      PULUMI_HOME: join(this.directory, "home", ".pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.directory, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...environment,
    };
  }
}
