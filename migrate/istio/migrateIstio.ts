import { posix } from "node:path";
import type { Manifest } from "../../manifests/manifest.ts";
import { editedFiles, endedFiles } from "./editedFiles.ts";
import type { Judged } from "./editedFiles.ts";
import { entryOf, versionEntries, withoutRepetitions } from "./entries.ts";
import { REMOVED } from "./finding.ts";
import type { Finding } from "./finding.ts";
import {
  isEmptyWithout,
  isKustomization,
  kustomizationFindings,
  referencesOf,
} from "./kustomize.ts";
import { kindlessEntries } from "./kindlessDocuments.ts";
import { directoriesOf, filesOf, normalizedFile, unfollowedFindings } from "./kustomizeTree.ts";
import type { Directories } from "./kustomizeTree.ts";
import { judged } from "./judge.ts";
import { subjectOf } from "../report.ts";
import type { MigrationReport } from "./report.ts";
import { addonNamespace } from "./rootNamespace.ts";
import { worldOf } from "./scene.ts";
import type { Target } from "./scene.ts";
import { signsCertificates } from "./trust.ts";
import { isLeft } from "./world.ts";
import type { World } from "./world.ts";

export interface Migration extends MigrationReport {
  /** The new texts of the files that change; undefined for a file of which nothing remains. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Own gateways that nothing maps to one of the add-on's, with an object that refers to each. */
  readonly undecided: ReadonlyMap<string, Manifest>;
}

/**
 * What stands in the way of the add-on, and the manifests as it needs them.
 *
 * @param texts of the files, by the names that the origins of the objects have
 */
export function migrateIstio(
  manifests: readonly Manifest[],
  texts: ReadonlyMap<string, string>,
  target: Target,
): Migration {
  const world = worldOf(manifests, target);
  const kustomizations = manifests.filter(isKustomization);
  const directories = directoriesOf(kustomizations);
  const read = new Set([...texts.keys()].map((file) => posix.normalize(file)));
  const objects = judged(
    manifests.filter((one) => !isKustomization(one)),
    world,
  );
  const { files, failed } = editedFiles(texts, objects);
  const ended = new Set(endedFiles(files));
  const ofKustomize = settledKustomizations(kustomizations, ended, (one) =>
    kustomizationFindings(one, ended, targetsOf(one, directories, objects, world), target.revision),
  );
  const edited = editedFiles(texts, ofKustomize);
  for (const [file, text] of edited.files) {
    if (!ended.has(file)) files.set(file, text);
  }
  for (const file of ended) if (texts.has(file)) files.set(file, undefined);
  const unfollowed = kustomizations.map((manifest) => ({
    manifest,
    findings: unfollowedFindings(
      manifest,
      directories,
      read,
      isLeft(world.namespaceOf(manifest) ?? "", world),
    ),
  }));
  const all = [...objects, ...ofKustomize];
  const entries = [
    ...withoutRepetitions(
      [...all, ...unfollowed].flatMap(({ manifest, findings }) =>
        findings.map((finding) => entryOf(manifest, finding)),
      ),
    ),
    ...[...failed, ...edited.failed],
    ...kindlessEntries(texts),
    ...versionEntries(manifests, target.revision),
  ];
  return {
    entries,
    untouched: all.filter(({ findings }) => findings.length === 0).length,
    circumstances: {
      revision: target.revision,
      roots: world.roots,
      out: target.out,
      gateways: world.gateways.used,
      hasKustomize: kustomizations.length > 0,
      hasMeshConfig: world.hasMeshConfig,
      hasOwnCa: manifests.some(signsCertificates),
    },
    files,
    undecided: world.gateways.undecided,
  };
}

/** The Kustomize files, judged until no more of them ends with what it names. */
function settledKustomizations(
  kustomizations: readonly Manifest[],
  ended: Set<string>,
  findingsOf: (kustomization: Manifest) => readonly Finding[],
): readonly Judged[] {
  for (;;) {
    const more = kustomizations
      .filter(({ origin }) => !ended.has(origin.file))
      .filter((one) => {
        const gone = referencesOf(one).filter(
          ({ at, path }) => !String(at[0]).startsWith("patches") && ended.has(path),
        );
        return gone.length > 0 && isEmptyWithout(one, gone.length);
      });
    if (more.length === 0) break;
    for (const { origin } of more) {
      ended.add(origin.file);
      ended.add(origin.file.slice(0, Math.max(0, origin.file.lastIndexOf("/"))) || ".");
    }
  }
  return kustomizations.map((manifest) => ({
    manifest,
    findings: ended.has(manifest.origin.file)
      ? [
          {
            outcome: "change",
            at: [],
            message: "Nothing remains of what it names.",
            change: { before: subjectOf(manifest), after: REMOVED },
            edits: [],
          },
        ]
      : findingsOf(manifest),
  }));
}

const OF_THE_CLUSTER = /^(?:Namespace|Cluster.*|CustomResourceDefinition|GatewayClass)$/;

/** The namespaces of the add-on for the objects of a Kustomize file that sets one of the own Istio. */
function targetsOf(
  kustomization: Manifest,
  directories: Directories,
  objects: readonly Judged[],
  world: World,
): readonly (string | undefined)[] {
  const namespace = kustomization.object["namespace"];
  if (typeof namespace !== "string" || !isLeft(namespace, world)) return [];
  const files = filesOf(kustomization, directories);
  return objects
    .filter(({ manifest, findings }) => files.has(normalizedFile(manifest)) && !isDropped(findings))
    .filter(({ manifest }) => !OF_THE_CLUSTER.test(manifest.kind))
    .map(({ manifest }) => addonNamespace(manifest, world, namespace));
}

export function isDropped(findings: readonly Finding[]): boolean {
  return findings.some(({ edits }) => edits.some((edit) => edit.do === "object"));
}
