import type { RouteMatch } from "./routes.ts";

/**
 * A match as the condition of a VirtualService, which has regular expressions of the same syntax.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export function matchConditions({ path, methods, headers }: RouteMatch): object {
  const { host, ...others } = headers;
  const names = Object.entries(others).map(([name, regex]) => [name, { regex }] as const);
  return {
    ...(path === undefined ? {} : { uri: { regex: path } }),
    ...(methods.length === 0 ? {} : { method: methodsMatch(methods) }),
    ...(host === undefined ? {} : { authority: { regex: host } }),
    ...(names.length === 0 ? {} : { headers: Object.fromEntries(names) }),
  };
}

function methodsMatch(methods: readonly string[]): object {
  const [only, ...more] = methods;
  return more.length === 0 ? { exact: only } : { regex: methods.join("|") };
}
