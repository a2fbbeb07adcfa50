import type { Measurement } from "./measure.ts";

/** Prints one line of the result. */
export function row(name: string, { seconds, peakMiB }: Measurement, remark = ""): void {
  const memory = peakMiB === undefined ? "-" : `${peakMiB.toFixed(0)} MiB`;
  process.stdout.write(
    `${name.padEnd(40)}${`${seconds.toFixed(2)} s`.padStart(9)}${memory.padStart(10)}  ${remark}\n`,
  );
}
