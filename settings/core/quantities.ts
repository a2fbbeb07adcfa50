/** What the suffixes of quantities stand for, in thousandths. */
const THOUSANDTHS: ReadonlyMap<string, bigint> = new Map([
  ["m", 1n],
  ["", 1000n],
  ...["k", "M", "G", "T", "P", "E"].map((suffix, i) => [suffix, 1000n ** BigInt(i + 2)] as const),
  ...["K", "M", "G", "T", "P", "E"].map(
    (letter, i) => [`${letter}i`, 1000n * 1024n ** BigInt(i + 1)] as const,
  ),
]);

/**
 * Whether one Kubernetes quantity is more than another; undefined if one of them is none, which the schema reports.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function exceeds(one: unknown, other: unknown): boolean | undefined {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a === undefined || b === undefined) return undefined;
  return a.digits * 10n ** b.decimals > b.digits * 10n ** a.decimals;
}

/** Exactly: `digits` thousandths, with the point that many `decimals` from the right. */
function partsOf(
  quantity: unknown,
): { readonly digits: bigint; readonly decimals: bigint } | undefined {
  const [, whole = "", fraction = "", suffix = ""] =
    /^(\d+)(?:\.(\d+))?([a-zA-Z]*)$/.exec(typeof quantity === "string" ? quantity : "") ?? [];
  const thousandths = THOUSANDTHS.get(suffix);
  if (whole === "" || thousandths === undefined) return undefined;
  return { digits: BigInt(whole + fraction) * thousandths, decimals: BigInt(fraction.length) };
}
