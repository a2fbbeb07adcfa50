import fc from "fast-check";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshNamespaces } from "../../mesh/upgrade.ts";

/** Any revision that can be written; most were never released. */
export const anyRevision: fc.Arbitrary<MeshRevision> = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 120 }))
  .map(([major, minor]): MeshRevision => `asm-${major}-${minor}`);

const namespaceNames = ["api", "cart", "constructor", "shop", "web"];

export const anyNamespaces: fc.Arbitrary<MeshNamespaces> = fc
  .subarray(namespaceNames)
  .chain((names) =>
    fc.record(Object.fromEntries(names.map((name) => [name, fc.record({ canary: fc.boolean() })]))),
  );
