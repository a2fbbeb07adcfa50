import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** How many of the changes that a test could notice were noticed. */
export interface Score {
  readonly noticed: number;
  readonly all: number;
}

const count = z.int().nonnegative();

const file = z.record(
  z.string(),
  z
    .strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/), noticed: count, all: count })
    .refine(({ noticed, all }) => noticed <= all),
);

/** Measured scores by area, each with the digest of what it was measured of. */
export type Scores = Readonly<z.infer<typeof file>>;

/** An empty record where there is none that can be used: then everything is measured. */
export function readRecord(path: string): Scores {
  try {
    return file.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

/** The score of an area, where it was measured of exactly what is there now. */
export function recorded(scores: Scores, area: string, digest: string): Score | undefined {
  const entry = scores[area];
  return entry?.digest === digest ? { noticed: entry.noticed, all: entry.all } : undefined;
}

/** Adds what was measured, and drops areas that are no more. */
export function writeRecord(path: string, measured: Scores, areas: readonly string[]): void {
  const record = { ...readRecord(path), ...measured };
  const kept = areas.flatMap((area) => {
    const entry = record[area];
    return entry === undefined ? [] : [[area, entry] as const];
  });
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
