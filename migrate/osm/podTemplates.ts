import { REVISION_LABEL, SIDECAR_INJECT_LABEL } from "../../mesh/names.ts";
import { listAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Translation } from "../report.ts";
import { cleaned, withTexts, without } from "./changed.ts";
import { OSM_PREFIX, osmKeys, withoutOsm } from "./markers.ts";
import { injectionOf, isInjected } from "./membership.ts";
import type { OsmMesh } from "./osmMesh.ts";
import type { Labels, Workload } from "./workloads.ts";

/**
 * Annotations of pods about traffic that bypasses the sidecar: OSM's, the field of its MeshConfig that concerns all pods,
 * and Istio's.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/traffic_management/iptables_redirection/
 * @see https://istio.io/latest/docs/reference/config/annotations/
 */
const BYPASSES = [
  ["outbound-port-exclusion-list", "outboundPortExclusionList", "excludeOutboundPorts"],
  ["inbound-port-exclusion-list", "inboundPortExclusionList", "excludeInboundPorts"],
  ["outbound-ip-range-exclusion-list", "outboundIPRangeExclusionList", "excludeOutboundIPRanges"],
  ["outbound-ip-range-inclusion-list", "outboundIPRangeInclusionList", "includeOutboundIPRanges"],
] as const;

const BYPASS_PREFIX = "traffic.sidecar.istio.io/";

const KNOWN = ["sidecar-injection", "metrics", ...BYPASSES.map(([annotation]) => annotation)];

/** The workloads with Istio's labels and annotations in place of OSM's. */
export function podTemplatesOf(mesh: OsmMesh): Translation {
  const all = mesh.workloads.flatMap((workload): readonly Translation[] => {
    const { manifest, template, labels, annotations } = workload;
    const injected = isInjected(mesh, workload);
    const bypasses = injected ? bypassesOf(mesh, annotations) : {};
    const refusals = injected ? refusalsOf(labels, annotations) : [];
    const ownBypasses = injected ? osmIgnoredBypasses(annotations) : [];
    const optOut = optsOut(mesh, workload) ? { [SIDECAR_INJECT_LABEL]: "false" } : {};
    const marks = [...osmKeys(labels), ...osmKeys(annotations)];
    const changes = [...marks, ...refusals, ...ownBypasses, ...Object.keys(bypasses)];
    if (changes.length + Object.keys(optOut).length === 0) return [];
    const metadata = [...template, "metadata"];
    const object = withTexts(
      withTexts(cleaned(manifest), [...metadata, "labels"], {
        ...kept(labels, refusals),
        ...optOut,
      }),
      [...metadata, "annotations"],
      { ...kept(annotations, refusals), ...bypasses },
    );
    const set = Object.entries({ ...bypasses, ...optOut }).map(
      ([key, value]) => `${key}: ${JSON.stringify(value)}`,
    );
    const unknown = marks.filter((key) => !KNOWN.includes(key.slice(OSM_PREFIX.length)));
    const removed = marks.filter((key) => !unknown.includes(key));
    const said = [
      ...(removed.length === 0 ? [] : [`Its pods lose ${removed.join(" and ")}.`]),
      ...(set.length === 0 ? [] : [`Its pods get ${set.join(" and ")}.`]),
      ...refusals.map(
        (key) =>
          `Its pods lose ${key}, which OSM ignored, and with which Istio would give them no sidecar.`,
      ),
      ...ownBypasses.map(
        (key) => `OSM ignored ${key}, with which traffic bypasses the sidecar of Istio.`,
      ),
      ...unknown.map((key) => `What ${key} does is not known, and Istio does not read it.`),
    ];
    const isJob = manifest.kind === "Job";
    if (isJob) said.push("The API server refuses to change the pods of a Job.");
    const fixes = [
      ...(unknown.length > 0 ? ["Find out what reads it."] : []),
      ...(ownBypasses.length > 0 ? ["Remove it, unless the traffic may bypass the mesh."] : []),
      ...(isJob
        ? ["Delete the Job before you apply the new one, or remove its new file if it is done."]
        : []),
    ];
    const entry = entryOf(
      manifest,
      fixes.length > 0 ? "untranslated" : "translated",
      said.join(" "),
      {
        becomes: [object],
        steps: [...metadata, "annotations"],
        ...(fixes.length > 0 ? { fix: fixes.join(" ") } : {}),
      },
    );
    return [{ objects: [object], entries: [entry] }];
  });
  return {
    objects: all.flatMap(({ objects }) => objects),
    entries: all.flatMap(({ entries }) => entries),
  };
}

/** The texts without those of OSM and some of Istio. */
function kept(texts: Labels, refusals: readonly string[]): Labels {
  return without(withoutOsm(texts), refusals) as Labels;
}

/** Istio's marks with which pods would not get the sidecar that OSM gave them. */
function refusalsOf(labels: Labels, annotations: Labels): readonly string[] {
  const said = [labels[SIDECAR_INJECT_LABEL], annotations[SIDECAR_INJECT_LABEL]];
  const refuses = said.some((value) => value !== undefined && value !== "true");
  return [
    ...(refuses ? [SIDECAR_INJECT_LABEL] : []),
    ...(REVISION_LABEL in labels ? [REVISION_LABEL] : []),
  ];
}

/** Istio's annotations about traffic that bypasses the sidecar. */
function osmIgnoredBypasses(annotations: Labels): readonly string[] {
  return Object.keys(annotations).filter((key) => key.startsWith(BYPASS_PREFIX));
}

/** Whether the label of the namespace would give pods a sidecar that OSM does not. */
function optsOut(mesh: OsmMesh, workload: Workload): boolean {
  if (workload.hostNetwork) return false;
  return injectionOf(mesh, workload.namespace) !== "none" && !isInjected(mesh, workload);
}

/** OSM joins the values of the mesh and those of the pod. */
function bypassesOf(mesh: OsmMesh, annotations: Labels): Labels {
  const spec = (field: string) => listAt(mesh.config?.object, "spec", "traffic", field).map(String);
  return Object.fromEntries(
    BYPASSES.flatMap(([annotation, field, istio]) => {
      const own = annotations[OSM_PREFIX + annotation]?.split(",") ?? [];
      const values = [...new Set([...spec(field), ...own.map((one) => one.trim())])].filter(
        (one) => one !== "",
      );
      return values.length === 0 ? [] : [[`${BYPASS_PREFIX}${istio}`, values.join(",")]];
    }),
  );
}
