import type { Manifest } from "../../manifests/manifest.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { shown } from "../../yaml/place.ts";
import { subjectOf } from "../report.ts";
import { REMOVED } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Entry } from "./report.ts";
import { ownVersion } from "./versions.ts";

/** What is said of a place of an object. */
export function entryOf(manifest: Manifest, { outcome, at, message, fix, change }: Finding): Entry {
  return {
    outcome,
    subject: subjectOf(manifest),
    place: manifest.origin.at(at),
    field: shown(at),
    message,
    ...(fix === undefined ? {} : { fix }),
    ...change,
  };
}

/** One entry for the same note about several objects of a file, and for several that end for the same reason. */
export function withoutRepetitions(entries: readonly Entry[]): readonly Entry[] {
  const first = new Map<string, Entry>();
  const others = new Map<string, number>();
  const kept = entries.filter((entry) => {
    if (entry.outcome !== "note" && entry.after !== REMOVED) return true;
    const key = JSON.stringify([entry.place?.file ?? "", entry.message, entry.fix, entry.after]);
    const known = first.get(key);
    if (known === undefined) first.set(key, entry);
    else if (known.subject !== entry.subject) others.set(key, (others.get(key) ?? 0) + 1);
    return known === undefined;
  });
  const counts = new Map([...first].map(([key, entry]) => [entry, others.get(key) ?? 0] as const));
  return kept.map((entry) => {
    const count = counts.get(entry) ?? 0;
    return count === 0 ? entry : { ...entry, subject: `${entry.subject} and ${count} more` };
  });
}

/**
 * What is said if the own Istio has another minor version than the revision.
 *
 * @see https://learn.microsoft.com/azure/aks/migration-from-open-source-istio-to-addon#create-the-target-cluster
 */
export function versionEntries(manifests: readonly Manifest[], revision: string): readonly Entry[] {
  if (!isMeshRevision(revision)) return [];
  const target = revision.replace(/^asm-(\d+)-(\d+)$/, "$1.$2");
  const found = new Map(
    manifests.flatMap((manifest) => {
      const version = ownVersion(manifest);
      return version === undefined || version === target ? [] : [[version, manifest] as const];
    }),
  );
  return [...found].map(([version, manifest]) =>
    entryOf(manifest, {
      outcome: "note",
      at: [],
      message: `The self-installed Istio is ${version}, and ${revision} is Istio ${target}. Microsoft's guide wants the same minor version on both sides.`,
      fix: "Upgrade the own Istio first, or read the upgrade notes of every release in between.",
      edits: [],
    }),
  );
}
