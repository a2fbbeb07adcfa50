import type { ResourceSku } from "@azure/arm-compute";
import { all, ask } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";

/** A VM size, as a region offers it to the subscription. */
export interface VmSize {
  readonly name: string;
  /** The name of its quota, such as `standardDDSv5Family`. */
  readonly family: string;
  /** Undefined if Azure does not say. */
  readonly vCPUs: number | undefined;
  /** The availability zones that have it and that the subscription may use. */
  readonly zones: readonly string[];
  /** Why the subscription may not use it in the region, such as `NotAvailableForSubscription`; undefined if it may. */
  readonly restriction: string | undefined;
  /** What else it can do, by ARM's names, such as `EncryptionAtHostSupported: "True"`. */
  readonly capabilities: ReadonlyMap<string, string>;
}

/** A quota of the subscription in a region. */
export interface Quota {
  /** Such as `cores` for all vCPUs, or the family of a VM size. */
  readonly name: string;
  /** As the portal shows it, such as `Standard DDSv5 Family vCPUs`. */
  readonly title: string;
  readonly used: number;
  readonly limit: number;
}

/**
 * The VM sizes of a region, by their names in lower case; those that it does not have are missing.
 *
 * @see https://learn.microsoft.com/rest/api/compute/resource-skus/list
 */
export function readVmSizes(
  azure: Azure,
  location: string,
): Promise<Answer<ReadonlyMap<string, VmSize>>> {
  return ask(`the VM sizes of ${location}`, async () => {
    const skus = await all(
      (await compute(azure)).resourceSkus.list({ filter: `location eq '${location}'` }),
    );
    const sizes = skus
      .filter(({ resourceType }) => resourceType?.toLowerCase() === "virtualmachines")
      .map((sku) => vmSize(sku, location));
    return new Map(sizes.map((size) => [size.name.toLowerCase(), size]));
  });
}

/**
 * The quotas of a region; what `az vm list-usage` shows.
 *
 * @see https://learn.microsoft.com/rest/api/compute/usage/list
 */
export function readQuotas(azure: Azure, location: string): Promise<Answer<readonly Quota[]>> {
  return ask(`the quota of ${location}`, async () => {
    const usages = await all((await compute(azure)).usage.list(location));
    return usages.map(({ name, currentValue, limit }) => ({
      name: name.value ?? "",
      title: name.localizedValue ?? name.value ?? "",
      used: currentValue,
      limit,
    }));
  });
}

async function compute({ credential, subscriptionId, options }: Azure) {
  const { ComputeManagementClient } = await import("@azure/arm-compute");
  return new ComputeManagementClient(credential, subscriptionId, options);
}

function vmSize(
  { name = "", family = "", capabilities = [], locationInfo = [], restrictions = [] }: ResourceSku,
  location: string,
): VmSize {
  const has = new Map(capabilities.map(({ name: key = "", value = "" }) => [key, value]));
  const here = (place: string) => place.toLowerCase() === location;
  const zones = locationInfo.find((info) => here(info.location ?? ""))?.zones ?? [];
  const excluded = restrictions
    .filter(({ type }) => type === "Zone")
    .flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  const whole = restrictions.find(
    ({ type, values = [] }) => type === "Location" && values.some(here),
  );
  const vCPUs = Number(has.get("vCPUsAvailable") ?? has.get("vCPUs"));
  return {
    name,
    family,
    vCPUs: vCPUs > 0 ? vCPUs : undefined,
    zones: zones.filter((zone) => !excluded.includes(zone)).sort(),
    restriction: whole && (whole.reasonCode ?? "NotAvailableForSubscription"),
    capabilities: has,
  };
}
