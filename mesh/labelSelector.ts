/** A label selector of Kubernetes, as objects have it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** A requirement on one label. Its operator is `In`, `NotIn`, `Exists` or `DoesNotExist`. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/**
 * Whether a selector selects an object with the given labels. All requirements must be met, so an empty selector selects
 * everything.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function selects(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return unmetRequirement(selector, labels) === undefined;
}

/** The first requirement that labels do not meet, such as `istio.io/rev In (asm-1-30)`; undefined if they meet all. */
export function unmetRequirement(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const requirements = [
    ...Object.entries(matchLabels).map(([key, value]): LabelRequirement => ({
      key,
      operator: "In",
      values: [value],
    })),
    ...matchExpressions,
  ];
  const unmet = requirements.find((requirement) => !meets(labels, requirement));
  if (unmet === undefined) return undefined;
  const { key, operator, values = [] } = unmet;
  return `${key} ${operator}${values.length === 0 ? "" : ` (${values.join(", ")})`}`;
}

function meets(
  labels: Readonly<Record<string, string>>,
  { key, operator, values = [] }: LabelRequirement,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      // Also met by an object without the label.
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // The API server accepts no other.
      return false;
  }
}
