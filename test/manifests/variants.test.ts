import { expect, test } from "vitest";
import { readManifestText } from "../../manifests/manifestText.ts";
import { clustersOf } from "../../manifests/variants.ts";

const unit = (
  name: string,
  ...objects: readonly (readonly [kind: string, name: string, a: number])[]
) => ({
  name,
  manifests: readManifestText(
    objects
      .map(([kind, of, a]) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${of} }\na: ${a}\n`)
      .join("---\n"),
    name,
  ).manifests,
});
const clusters = (...units: ReturnType<typeof unit>[]) =>
  clustersOf(units).map((cluster) =>
    cluster.map(({ origin, name }) => `${origin.file}/${name ?? ""}`),
  );

test("objects that occur once are in one cluster", () => {
  expect(clusters(unit("a", ["Pod", "p", 1]), unit("b", ["Pod", "q", 1]))).toEqual([
    ["a/p", "b/q"],
  ]);
  expect(clusters()).toEqual([[]]);
});

test("different objects with one name are in different clusters, each with what occurs once", () => {
  expect(
    clusters(
      unit("common", ["Namespace", "ns", 1]),
      unit("dev", ["Pod", "p", 1], ["Pod", "q", 1]),
      unit("prod", ["Pod", "p", 2]),
      unit("prod-y", ["Pod", "q", 2]),
    ),
  ).toEqual([
    ["common/ns", "dev/p", "dev/q"],
    ["common/ns", "prod/p", "prod-y/q"],
  ]);
});

test("equal objects are one object", () => {
  expect(clusters(unit("a", ["Pod", "p", 1]), unit("b", ["Pod", "p", 1], ["Pod", "q", 1]))).toEqual(
    [["a/p", "b/q"]],
  );
});
