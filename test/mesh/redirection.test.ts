import { expect, test } from "vitest";
import { defaultRedirection } from "../../mesh/redirection.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

test.each<[MeshRevision[], string | undefined]>([
  [["asm-1-24"], "InitContainers"],
  [["asm-1-29"], "InitContainers"],
  [["asm-1-9"], "InitContainers"],
  [["asm-1-29", "asm-1-30"], "InitContainers"],
  [["asm-1-30", "asm-1-29"], "InitContainers"],
  [["asm-1-30"], undefined],
  [["asm-1-30", "asm-1-31"], undefined],
  [["asm-2-0"], undefined],
  [[], undefined],
])("a mesh with %j redirects by %s", (revisions, expected) => {
  expect(defaultRedirection(revisions)).toBe(expected);
});
