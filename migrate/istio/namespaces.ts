import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { DATAPLANE_MODE_LABEL, LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import { REMOVED, blocker, change, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

const LABELS = ["metadata", "labels"] as const;
const WAYPOINT_LABEL = "istio.io/use-waypoint";

/** Whether a revision of the add-on, or a variable that stands for one, is written. */
export function isTarget(value: string): boolean {
  return isMeshRevision(value) || value.includes("${");
}

/** Whether the labels of a namespace bring its pods into a mesh: the own one, or the add-on's. */
export function joinsMesh(labels: unknown): boolean {
  if (!isRecord(labels)) return false;
  const legacy = labels[LEGACY_INJECTION_LABEL];
  if (legacy !== undefined) return legacy === "enabled";
  return typeof labels[REVISION_LABEL] === "string" || labels[DATAPLANE_MODE_LABEL] === "ambient";
}

/** What becomes of the labels with which a namespace joins the own mesh. */
export function namespaceLabelFindings(
  { kind, object }: Manifest,
  { revision }: World,
): readonly Finding[] {
  if (kind !== "Namespace") return [];
  const labels = valueAt(object, ...LABELS);
  if (!isRecord(labels)) return [];
  const legacy = labels[LEGACY_INJECTION_LABEL];
  const current = labels[REVISION_LABEL];
  const ambient = labels[DATAPLANE_MODE_LABEL] === "ambient";
  const at = (label: string) => [...LABELS, label];
  const pair = (label: string, value: unknown) => `${label}: ${String(value)}`;
  const findings: Finding[] = [];
  const become = (label: string, value: unknown, why: string) => {
    findings.push(
      change(at(label), [pair(label, value), pair(REVISION_LABEL, revision)], why, [
        { do: "rename", path: at(label), to: REVISION_LABEL },
        { do: "set", path: at(REVISION_LABEL), to: revision },
      ]),
    );
  };
  const remove = (label: string, why: string) => {
    findings.push(
      change(at(label), [pair(label, labels[label]), REMOVED], why, [
        { do: "remove", path: at(label) },
      ]),
    );
  };

  if (typeof current === "string" && !isTarget(current)) {
    findings.push(
      set(at(REVISION_LABEL), current, revision, "The add-on does not have this revision or tag."),
    );
  }
  if (legacy === "enabled") {
    const why = "The add-on injects only by revision, and skips a namespace with the old label.";
    if (current === undefined) become(LEGACY_INJECTION_LABEL, legacy, why);
    else remove(LEGACY_INJECTION_LABEL, why);
  } else if (String(legacy).includes("${")) {
    findings.push(
      blocker(
        at(LEGACY_INJECTION_LABEL),
        "Flux replaces the variable, so whether the pods have sidecars is not known. The add-on skips a namespace with the label.",
        `Write ${REVISION_LABEL} with the revision of the add-on if they have, and remove the label.`,
      ),
    );
  } else if (legacy !== undefined && current !== undefined) {
    findings.push(
      blocker(
        at(LEGACY_INJECTION_LABEL),
        "Both labels are set, and the add-on skips a namespace with istio-injection.",
        "Remove one of them: istio-injection if the pods should have sidecars, otherwise istio.io/rev.",
      ),
    );
  }
  if (ambient) {
    const why = "The add-on does not support ambient mode. The pods get sidecars.";
    const joined = current !== undefined || legacy !== undefined;
    if (joined) remove(DATAPLANE_MODE_LABEL, why);
    else become(DATAPLANE_MODE_LABEL, "ambient", why);
  }
  const waypoint = labels[WAYPOINT_LABEL];
  if (waypoint !== undefined && waypoint !== "none") {
    remove(WAYPOINT_LABEL, "The add-on has no waypoints. Sidecars apply layer 7 policies.");
  }
  if (labels["topology.istio.io/network"] !== undefined) {
    findings.push(
      note(
        at("topology.istio.io/network"),
        "It names a network of a mesh with several, which the add-on does not support.",
        "Remove it.",
      ),
    );
  }
  return findings;
}
