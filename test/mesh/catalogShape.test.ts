import { expect, test } from "vitest";
import { z } from "zod";
import data from "../../mesh/catalog.json";
import { compareRevisions, isMeshRevision } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const Minor = z.string().regex(/^1\.\d+$/);
const minorOf = (version: string) => Number(version.slice("1.".length));
const Range = z
  .strictObject({ oldest: Minor, newest: Minor })
  .refine(({ oldest, newest }) => minorOf(oldest) <= minorOf(newest));

const Shape = z.strictObject({
  asOf: z.iso.date(),
  source: z.url({ protocol: /^https$/ }),
  updatedFrom: z.string().optional(),
  revisions: z
    .array(
      z.strictObject({
        revision: z.custom<MeshRevision>(
          (text) => typeof text === "string" && isMeshRevision(text),
        ),
        released: Month,
        releasedEstimated: z.literal(true).optional(),
        endOfLife: Month,
        endOfLifeEstimated: z.boolean(),
        kubernetes: z.strictObject({
          KubernetesOfficial: Range,
          AKSLongTermSupport: Range.optional(),
        }),
      }),
    )
    .min(1),
});

test("the included catalog is valid", () => {
  expect(Shape.parse(data)).toEqual(data);
});

test("its revisions are in order, without duplicates", () => {
  const { revisions } = Shape.parse(data);
  for (const [index, { revision }] of revisions.entries()) {
    const before = revisions[index - 1];
    if (before !== undefined) expect(compareRevisions(before.revision, revision)).toBeLessThan(0);
  }
});
