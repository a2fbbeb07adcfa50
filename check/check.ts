import type { Manifest } from "../manifests/manifest.ts";
import { judgeStack } from "../policy/engine/judgeStack.ts";
import type { Verdict } from "../policy/engine/judgeStack.ts";
import { meshModel } from "../policy/model/meshModel.ts";
import { rules } from "../policy/rules.ts";
import { resourcesFor } from "./resources.ts";
import type { Judged } from "./resources.ts";

/** The objects that were judged, and the verdicts about them. */
export interface Checked {
  readonly judged: readonly Judged[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Judges the objects of one or more clusters. A verdict about an object that several clusters share is given once.
 *
 * @param clusters the objects of each cluster
 * @param configOf the configuration of a policy; undefined if it is disabled
 */
export function check(
  clusters: readonly (readonly Manifest[])[],
  configOf: (policy: string) => object | undefined,
): Checked {
  const judged = resourcesFor([...new Set(clusters.flat())]);
  const nodes = new Map(judged.map(({ manifest, node }) => [manifest, node]));
  const verdicts = new Map<string, Verdict>();
  for (const cluster of clusters) {
    const own = cluster.flatMap((manifest) => nodes.get(manifest) ?? []);
    const urns = new Set(own.map(({ urn }) => urn));
    for (const verdict of judgeStack(rules, meshModel, own, urns, configOf)) {
      const { policy, resource, outcome, label, text } = verdict;
      verdicts.set(JSON.stringify([policy, resource.urn, outcome, label, text]), verdict);
    }
  }
  return { judged, verdicts: [...verdicts.values()] };
}
