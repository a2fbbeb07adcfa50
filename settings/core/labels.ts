/** A DNS subdomain, such as `example.com`. */
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** At most 63 letters, digits, - _ and ., beginning and ending with a letter or digit. */
const NAME = /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

/** Whether Kubernetes accepts a text as the value of a label or a taint. */
export function isLabelValue(text: string): boolean {
  return text === "" || NAME.test(text);
}

/**
 * Whether Kubernetes accepts a text as the key of a label or a taint: a name, with or without a prefix and a slash.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return NAME.test(text);
  const prefix = text.slice(0, slash);
  return prefix.length <= 253 && PREFIX.test(prefix) && NAME.test(text.slice(slash + 1));
}

/**
 * Why a text is not a valid label key for a node pool, as text that completes "the key …"; undefined if AKS accepts it.
 *
 * @see https://learn.microsoft.com/azure/aks/use-labels#reserved-prefixes
 */
export function poolLabelProblem(key: string): string | undefined {
  if (!isLabelKey(key)) {
    return "must be at most 63 letters, digits, - _ and ., with or without a prefix, such as team or example.com/team";
  }
  return /^(kubernetes\.azure\.com|kubernetes\.io)\//.test(key)
    ? "has a prefix that AKS reserves; choose another, such as example.com/team"
    : undefined;
}
