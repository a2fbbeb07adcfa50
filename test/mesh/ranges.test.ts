import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressAt,
  isPrivateRange,
  partOf,
  prefixLength,
  rangesOverlap,
  sizeOf,
} from "../../mesh/ranges.ts";

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

test("a part of a range has the given start and prefix length", () => {
  expect(partOf("10.224.0.0/16", 0, 17)).toBe("10.224.0.0/17");
  expect(partOf("10.224.0.0/16", sizeOf(17), 28)).toBe("10.224.128.0/28");
  expect(prefixLength("10.224.128.0/28")).toBe(28);
});

describe("for every range,", () => {
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

test.each([
  ["10.0.0.0/8", "9.255.255.255/32", "11.0.0.0/32"],
  ["100.64.0.0/10", "100.63.255.255/32", "100.128.0.0/32"],
  ["127.0.0.0/8", "126.255.255.255/32", "128.0.0.0/32"],
  ["169.254.0.0/16", "169.253.255.255/32", "169.255.0.0/32"],
  ["172.16.0.0/12", "172.15.255.255/32", "172.32.0.0/32"],
  ["192.168.0.0/16", "192.167.255.255/32", "192.169.0.0/32"],
])("%s is private as a whole, but neither %s nor %s is", (range, below, above) => {
  const [address = "", length] = range.split("/");
  expect(isPrivateRange(range)).toBe(true);
  expect(isPrivateRange(`${address}/32`)).toBe(true);
  expect(isPrivateRange(`${address}/${Number(length) - 1}`)).toBe(false);
  expect(isPrivateRange(below)).toBe(false);
  expect(isPrivateRange(above)).toBe(false);
});

test.each(["0.0.0.0/0", "0.0.0.0/32", "198.51.100.0/24", "203.0.113.7/32", ""])(
  "%s is not private",
  (range) => {
    expect(isPrivateRange(range)).toBe(false);
  },
);
