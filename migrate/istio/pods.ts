import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { DATAPLANE_MODE_LABEL, REVISION_LABEL, SIDECAR_INJECT_LABEL } from "../../mesh/names.ts";
import { proxyConfigFields } from "../../mesh/meshConfigFields.ts";
import type { SupportLevel } from "../../mesh/meshConfigFields.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, change, note, set } from "./finding.ts";
import type { Edit, Finding } from "./finding.ts";
import { templatePath } from "./kinds.ts";
import { isTarget } from "./namespaces.ts";
import type { World } from "./world.ts";
import { yamlValue } from "./yamlValue.ts";

export const PROXY_CONFIG = "proxy.istio.io/config";
const DISCOVERY_ADDRESS = "discoveryAddress";
const BOOTSTRAP = "sidecar.istio.io/bootstrapOverride";
const PROXY_IMAGE = "sidecar.istio.io/proxyImage";

/** What becomes of the labels and annotations with which pods ask for sidecars, and configure them. */
export function podFindings(manifest: Manifest, world: World): readonly Finding[] {
  const template = templatePath(manifest);
  if (template === undefined) return [];
  const metadata: KeyPath = [...template, "metadata"];
  const labels = valueAt(manifest.object, ...metadata, "labels");
  const annotations = valueAt(manifest.object, ...metadata, "annotations");
  return [
    ...(isRecord(labels) ? labelFindings(manifest, labels, [...metadata, "labels"], world) : []),
    ...(isRecord(annotations) ? annotationFindings(annotations, [...metadata, "annotations"]) : []),
  ];
}

function labelFindings(
  manifest: Manifest,
  labels: Readonly<Record<string, unknown>>,
  at: KeyPath,
  world: World,
): readonly Finding[] {
  const { revision } = world;
  const current = labels[REVISION_LABEL];
  const findings: Finding[] = [];
  if (typeof current === "string" && !isTarget(current)) {
    findings.push(
      set(
        [...at, REVISION_LABEL],
        current,
        revision,
        "The add-on does not have this revision or tag.",
      ),
    );
  }
  if (labels[DATAPLANE_MODE_LABEL] === "ambient") {
    findings.push(
      blocker(
        [...at, DATAPLANE_MODE_LABEL],
        "The add-on does not support ambient mode.",
        `Remove the label, and set ${REVISION_LABEL} on the namespace.`,
      ),
    );
  }
  if (String(labels[SIDECAR_INJECT_LABEL]) !== "true" || current !== undefined) return findings;
  const place = [...at, SIDECAR_INJECT_LABEL];
  const joins = world.joinsMesh(world.namespaceOf(manifest));
  if (joins === true) return findings;
  if (joins === undefined) {
    return [
      ...findings,
      note(
        place,
        "The label selects no revision, so it injects only in a namespace with the label of one, and no manifest shows the namespace.",
        `Set ${REVISION_LABEL} on the namespace.`,
      ),
    ];
  }
  const edit: Edit = {
    do: "add",
    path: [...at, REVISION_LABEL],
    after: SIDECAR_INJECT_LABEL,
    to: revision,
  };
  return [
    ...findings,
    change(
      place,
      ["no revision", `${REVISION_LABEL}: ${revision}`],
      "The namespace is outside of the mesh, and the add-on injects a pod only by its revision.",
      [edit],
    ),
  ];
}

function annotationFindings(
  annotations: Readonly<Record<string, unknown>>,
  at: KeyPath,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (annotations[BOOTSTRAP] !== undefined) {
    findings.push(
      note(
        [...at, BOOTSTRAP],
        "It changes the bootstrap of the proxy, which depends on its version. Microsoft does not support what comes of it.",
        "Compare it with the bootstrap of the revision.",
      ),
    );
  }
  if (annotations[PROXY_IMAGE] !== undefined) {
    findings.push(
      blocker(
        [...at, PROXY_IMAGE],
        "It names an image of the proxy, which must be the one of the revision.",
        "Remove it.",
      ),
    );
  }
  const config = yamlValue(textAt(annotations, PROXY_CONFIG) ?? "");
  if (!isRecord(config)) return findings;
  const levels: Readonly<Record<string, SupportLevel>> = proxyConfigFields;
  if (config[DISCOVERY_ADDRESS] !== undefined) {
    findings.push(
      blocker(
        [...at, PROXY_CONFIG],
        `It sets ${DISCOVERY_ADDRESS}, and sidecars get their configuration from the add-on's control plane.`,
        "Remove it.",
      ),
    );
  }
  const fields = Object.keys(config).filter(
    (field) => field !== DISCOVERY_ADDRESS && levels[field] !== "supported",
  );
  if (fields.length > 0) {
    findings.push(
      note(
        [...at, PROXY_CONFIG],
        `Microsoft does not support problems that ${fields.join(", ")} of the proxy's configuration cause.`,
      ),
    );
  }
  return findings;
}
