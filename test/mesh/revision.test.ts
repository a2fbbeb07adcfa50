import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRevisions, isMeshRevision, revisionGap } from "../../mesh/revision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { anyRevision } from "./arbitraries.ts";

describe("isMeshRevision", () => {
  test.each(["asm-1-17", "asm-1-30", "asm-1-9", "asm-2-0", "asm-10-100", "asm-0-0"])(
    "%j is one",
    (text) => {
      expect(isMeshRevision(text)).toBe(true);
    },
  );

  test.each([
    "",
    "asm",
    "asm-1",
    "asm-1-",
    "asm-1-30-1",
    "asm-1.30",
    "asm-01-30",
    "asm-1-030",
    "asm--1-30",
    "ASM-1-30",
    " asm-1-30",
    "asm-1-30\n",
    "1-30",
    "default",
    "asm-1-x",
    "asm-1-1e2",
  ])("%j is not one", (text) => {
    expect(isMeshRevision(text)).toBe(false);
  });
});

describe("compareRevisions", () => {
  test.each<[MeshRevision, MeshRevision, number]>([
    ["asm-1-9", "asm-1-29", -1],
    ["asm-1-29", "asm-1-9", 1],
    ["asm-1-30", "asm-1-30", 0],
    ["asm-1-99", "asm-2-0", -1],
    ["asm-10-0", "asm-9-99", 1],
  ])("%s against %s is %i", (a, b, order) => {
    expect(compareRevisions(a, b)).toBe(order);
  });

  test("is a total order that agrees with the numbers", () => {
    fc.assert(
      fc.property(anyRevision, anyRevision, anyRevision, (a, b, c) => {
        const rank = (revision: MeshRevision): number => {
          const [major = NaN, minor = NaN] = revision.slice(4).split("-").map(Number);
          return major * 1000 + minor;
        };
        expect(compareRevisions(a, b)).toBe(Math.sign(rank(a) - rank(b)));
        expect(compareRevisions(a, b) + compareRevisions(b, a)).toBe(0);
        const sorted = [a, b, c].sort(compareRevisions);
        expect(sorted.map(rank)).toEqual([a, b, c].map(rank).sort((x, y) => x - y));
      }),
    );
  });
});

describe("revisionGap", () => {
  test.each<[MeshRevision, MeshRevision, number]>([
    ["asm-1-29", "asm-1-30", 1],
    ["asm-1-28", "asm-1-30", 2],
    ["asm-1-30", "asm-1-30", 0],
    ["asm-1-30", "asm-1-28", -2],
    ["asm-1-9", "asm-1-10", 1],
    ["asm-1-30", "asm-2-0", Infinity],
    ["asm-2-0", "asm-1-30", -Infinity],
  ])("from %s to %s is %i", (from, to, gap) => {
    expect(revisionGap(from, to)).toBe(gap);
  });

  test("has the sign of the order", () => {
    fc.assert(
      fc.property(anyRevision, anyRevision, (from, to) => {
        // + 0 because toBe distinguishes -0 from 0
        expect(Math.sign(revisionGap(from, to)) + 0).toBe(compareRevisions(to, from) + 0);
      }),
    );
  });
});
