import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import type { VmSize } from "../azure/compute.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { Wanted } from "./wanted.ts";

const say = sayings("vm-sizes");

/** Whether the region has the VM sizes of the pools, in their zones, with what nodes need. */
export const vmSizes: Check = {
  name: "vm-sizes",
  run: ({ wanted, vmSizes: answer }) => judgeSizes(wanted, answer),
};

/** @see https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available */
export function judgeSizes(
  wanted: Wanted,
  answer: Answer<ReadonlyMap<string, VmSize>>,
): readonly Observation[] {
  const sizes = [...new Set(wanted.pools.map(({ vmSize }) => vmSize))];
  if (!isAnswered(answer)) return sizes.map((name) => say.unchecked(name, answer));
  const { location } = wanted;
  return sizes.flatMap((name) => {
    const size = answer.value.get(name.toLowerCase());
    const problems = size === undefined ? [absent(name, wanted)] : problemsOf(size, wanted);
    const where = wanted.zones.length === 0 ? "" : ` in the zones ${wanted.zones.join(", ")}`;
    return problems.length > 0
      ? problems
      : [say.passed(name, `${location} has it${where}, with all that nodes need.`)];
  });
}

function absent(name: string, { location, pools }: Wanted): Observation {
  const users = pools.filter(({ vmSize }) => vmSize === name).map((pool) => pool.name);
  return say.failed(
    name,
    `${location} does not have this VM size, which ${users.join(" and ")} would use.`,
    "Choose another vmSize, or another region.",
    [`az vm list-skus --location ${location} --resource-type virtualMachines --output table`],
  );
}

function problemsOf(size: VmSize, wanted: Wanted): readonly Observation[] {
  const { name, restriction, capabilities } = size;
  const { location } = wanted;
  if (restriction !== undefined) {
    return [
      say.failed(
        name,
        `The subscription may not use it in ${location}: ${restriction}.`,
        "Choose another vmSize, or ask for access in a support request for quota.",
      ),
    ];
  }
  const missing = wanted.zones.filter((zone) => !size.zones.includes(zone));
  const can = (capability: string) => capabilities.get(capability)?.toLowerCase() === "true";
  // A size without the capability is of generation 1 only.
  const isGeneration2 = capabilities.get("HyperVGenerations")?.includes("V2") === true;
  return [
    ...(missing.length === 0
      ? []
      : [
          say.failed(
            name,
            `The subscription cannot use it in ${plural("zone", missing)} of ${location}, only in ${size.zones.length === 0 ? "no zone" : plural("zone", size.zones)}.`,
            "Choose another vmSize, or fewer cluster.zones.",
          ),
        ]),
    ...(wanted.encryptionAtHost && !can("EncryptionAtHostSupported")
      ? [
          say.failed(
            name,
            "It does not support encryption at host.",
            "Choose another vmSize, or set cluster.nodeSecurity.encryptionAtHost to false.",
          ),
        ]
      : []),
    ...(wanted.trustedLaunch && (!isGeneration2 || can("TrustedLaunchDisabled"))
      ? [
          say.failed(
            name,
            "It does not support trusted launch, which secure boot and a virtual TPM need.",
            "Choose another vmSize, or set cluster.nodeSecurity.secureBoot and vTPM to false.",
          ),
        ]
      : []),
  ];
}

function plural(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}
