import { closest } from "../../text/suggest.ts";
import { REGIONS } from "./regions.ts";

/** The provider's key for the Azure region of all resources. */
export const LOCATION = "azure-native:location";

/**
 * Why a text is not a valid Azure region; undefined if it has the right form. Azure also accepts the display name,
 * `West Europe`, but the region becomes part of resource names.
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

/**
 * A warning for a region that is not in the list. It may exist: Azure adds regions, and sovereign clouds have their
 * own.
 */
export function locationWarning(location: string): string | undefined {
  if (REGIONS.names.includes(location)) return undefined;
  const meant = closest(location, REGIONS.names);
  const wayOut =
    meant === undefined ? "az account list-locations lists yours" : `did you mean ${meant}?`;
  return `is not among the Azure regions known on ${REGIONS.asOf}; ${wayOut}`;
}
