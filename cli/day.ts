import { InvalidArgumentError } from "commander";
import type { Day } from "../mesh/support.ts";

/** The current day in UTC. */
export function today(): Day {
  return new Date().toISOString().slice(0, 10);
}

/** The value of an option that is a day. */
export function dayOf(text: string): Day {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write a date such as 2026-08-24.");
}
