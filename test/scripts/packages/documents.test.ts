import { describe, expect, test } from "vitest";
import { homeOf, packedDocument } from "../../../scripts/packages/documents.ts";

const HOME = "https://git.example.com/team/mesh/blob/v1.2.0/";
const LINKS = {
  source: "docs/deep/guide.md",
  target: "guides/guide.md",
  copies: new Map([
    ["docs/deep/guide.md", "guides/guide.md"],
    ["docs/other.md", "other.md"],
    ["docs/deep/policies", "guides/policies"],
    ["packages/tool/README.md", "README.md"],
  ]),
  home: undefined,
};

describe("a link", () => {
  test.each([
    ["to a copy", "[the `other`](../other.md#part)", "[the `other`](../other.md#part)"],
    ["to a copied folder", "[all](policies)", "[all](policies)"],
    ["to the README", "[this](../../packages/tool/README.md)", "[this](../README.md)"],
    ["to another file", "See [code](../../mesh/a.ts), [b](../b.md#c).", "See code, b."],
    ["to a heading", "[below](#below)", "[below](#below)"],
    ["elsewhere", "[there](https://example.com/a.md)", "[there](https://example.com/a.md)"],
    ["in code", "`[a](b.md)` [`c`](d.md)", "`[a](b.md)` `c`"],
    ["in a block", "```sh\n[a](b.md)\n```\n[c](d.md)", "```sh\n[a](b.md)\n```\nc"],
  ])("%s", (_, document, packed) => {
    expect(packedDocument(document, LINKS)).toBe(packed);
  });

  test("leads to the sources if they are published, for what is no copy", () => {
    const document = "[a](../../mesh/a.ts#L3) [all](../../policy/rules) [other](../other.md)";
    expect(packedDocument(document, { ...LINKS, home: HOME })).toBe(
      `[a](${HOME}mesh/a.ts#L3) [all](${HOME}policy/rules) [other](../other.md)`,
    );
  });
});

test.each([
  ["git+https://git.example.com/team/mesh.git", HOME],
  ["https://git.example.com/team/mesh", undefined],
  [undefined, undefined],
])("the repository %s is at %s", (repository, home) => {
  expect(homeOf(repository, "1.2.0")).toBe(home);
});
