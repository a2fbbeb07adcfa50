import { findAll, named } from "./json.ts";
import type { Json } from "./json.ts";

/** The part of Envoy's configuration that istiod pushes, in the shape of Envoy's own `config_dump`. */
export interface PushedConfiguration {
  readonly listeners: readonly unknown[];
  readonly routes: readonly unknown[];
  readonly clusters: readonly unknown[];
}

/** Filter chains on the inbound port of a proxy that do not require TLS. */
export function plainTextChains({ listeners }: PushedConfiguration): unknown[] {
  const inbound = named(listeners, "virtualInbound") as
    { filterChains: { transportSocket?: unknown; filterChainMatch?: Json }[] } | undefined;
  return (inbound?.filterChains ?? []).filter(
    ({ filterChainMatch, transportSocket }) =>
      transportSocket === undefined && filterChainMatch?.["transportProtocol"] === "raw_buffer",
  );
}

/** Clusters that routes refer to but that do not exist: requests for them get a 503. */
export function missingClusters({ routes, clusters }: PushedConfiguration): string[] {
  const wanted = findAll(routes, ({ cluster }) => typeof cluster === "string");
  return wanted
    .map(({ cluster }) => String(cluster))
    .filter((name) => named(clusters, name) === undefined);
}
