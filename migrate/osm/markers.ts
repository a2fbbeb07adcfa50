import type { Labels } from "./workloads.ts";

/** Labels and annotations of Open Service Mesh. */
export const OSM_PREFIX = "openservicemesh.io/";

/**
 * The annotation of a namespace or a pod that says whether it gets a sidecar.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/app_onboarding/sidecar_injection/
 */
const INJECTION = `${OSM_PREFIX}sidecar-injection`;

/** The label of a namespace that OSM leaves alone. */
const IGNORE = `${OSM_PREFIX}ignore`;

/** Whether annotations say that there is a sidecar; undefined if they say nothing. */
export function injectionIn(annotations: Labels): boolean | undefined {
  const value = annotations[INJECTION]?.toLowerCase();
  if (value === undefined) return undefined;
  return ["enabled", "yes", "true"].includes(value);
}

export function isIgnored(labels: Labels): boolean {
  return IGNORE in labels;
}

/** The keys of OSM among labels or annotations. */
export function osmKeys(texts: Labels): readonly string[] {
  return Object.keys(texts).filter((key) => key.startsWith(OSM_PREFIX));
}

/** The texts without those of OSM. */
export function withoutOsm(texts: Labels): Labels {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !key.startsWith(OSM_PREFIX)));
}
