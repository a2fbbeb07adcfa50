import { closest } from "../../text/suggest.ts";
import { REGIONS } from "./regions.ts";

/** The key of the provider's that says where everything is. */
export const LOCATION = "azure-native:location";

/**
 * The rule that a text breaks as an Azure region; undefined if it is written like one. The display name, `West Europe`,
 * would pass Azure and then end up in the names of resources.
 *
 * @see https://learn.microsoft.com/azure/reliability/regions-list
 */
export function locationProblem(location: string): string | undefined {
  if (/^[a-z][a-z0-9]*$/.test(location)) return undefined;
  const name = location.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = closest(name, REGIONS.names) ?? name;
  const example = /^[a-z]/.test(meant) ? meant : "westeurope";
  return `must be an Azure region in lowercase letters and digits; write ${example}`;
}

/** What there is to say of a region that is not in the list: the list grows, and sovereign clouds have their own. */
export function locationWarning(location: string): string | undefined {
  if (REGIONS.names.includes(location)) return undefined;
  const meant = closest(location, REGIONS.names);
  const wayOut =
    meant === undefined ? "az account list-locations lists yours" : `did you mean ${meant}?`;
  return `is not among the Azure regions known on ${REGIONS.asOf}; ${wayOut}`;
}
