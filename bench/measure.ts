import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const CLI = join(__dirname, "..", "bin", "aks-istio.js");
const POLL_MS = 20;

export interface Measurement {
  readonly seconds: number;
  /** Peak resident memory of the largest process of the run; absent if there is no /proc, or it was not requested. */
  readonly peakMiB?: number;
}

/** Runs `aks-istio preview` as a whole process, once. */
export function measurePreview(args: readonly string[]): Promise<Measurement> {
  return measureCommand("preview", args);
}

/** Runs a command as a whole process, once. It must end with 0. */
export async function measureCommand(
  command: string,
  args: readonly string[],
): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => (complaint += text.toString()));
  let peakKiB = 0;
  const poll = setInterval(() => {
    peakKiB = Math.max(peakKiB, ...family(child.pid ?? 0).map(peakOf));
  }, POLL_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(poll);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${code ?? "a signal"}: ${complaint}`);
  }
  return {
    seconds: (performance.now() - started) / 1000,
    ...(peakKiB === 0 ? {} : { peakMiB: peakKiB / 1024 }),
  };
}

/** A process and all its descendants. */
function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of processes()) {
    const stat = read(`/proc/${entry}/stat`);
    parents.set(entry, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const descends = (child: number): boolean => {
    const parent = parents.get(child);
    return child === pid || (parent !== undefined && parent > 1 && descends(parent));
  };
  return [...parents.keys()].filter(descends);
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Peak resident memory in KiB. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty if the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The median by time, which one slow run does not change. */
export function median(measurements: readonly Measurement[]): Measurement {
  const middle = [...measurements].sort((a, b) => a.seconds - b.seconds)[measurements.length >> 1];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
