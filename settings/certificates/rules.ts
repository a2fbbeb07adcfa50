import { isPrivateRange } from "../../mesh/ranges.ts";
import { IPv4Range } from "../core/scalars.ts";
import { isMap, valueAt } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";
import { ObjectNames, Phase, DefaultAction } from "./schema.ts";

/**
 * The mesh reads its CA from the nodes, and nodes are not trusted Azure services. The program admits nodes only in a
 * network that it creates, and never the clients that store the certificates.
 */
export function checkVaultAccess(values: Values): readonly Violation[] {
  const steps = ["certificates", "network"];
  if (!isMap(values["certificates"])) return [];
  const action = read(DefaultAction, values, [...steps, "defaultAction"]);
  const admits = ["allowedIPRanges", "subnetIds"].some((key) => {
    const given = valueAt(values, [...steps, key]);
    return given !== undefined && (!Array.isArray(given) || given.length > 0);
  });
  if (action !== "Deny" || admits) return [];
  const foreign = valueAt(values, ["cluster", "network", "subnets"]) !== undefined;
  const filledByOthers = valueAt(values, ["certificates", "contents"]) === undefined;
  const shutOut = [
    ...(foreign ? ["the nodes in cluster.network.subnets"] : []),
    ...(filledByOthers ? ["the clients that store the certificates"] : []),
  ];
  if (shutOut.length === 0) return [];
  return [
    {
      steps,
      rule: `blocks ${shutOut.join(" and ")} from the vault, and the mesh does not start without its CA; add their addresses to allowedIPRanges or their subnets to subnetIds, or set defaultAction to Allow`,
      hideValue: true,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/key-vault/general/network-security#key-vault-firewall-enabled-ipv4-addresses-and-ranges---static-ips */
export function checkVaultRanges(values: Values): readonly Violation[] {
  const ranges = ["certificates", "network", "allowedIPRanges"];
  const given = valueAt(values, ranges);
  if (!Array.isArray(given)) return [];
  return given
    .map((_, index) => [...ranges, index])
    .filter((steps) => isPrivateRange(read(IPv4Range, values, steps) ?? ""))
    .map((steps) => ({
      steps,
      rule: "is private, but Key Vault accepts only public addresses; add the subnet to subnetIds, or use the public address of its NAT gateway or firewall",
    }));
}

/** The phase is for a CA that the program does not store itself. */
export function checkVaultPhase(values: Values): readonly Violation[] {
  const steps = ["certificates", "phase"];
  if (read(Phase, values, steps) !== "vault") return [];
  if (valueAt(values, ["certificates", "contents"]) === undefined) return [];
  return [
    {
      steps,
      rule: "does not apply with contents, which the program stores in the vault itself; remove it",
    },
  ];
}

/** Each part requires its own secret. */
export function checkObjectNames(values: Values): readonly Violation[] {
  const steps = ["certificates", "objectNames"];
  const names = read(ObjectNames, values, steps);
  if (names === undefined) return [];
  const takenBy = new Map<string, string>();
  return Object.entries(names).flatMap(([part, name]): Violation[] => {
    const other = takenBy.get(name.toLowerCase());
    takenBy.set(name.toLowerCase(), part);
    return other === undefined
      ? []
      : [{ steps: [...steps, part], rule: `must differ from that of ${other}, which is ${name}` }];
  });
}

/** The rules on certificates. */
export const CERTIFICATE_RULES = [
  checkVaultAccess,
  checkVaultRanges,
  checkVaultPhase,
  checkObjectNames,
] as const;
