import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";

/** Where the properties of azure-native's ManagedCluster name an add-on. ARM takes the name in any case. */
export function addonProfiles(properties: Cursor, name: string): readonly Cursor[] | Unknown {
  const profiles = properties.at("addonProfiles");
  const names = profiles.keys();
  if (names instanceof Unknown) return names;
  return (names ?? [])
    .filter((written) => written.toLowerCase() === name.toLowerCase())
    .map((written) => profiles.at(written));
}
