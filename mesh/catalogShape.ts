import type { Catalog, CatalogEntry, KubernetesRange } from "./catalog.ts";
import { compareRevisions, isMeshRevision } from "./revision.ts";

/**
 * The data as a catalog, after a check of every field and of the order of its revisions.
 *
 * By hand, not by zod: whatever loads the catalog would wait about 50 ms for zod (the same for zod/mini) before
 * its first check, and the policy pack needs it for nothing else.
 *
 * @throws Error that names each place where the data is no catalog.
 */
export function validCatalog(data: unknown): Catalog {
  const problems: string[] = [];
  if (isCatalog(data, problems)) return data;
  throw new Error(`The revision catalog is damaged:\n${problems.join("\n")}`);
}

function isCatalog(data: unknown, problems: string[]): data is Catalog {
  const { asOf, source, revisions } = fields(data);
  expect(matches(asOf, /^\d{4}-\d{2}-\d{2}$/), "asOf: must be a day, YYYY-MM-DD", problems);
  expect(matches(source, /^https:\/\//), "source: must be an https address", problems);
  if (!Array.isArray(revisions) || revisions.length === 0) {
    problems.push("revisions: must be a list of at least one revision");
  } else {
    const valid = revisions.filter((entry, index): entry is CatalogEntry =>
      isEntry(entry, `revisions[${index}]`, problems),
    );
    for (const [index, { revision }] of valid.entries()) {
      const before = valid[index - 1];
      expect(
        before === undefined || compareRevisions(before.revision, revision) < 0,
        `revisions: ${revision} must come once, after every older one`,
        problems,
      );
    }
  }
  return problems.length === 0;
}

function isEntry(entry: unknown, path: string, problems: string[]): entry is CatalogEntry {
  const before = problems.length;
  const { revision, released, endOfLife, endOfLifeEstimated, kubernetes } = fields(entry);
  const { KubernetesOfficial: official, AKSLongTermSupport: longTerm } = fields(kubernetes);
  const month = /^\d{4}-(0[1-9]|1[0-2])$/;
  const rules: [boolean, string][] = [
    [typeof revision === "string" && isMeshRevision(revision), "revision: must be asm-<n>-<n>"],
    [matches(released, month), "released: must be a month, YYYY-MM"],
    [matches(endOfLife, month), "endOfLife: must be a month, YYYY-MM"],
    [typeof endOfLifeEstimated === "boolean", "endOfLifeEstimated: must be true or false"],
    [isRange(official), "kubernetes.KubernetesOfficial: must be a range of minors"],
    [
      longTerm === undefined || isRange(longTerm),
      "kubernetes.AKSLongTermSupport: must be a range of minors, or absent",
    ],
  ];
  for (const [kept, rule] of rules) expect(kept, `${path}.${rule}`, problems);
  return problems.length === before;
}

function isRange(range: unknown): range is KubernetesRange {
  const { oldest, newest } = fields(range);
  const minor = /^1\.\d+$/;
  return (
    matches(oldest, minor) &&
    matches(newest, minor) &&
    Number(oldest.slice(2)) <= Number(newest.slice(2))
  );
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function expect(kept: boolean, rule: string, problems: string[]): void {
  if (!kept) problems.push(rule);
}
