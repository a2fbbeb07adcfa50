import type { Day } from "./support.ts";

const DAY_IN_MS = 86_400_000;

/** The first day of a month `YYYY-MM`. */
export function firstDayOf(month: string): Day {
  return `${month}-01`;
}

/** The last day of a month `YYYY-MM`. */
export function lastDayOf(month: string): Day {
  return addDays(firstDayOf(addMonths(month, 1)), -1);
}

/** The month `YYYY-MM` that follows a month by a number of months. */
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7);
}

/** The day that follows a day by a number of days. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * DAY_IN_MS).toISOString().slice(0, 10);
}

/** The number of days from one day to another; negative if the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_IN_MS);
}
