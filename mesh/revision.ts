/**
 * A revision of the mesh add-on, named `asm-<major>-<minor>` after its Istio release: `asm-1-30` is Istio 1.30. Patch
 * releases have no names.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export type MeshRevision = `asm-${number}-${number}`;

/** With at most four digits per number, a revision fits into label values and resource names. */
const GRAMMAR = /^asm-(0|[1-9]\d{0,3})-(0|[1-9]\d{0,3})$/;

/**
 * Whether the text has the form of a revision. The revision need not exist.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function isMeshRevision(text: string): text is MeshRevision {
  return GRAMMAR.test(text);
}

/**
 * Orders revisions by age: negative if `a` is older than `b`, 0 if they are equal. Segments compare as numbers, because
 * as text `asm-1-9` would follow `asm-1-29`.
 *
 * @see https://github.com/Azure/azure-cli-extensions/issues/6775
 */
export function compareRevisions(a: MeshRevision, b: MeshRevision): number {
  const [majorA, minorA] = segments(a);
  const [majorB, minorB] = segments(b);
  return Math.sign(majorA - majorB || minorA - minorB);
}

/**
 * Number of minor releases from one revision to another: 1 from `asm-1-29` to `asm-1-30`, negative for a downgrade.
 * Infinite between different major versions.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function revisionGap(from: MeshRevision, to: MeshRevision): number {
  const [majorFrom, minorFrom] = segments(from);
  const [majorTo, minorTo] = segments(to);
  return majorFrom === majorTo ? minorTo - minorFrom : (majorTo - majorFrom) * Infinity;
}

function segments(revision: MeshRevision): [major: number, minor: number] {
  const [, major, minor] = revision.split("-");
  return [Number(major), Number(minor)];
}
