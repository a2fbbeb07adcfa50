import type { Manifest } from "../manifests/manifest.ts";
import { judgeStack } from "../policy/engine/judgeStack.ts";
import type { StackNode } from "../policy/engine/completeStack.ts";
import type { Verdict } from "../policy/engine/judgeStack.ts";
import { meshModel } from "../policy/model/meshModel.ts";
import { rules } from "../policy/rules.ts";
import { Appliers } from "./appliers.ts";
import { resourcesFor, stackOf } from "./resources.ts";
import type { Judged } from "./resources.ts";

/** The objects that were judged, and the verdicts about them. */
export interface Checked {
  readonly judged: readonly Judged[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Judges the objects of one or more clusters. A verdict about an object that several clusters share, or about one from
 * the same place, is given once.
 *
 * @param clusters the objects of each cluster
 * @param configOf the configuration of a policy; undefined if it is disabled
 * @param context the resources of a plan that every cluster belongs to; they are known to the rules, but not judged
 */
export function check(
  clusters: readonly (readonly Manifest[])[],
  configOf: (policy: string) => object | undefined,
  context: readonly StackNode[] = [],
): Checked {
  const judged = resourcesFor([...new Set(clusters.flat())]);
  const byManifest = new Map(judged.map((one) => [one.manifest, one]));
  const places = new Map(
    judged.map(({ manifest: { origin }, node }) => [node.urn, JSON.stringify(origin.at([]))]),
  );
  const appliers = new Appliers(judged, places);
  const verdicts = new Map<string, Verdict>();
  for (const cluster of clusters) {
    const nodes = stackOf(cluster.flatMap((manifest) => byManifest.get(manifest) ?? []));
    const urns = new Set(nodes.map(({ urn }) => urn));
    const all = [...context, ...nodes];
    for (const verdict of judgeStack(rules, meshModel, all, urns, configOf)) {
      const { policy, resource, outcome, label, text } = verdict;
      // What cannot be judged in the plan itself is the matter of its preview.
      if (!urns.has(resource.urn)) continue;
      const key = JSON.stringify([policy, places.get(resource.urn), outcome, label, text]);
      if (!verdicts.has(key)) verdicts.set(key, verdict);
      appliers.concern(key, resource.urn);
    }
  }
  const named = [...verdicts].map(([key, verdict]) => {
    const only = appliers.onlyOf(key, verdict.resource.urn);
    if (only.length === 0) return verdict;
    return { ...verdict, text: `${verdict.text} Applied by ${only.join(" and ")}.` };
  });
  return { judged, verdicts: named };
}
