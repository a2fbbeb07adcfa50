import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";

/** The profiles of an add-on in an azure-native ManagedCluster. ARM ignores the case of the name. */
export function addonProfiles(properties: Cursor, name: string): readonly Cursor[] | Unknown {
  const profiles = properties.at("addonProfiles");
  const names = profiles.keys();
  if (names instanceof Unknown) return names;
  return (names ?? [])
    .filter((written) => written.toLowerCase() === name.toLowerCase())
    .map((written) => profiles.at(written));
}
