import { InvalidArgumentError } from "commander";
import { Duration } from "../settings/core/scalars.ts";

/** The value of an option that is a duration, in seconds. */
export function duration(value: string): number {
  const parsed = Duration.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError("It must be a duration, such as 10m, 90s or 1h30m.");
}
