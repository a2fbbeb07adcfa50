import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import type { ResourceProvider } from "../azure/resourceProviders.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { WantedService } from "./wanted.ts";

const say = sayings("region");

/** Whether the region has every kind of resource that the deployment creates. */
export const region: Check = {
  name: "region",
  run: ({ wanted: { location, services }, providers }) => {
    const found = services.flatMap((service) => {
      const answer = providers.get(service.namespace);
      return answer === undefined ? [] : judgeRegion(location, service, answer);
    });
    const types = services.reduce((sum, { types: each }) => sum + each.length, 0);
    const hasAll = `It has all ${types} kinds of resources.`;
    return found.length > 0 ? found : [say.passed(`region ${location}`, hasAll)];
  },
};

/** What the region lacks. */
export function judgeRegion(
  location: string,
  { namespace, types, setting }: WantedService,
  answer: Answer<ResourceProvider | undefined>,
): readonly Observation[] {
  if (!isAnswered(answer)) return types.length === 0 ? [] : [say.unchecked(namespace, answer)];
  return types.flatMap((type) => {
    const name = `${namespace}/${type}`;
    const regions = answer.value?.regions.get(type.toLowerCase());
    if (regions === undefined) {
      return [
        say.unchecked(name, {
          reason: "Azure does not say in which regions it exists.",
          fix: `Look for it at https://azure.microsoft.com/explore/global-infrastructure/products-by-region.`,
        }),
      ];
    }
    // A type without regions is in none, or in all.
    if (regions.length === 0 || regions.some((each) => nameOf(each) === location)) return [];
    const other = "Choose another region as azure-native:location";
    return [
      say.failed(
        name,
        `It does not exist in ${location}, only in: ${regions.map(nameOf).sort().join(", ")}.`,
        setting === undefined ? `${other}.` : `${other}, or turn off ${setting}.`,
      ),
    ];
  });
}

/** The programmatic name of a region: `westeurope` of `West Europe`. */
function nameOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
