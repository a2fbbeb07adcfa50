import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** How many of the mutants that a test could notice were noticed. */
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

/** Measured scores by area, each with the digest of its inputs. */
export type Scores = Readonly<z.infer<typeof file>>;

/** An empty record if there is no usable one: then every area is measured. */
export function readRecord(path: string): Scores {
  try {
    return file.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

/** The score of an area, if its inputs have not changed since. */
export function recorded(scores: Scores, area: string, digest: string): Score | undefined {
  const entry = scores[area];
  return entry?.digest === digest ? { noticed: entry.noticed, all: entry.all } : undefined;
}

/** Adds new scores, and drops areas that no longer exist. */
export function writeRecord(path: string, measured: Scores, areas: readonly string[]): void {
  const record = { ...readRecord(path), ...measured };
  const kept = areas.flatMap((area) => {
    const entry = record[area];
    return entry === undefined ? [] : [[area, entry] as const];
  });
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
