import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshSettings } from "../../mesh/upgrade.ts";
import type { RunCommands } from "./runCommands.ts";

/** A run that ended early. */
export interface EndedRun {
  readonly goesBack: boolean;
  /** Whether something must be mended before it can go on. */
  readonly mustMend: boolean;
  /** Where the stack's settings stand now. */
  readonly standing: MeshSettings;
  /** The revision to which the upgrade leads or led. */
  readonly target: MeshRevision | undefined;
}

/** The commands after a run that ended early, a line each. The one that goes on goes the way that the run went. */
export function waysOn(
  { status, forward, back }: RunCommands,
  { goesBack, mustMend, standing: { revision, upgrade }, target }: EndedRun,
): string {
  // Only a target begins an upgrade.
  const begins = upgrade === undefined && target !== undefined && target !== revision;
  const onward = begins ? `${forward} --to ${target}` : forward;
  const mended = mustMend ? " once this is mended" : "";
  const ways: Readonly<Record<string, string>> = goesBack
    ? { [`To go on back${mended}:`]: back, "To upgrade after all:": onward }
    : { [`To go on${mended}:`]: onward, "To go back:": back };
  const rows = Object.entries({ "Where the upgrade stands:": status, ...ways });
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, command]) => `${label.padEnd(width)}  ${command}\n`).join("");
}
