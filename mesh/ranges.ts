/** An IPv4 range as numbers: its first address, and its number of addresses. */
interface Span {
  readonly first: number;
  readonly size: number;
}

/** Whether two IPv4 ranges overlap. */
export function rangesOverlap(one: string, other: string): boolean {
  const [a, b] = [span(one), span(other)];
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/**
 * Ranges that are not routed on the internet: private networks, carrier-grade NAT, loopback and link-local.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const PRIVATE = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/** Whether an IPv4 range lies completely within a private range. */
export function isPrivateRange(range: string): boolean {
  return PRIVATE.some(
    (all) => prefixLength(range) >= prefixLength(all) && rangesOverlap(range, all),
  );
}

/** The prefix length of a range, such as 16 for `10.0.0.0/16`. */
export function prefixLength(range: string): number {
  return Number(range.split("/")[1]);
}

/** The address at an index in a range; the first address has index 0. */
export function addressAt(range: string, index: number): string {
  const address = span(range).first + index;
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

/** The part of a range that starts at an index and has a given prefix length. */
export function partOf(range: string, index: number, length: number): string {
  return `${addressAt(range, index)}/${length}`;
}

/** Number of addresses for a prefix length. */
export function sizeOf(length: number): number {
  return 2 ** (32 - length);
}

function span(range: string): Span {
  const [address = ""] = range.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { first, size: sizeOf(prefixLength(range)) };
}
