import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { DATAPLANE_MODE_LABEL, LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import { textAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { templatePath } from "./kinds.ts";
import { isTarget } from "./namespaces.ts";

/** A place that names a label by which the own mesh injects. */
export interface Mark {
  readonly at: KeyPath;
  readonly label: string;
  /** The revision or tag that the label has there; undefined for another label, or inside of a text. */
  readonly revision?: string;
}

/**
 * The labels by which the own mesh injects, wherever an object names them: in selectors, in values of charts, in labels
 * that Kustomize or Flux adds, in pods of any kind, and in texts such as patches. They end with the own mesh, and what
 * still names them silently selects nothing, or leaves pods without sidecars.
 */
export function injectionMarks(value: unknown, at: KeyPath = []): readonly Mark[] {
  if (typeof value === "string") return inText(value, at);
  if (Array.isArray(value)) {
    return (value as readonly unknown[]).flatMap((item, index) =>
      injectionMarks(item, [...at, index]),
    );
  }
  if (!isRecord(value) || namesTarget(value)) return [];
  return Object.entries(value).flatMap(([key, below]): readonly Mark[] => {
    const place = [...at, key];
    if (key === LEGACY_INJECTION_LABEL && typeof below === "string") {
      return [{ at: place, label: key }];
    }
    if (key === DATAPLANE_MODE_LABEL) return below === "ambient" ? [{ at: place, label: key }] : [];
    if (key !== REVISION_LABEL) return injectionMarks(below, place);
    if (typeof below !== "string" || isTarget(below)) return [];
    return [{ at: place, label: key, revision: below }];
  });
}

/** Whether a selector, or an operation of a JSON patch, is about the label with a revision of the add-on, or any value. */
function namesTarget(value: Readonly<Record<string, unknown>>): boolean {
  const { key, operator, values = [], path } = value;
  if (key === REVISION_LABEL && typeof operator === "string") {
    return Array.isArray(values) && values.map(String).every(isTarget);
  }
  const isOperation = typeof path === "string" && path.endsWith("/istio.io~1rev");
  return isOperation && isTarget(textAt(value, "value") ?? "");
}

/** Slashes are escaped in the paths of JSON patches. */
const IN_TEXT = /(?<![\w-])(istio-injection|istio\.io(?:~1|\/)(?:rev|dataplane-mode))(?![\w-])/g;

/** A revision of the add-on, or a variable that stands for one. */
const ANY_TARGET = /\basm-\d+-\d+\b|\$\{/;

function inText(text: string, at: KeyPath): readonly Mark[] {
  const labels = [...text.matchAll(IN_TEXT)].map(([label]) => label.replace("~1", "/"));
  // A text is not taken apart: one that names a revision of the add-on is taken to be about that.
  const named = labels.find((label) => label !== REVISION_LABEL || !ANY_TARGET.test(text));
  return named === undefined ? [] : [{ at, label: named }];
}

/** What becomes of such places that nothing else is said about. */
export function injectionMarkFindings(manifest: Manifest, revision: string): readonly Finding[] {
  if (manifest.kind === "CustomResourceDefinition") return [];
  return injectionMarks(manifest.object)
    .filter((mark) => !isJudgedElsewhere(mark, manifest))
    .map((mark) => findingOf(mark, revision));
}

/** Of a MeshConfig, which is written anew. */
export function configMarkFindings(config: unknown, at: KeyPath): readonly Finding[] {
  return injectionMarks(config, at).map((mark) => blockerOf(mark));
}

function findingOf(mark: Mark, revision: string): Finding {
  if (mark.revision === undefined) return blockerOf(mark);
  const why = "The add-on does not have this revision or tag.";
  return set(mark.at, mark.revision, revision, why);
}

function blockerOf(mark: Mark): Finding {
  const { message, fix } = adviceOn(mark);
  return blocker(mark.at, message, fix);
}

/** What is said of a place that no edit changes. */
export function adviceOn({ label }: Mark): { readonly message: string; readonly fix: string } {
  return label === REVISION_LABEL
    ? {
        message: `It is about ${label}, and names no revision of the add-on. It was not edited.`,
        fix: "Name the revision of the add-on, or remove what is about the label.",
      }
    : {
        message: `It is about the label ${label}, by which only the own Istio injects. It was not edited.`,
        fix: `Name ${REVISION_LABEL} with the revision of the add-on instead, or remove what is about the label.`,
      };
}

/** Whether a place says nothing to Istio, or is one that other judgements read. */
function isJudgedElsewhere({ at, label }: Mark, manifest: Manifest): boolean {
  const [top, field] = at;
  if (top === "status") return true;
  if (top === "metadata" && field !== "labels") return true;
  const isOwnLabel = (path: KeyPath) =>
    at.length === path.length + 3 &&
    [...path, "metadata", "labels"].every((step, index) => at[index] === step);
  const template = templatePath(manifest);
  if (template !== undefined && isOwnLabel(template)) return true;
  if (!isOwnLabel([])) return false;
  // Only namespaces are injected by this label, and the labels of namespaces are judged.
  return manifest.kind === "Namespace" || label !== REVISION_LABEL;
}
