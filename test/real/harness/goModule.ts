import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { cachePath, madeOnce } from "./cache.ts";

/** Programs built from the sources that a Go module pins. */
export interface GoBuild {
  /** The directory with go.mod and go.sum. */
  readonly module: string;
  /** The name of the programs in progress messages. */
  readonly what: string;
  readonly linkerFlags: string;
  /** Compiler flags. Without them, the compiler optimizes. */
  readonly compilerFlags?: string;
  /** The packages to build. */
  readonly target: string;
  /** Inputs to the build besides the module and the flags. */
  readonly decides?: string;
  /** Adds other files to the programs. */
  readonly finish?: (made: string) => void;
}

/** The directory with the programs, built unless an earlier run has built them. */
export async function built(build: GoBuild, say: (line: string) => void): Promise<string> {
  const directory = cachePath("components", key(build));
  return await madeOnce(directory, async (made) => {
    say(`Building ${build.what} from their sources, once, into ${directory}`);
    await make(build, made);
  });
}

/** A key that changes with every input of the build. */
function key({ module, linkerFlags, compilerFlags, decides }: GoBuild): string {
  const hash = createHash("sha256");
  const decisive = [process.platform, process.arch, linkerFlags, compilerFlags, decides];
  hash.update(decisive.filter((each) => each !== undefined).join("\n"));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return hash.digest("hex").slice(0, 16);
}

/** An interrupted build resumes from Go's cache. */
async function make(
  { module, what, linkerFlags, compilerFlags, target, finish }: GoBuild,
  made: string,
): Promise<void> {
  if (spawnSync("go", ["version"]).error !== undefined) {
    throw new Error(
      `${what} require Go 1.26 or later to build, but \`go\` was not found. Install it from https://go.dev/doc/install and run this again.`,
    );
  }
  const flags = ["-trimpath", `-ldflags=${linkerFlags}`];
  if (compilerFlags !== undefined) flags.push(`-gcflags=${compilerFlags}`);
  await go(module, ["build", ...flags, "-o", `${made}/`, target]);
  finish?.(made);
}

async function go(module: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, "supervise.js"), "go", ...args], {
    cwd: module,
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    stdio: ["pipe", "inherit", "inherit"],
  });
  // The build takes minutes, so it must not slow other work down.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`go ${args[0] ?? ""} failed in ${module}; see above.`);
}
