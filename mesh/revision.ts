/**
 * A revision of the mesh add-on, `asm-<major>-<minor>` after the Istio release it carries: `asm-1-30` is Istio 1.30.
 * Patches have no name of their own.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export type MeshRevision = `asm-${number}-${number}`;

/** With numbers of four digits at most, a revision fits the value of a label and the names that it is a part of. */
const GRAMMAR = /^asm-(0|[1-9]\d{0,3})-(0|[1-9]\d{0,3})$/;

/**
 * Whether the text is written as a revision. It says nothing about whether such a revision was ever released.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar
 */
export function isMeshRevision(text: string): text is MeshRevision {
  return GRAMMAR.test(text);
}

/**
 * Orders revisions by age: negative where `a` is older than `b`, 0 where they are the same. Segments compare as
 * numbers, because as text `asm-1-9` would come after `asm-1-29`.
 *
 * @see https://github.com/Azure/azure-cli-extensions/issues/6775
 */
export function compareRevisions(a: MeshRevision, b: MeshRevision): number {
  const [majorA, minorA] = segments(a);
  const [majorB, minorB] = segments(b);
  return Math.sign(majorA - majorB || minorA - minorB);
}

/**
 * How many minor releases lead from one revision to the other: 1 from `asm-1-29` to `asm-1-30`, negative going back.
 * Between different majors no number of minors does, and the gap is infinite.
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
