import { headerPatterns, pathPatterns } from "./patterns.ts";
import type { RouteMatch } from "./routes.ts";

/** The conditions of an AuthorizationPolicy's rule for a match of an HTTPRouteGroup. */
export interface RequestRule {
  readonly operation: { readonly methods?: readonly string[]; readonly paths?: readonly string[] };
  readonly when: readonly { readonly key: string; readonly values: readonly string[] }[];
  /** Whether it matches less than the original. */
  readonly isNarrower: boolean;
}

/**
 * The conditions, or why they cannot be said, as a sentence. An AuthorizationPolicy has no regular expressions.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export function requestRuleOf({ path, methods, headers }: RouteMatch): RequestRule | string {
  const odd = methods.find((method) => !/^[A-Z]+$/.test(method));
  if (odd !== undefined) return `Its method ${JSON.stringify(odd)} is not the name of a method.`;
  const paths = pathPatterns(path ?? ".*");
  if (paths === undefined) {
    return `Its pathRegex ${JSON.stringify(path)} is neither a list of fixed texts nor a prefix, a suffix or a template of a path.`;
  }
  const conditions = Object.entries(headers).map(([name, expression]) => ({
    // `hosts` would ignore case. A request of HTTP/2 has this in place of the header.
    name: name === "host" ? ":authority" : name,
    expression,
    patterns: headerPatterns(expression),
  }));
  const unsaid = conditions.find(({ patterns }) => patterns === undefined);
  if (unsaid !== undefined) {
    return `Its expression ${JSON.stringify(unsaid.expression)} for the header ${unsaid.name} is neither a list of fixed texts nor a prefix or a suffix.`;
  }
  const known = conditions.flatMap(({ name, patterns }) =>
    patterns === undefined ? [] : [{ name, ...patterns }],
  );
  return {
    operation: {
      ...(methods.length === 0 ? {} : { methods: [...new Set(methods)] }),
      ...(paths.values.length === 0 ? {} : { paths: paths.values }),
    },
    when: known.map(({ name, values }) => ({ key: `request.headers[${name}]`, values })),
    isNarrower: paths.isNarrower || known.some(({ isNarrower }) => isNarrower),
  };
}
