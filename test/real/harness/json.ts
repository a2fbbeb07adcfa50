export type Json = Readonly<Record<string, unknown>>;

/** Every object in a tree that matches, outer ones first. */
export function findAll(tree: unknown, wanted: (value: Json) => boolean): Json[] {
  if (typeof tree !== "object" || tree === null) return [];
  const found = Object.values(tree).flatMap((child) => findAll(child, wanted));
  // A value that is neither an array, null nor a primitive has keys.
  return !Array.isArray(tree) && wanted(tree as Json) ? [tree as Json, ...found] : found;
}

/** The object with that name; undefined if there is none. */
export function named(list: readonly unknown[], name: string): Json | undefined {
  // istiod pushes objects with names.
  return (list as readonly Json[]).find((one) => one["name"] === name);
}
