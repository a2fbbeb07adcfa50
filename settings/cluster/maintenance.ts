import { z } from "zod";
import { wholeNumber } from "../core/numbers.ts";
import { keys, text } from "../core/scalars.ts";

const DAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

const START_RULE = 'must be a time of day, such as "02:00"';
const Start = text(START_RULE)
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: START_RULE })
  .meta({ examples: ["02:00"] });

const OFFSET_RULE = 'must be an offset from UTC, such as "+01:00"';
const UtcOffset = text(OFFSET_RULE)
  .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, { error: OFFSET_RULE })
  .meta({ examples: ["+01:00"] });

/** AKS requires windows of at least four hours. */
function weekly(day: (typeof DAYS)[number], hours: number) {
  return keys({
    day: z.enum(DAYS).default(day).describe("The day of the week on which the window begins."),
    start: Start.default("00:00").describe(
      "The time of day at which the window begins, in quotes, on the clock that utcOffset sets.",
    ),
    hours: wholeNumber("the length of the window in hours", 4, 24)
      .default(hours)
      .describe("The length of the window, in hours."),
  }).prefault({});
}

/**
 * The key `aks-istio:cluster.maintenance`. By default, each window is on a different night, which shows which upgrade
 * caused a problem.
 *
 * @see https://learn.microsoft.com/azure/aks/planned-maintenance
 */
export const Maintenance = keys({
  utcOffset: UtcOffset.default("+00:00").describe(
    "How far the clock of all windows is ahead of UTC, in quotes.",
  ),
  releases: weekly("Monday", 4).describe(
    "The window for weekly releases of AKS, which include patches of the mesh.",
  ),
  kubernetes: weekly("Sunday", 8).describe(
    "The window for the upgrades of Kubernetes by upgradeChannel.",
  ),
  nodeOS: weekly("Saturday", 8).describe(
    "The window for the upgrades of the nodes' operating system by nodeOSUpgradeChannel.",
  ),
});
