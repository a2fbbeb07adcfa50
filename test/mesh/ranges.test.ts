import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressAt, partOf, prefixLength, rangesOverlap, sizeOf } from "../../mesh/ranges.ts";

test.each([
  ["10.0.0.0/16", "10.0.0.0/16", true],
  ["10.0.0.0/8", "10.244.0.0/16", true],
  ["10.244.0.0/16", "10.0.0.0/8", true],
  ["10.0.0.0/16", "10.1.0.0/16", false],
  ["10.0.255.255/32", "10.1.0.0/32", false],
  ["0.0.0.0/0", "255.255.255.255/32", true],
  ["128.0.0.0/1", "127.255.255.255/32", false],
  ["192.168.0.0/25", "192.168.0.128/25", false],
])("%s and %s overlap: %s", (one, other, overlap) => {
  expect(rangesOverlap(one, other)).toBe(overlap);
  expect(rangesOverlap(other, one)).toBe(overlap);
});

test.each([
  ["10.0.0.0/16", 0, "10.0.0.0"],
  ["10.0.0.0/16", 10, "10.0.0.10"],
  ["10.0.0.0/16", 256, "10.0.1.0"],
  ["10.0.0.0/8", 2 ** 24 - 1, "10.255.255.255"],
  ["203.0.113.240/28", 10, "203.0.113.250"],
  ["255.255.255.254/31", 1, "255.255.255.255"],
])("in %s, the address at %i is %s", (range, index, address) => {
  expect(addressAt(range, index)).toBe(address);
});

test("a part of a range begins where it is told, with the prefix that it is given", () => {
  expect(partOf("10.224.0.0/16", 0, 17)).toBe("10.224.0.0/17");
  expect(partOf("10.224.0.0/16", sizeOf(17), 28)).toBe("10.224.128.0/28");
  expect(prefixLength("10.224.128.0/28")).toBe(28);
});

describe("whatever the range,", () => {
  const ranges = fc
    .tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 31 }))
    .map(([address, length]) => {
      const size = sizeOf(length);
      return { range: partOf("0.0.0.0/0", address - (address % size), length), size, length };
    });

  test("its two halves lie within it and do not overlap", () => {
    fc.assert(
      fc.property(ranges, ({ range, size, length }) => {
        const first = partOf(range, 0, length + 1);
        const second = partOf(range, size / 2, length + 1);
        expect(rangesOverlap(first, range)).toBe(true);
        expect(rangesOverlap(second, range)).toBe(true);
        expect(rangesOverlap(first, second)).toBe(false);
      }),
    );
  });

  test("its neighbours do not overlap it", () => {
    fc.assert(
      fc.property(ranges, ({ range, size, length }) => {
        const next = addressAt(range, size);
        fc.pre(next !== "0.0.0.0");
        expect(rangesOverlap(range, `${next}/${length}`)).toBe(false);
        expect(rangesOverlap(range, `${addressAt(range, size - 1)}/32`)).toBe(true);
      }),
    );
  });
});
