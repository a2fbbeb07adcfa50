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
  /** Strings that the linker puts into variables, such as versions, by package and name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The packages to build; `tool` stands for all tools of the module. */
  readonly packages: readonly string[];
  /** Inputs to the build besides the module and the flags. */
  readonly decides?: string;
  /** Adds other files to the programs. */
  readonly finish?: (made: string) => void;
}

/**
 * Without optimization and debug information, the build takes two thirds of the time. The programs are slower, but mostly
 * wait. Because all modules have the same flags, Go compiles what they share once.
 */
const COMPILER_FLAGS = "all=-N -l -dwarf=false";

/** The directory with the programs, built unless an earlier run has built them. */
export async function built(build: GoBuild, say: (line: string) => void): Promise<string> {
  const directory = cachePath("components", key(build));
  return await madeOnce(directory, async (made) => {
    say(`Building ${build.what} from their sources, once, into ${directory}`);
    await make(build, made);
  });
}

/** A key that changes with every input of the build. */
function key(build: GoBuild): string {
  const { module, packages, decides } = build;
  const hash = createHash("sha256");
  const decisive = [process.platform, process.arch, ...flagsOf(build), ...packages, decides];
  hash.update(decisive.filter((each) => each !== undefined).join("\n"));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return hash.digest("hex").slice(0, 16);
}

/** An interrupted build resumes from Go's cache. */
async function make(build: GoBuild, made: string): Promise<void> {
  const { module, what, packages, finish } = build;
  if (spawnSync("go", ["version"]).error !== undefined) {
    throw new Error(
      `${what} require Go 1.26 or later to build, but \`go\` was not found. Install it from https://go.dev/doc/install and run this again.`,
    );
  }
  await go(module, ["build", ...flagsOf(build), "-o", `${made}/`, ...packages]);
  finish?.(made);
}

function flagsOf({ variables = {} }: GoBuild): readonly string[] {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "-trimpath",
    `-gcflags=${COMPILER_FLAGS}`,
    `-ldflags=${["-s -w", ...settings].join(" ")}`,
  ];
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
