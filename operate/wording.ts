/** `a`, `a and b`, or `a, b and c`. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(names);
}

/** The first five of many names, and how many more there are: `a, b, c, d, e and 3 more`. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const rest = names.length - shown.length;
  return listed(rest === 0 ? shown : [...shown, `${rest} more`]);
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
