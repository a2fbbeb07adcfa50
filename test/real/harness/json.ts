export type Json = Readonly<Record<string, unknown>>;

/** Every object of a tree that is as wanted, the outer ones first. */
export function findAll(tree: unknown, wanted: (value: Json) => boolean): Json[] {
  if (typeof tree !== "object" || tree === null) return [];
  const found = Object.values(tree).flatMap((child) => findAll(child, wanted));
  // What is no array, no null and no primitive has keys.
  return !Array.isArray(tree) && wanted(tree as Json) ? [tree as Json, ...found] : found;
}

/** The one that is as wanted, with that name; undefined where there is none. */
export function named(list: readonly unknown[], name: string): Json | undefined {
  // What istiod pushes are objects with names.
  return (list as readonly Json[]).find((one) => one["name"] === name);
}
