import { BlockList, isIP } from "node:net";

/**
 * Whether a value of an AuthorizationPolicy matches a text: exactly, as a prefix (`abc*`), as a suffix (`*abc`), or
 * because there is one (`*`).
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
 */
export function matchesText(pattern: string, text: string): boolean {
  if (pattern === "*") return text !== "";
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}

/** The same for namespaces, in which a `*` may be anywhere. */
export function matchesNamespace(pattern: string, namespace: string): boolean {
  const parts = pattern.split("*").map(quoted);
  return new RegExp(`^${parts.join(".*")}$`).test(namespace);
}

/**
 * The same for paths, which may be templates: `{*}` is a segment, and `{**}` any number of them.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export function matchesPath(pattern: string, path: string): boolean {
  if (!/\{\*\*?\}/.test(pattern)) return matchesText(pattern, path);
  const parts = pattern.split(/(\{\*\*?\})/).map((part) => {
    if (part === "{**}") return ".*";
    return part === "{*}" ? "[^/]+" : quoted(part);
  });
  return new RegExp(`^${parts.join("")}$`).test(path);
}

/** Whether an address is in a block: `10.0.0.0/8`, or a single address. Nothing is in what is neither. */
export function isInBlock(block: string, address: string): boolean {
  const [base = "", length] = block.split("/");
  const version = isIP(base);
  if (version === 0 || isIP(address) !== version) return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const bits = version === 6 ? 128 : 32;
  const prefix = /^\d+$/.test(length ?? `${bits}`) ? Number(length ?? bits) : NaN;
  if (!(prefix <= bits)) return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list.check(address, family);
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
