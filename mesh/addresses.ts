import { isIPv4 } from "node:net";

/** Whether the text is an IPv4 range in CIDR notation that starts at its first address, such as `198.51.100.0/24`. */
export function isIPv4Range(text: string): boolean {
  const [address = "", length = "", ...more] = text.split("/");
  if (more.length > 0 || !isIPv4(address) || !/^(\d|[12]\d|3[0-2])$/.test(length)) return false;
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return value % 2 ** (32 - Number(length)) === 0;
}
