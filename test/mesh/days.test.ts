import { expect, test } from "vitest";
import { addDays, addMonths, daysBetween, firstDayOf, lastDayOf } from "../../mesh/days.ts";

test.each([
  ["2026-02", "2026-02-01", "2026-02-28"],
  ["2028-02", "2028-02-01", "2028-02-29"],
  ["2026-12", "2026-12-01", "2026-12-31"],
])("%s lasts from %s to %s", (month, first, last) => {
  expect([firstDayOf(month), lastDayOf(month)]).toEqual([first, last]);
});

test.each([
  ["2026-11", 1, "2026-12"],
  ["2026-11", 2, "2027-01"],
  ["2026-01", -1, "2025-12"],
  ["2026-01", 0, "2026-01"],
])("%s and %i months is %s", (month, months, expected) => {
  expect(addMonths(month, months)).toBe(expected);
});

test.each([
  ["2026-07-01", 42, "2026-08-12"],
  ["2026-03-29", 1, "2026-03-30"],
  ["2027-01-01", -1, "2026-12-31"],
])("%s and %i days is %s", (day, days, expected) => {
  expect(addDays(day, days)).toBe(expected);
  expect(daysBetween(day, expected)).toBe(days);
});
