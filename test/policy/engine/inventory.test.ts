import { expect, test } from "vitest";
import { Cursor } from "../../../policy/engine/cursor.ts";
import { Inventory } from "../../../policy/engine/inventory.ts";
import { namespaces } from "../../../policy/model/kubernetes/objects.ts";
import type { Resource } from "../../../policy/engine/resource.ts";

function namespace(name: string, urn = name, type = "kubernetes:core/v1:Namespace"): Resource {
  return {
    type,
    urn,
    name,
    ignoreChanges: [],
    ofManifest: false,
    inputs: new Cursor(name, { metadata: { name } }),
  };
}

const names = (inventory: Inventory) => inventory.all(namespaces).map(({ name }) => name);

test("returns resources added since the last call, each once", () => {
  const inventory = new Inventory([namespace("a")]);
  expect(names(inventory)).toEqual(["a"]);
  inventory.add(namespace("b"));
  inventory.add(namespace("c", "c", "kubernetes:core/v1:NamespacePatch"));
  inventory.add(namespace("d", "d", "kubernetes:core/v1:ConfigMap"));
  expect(names(inventory)).toEqual(["a", "b", "c"]);
  expect(names(inventory)).toEqual(["a", "b", "c"]);
});

test("returns the latest version of a resource", () => {
  const inventory = new Inventory([namespace("a"), namespace("b")]);
  expect(names(inventory)).toEqual(["a", "b"]);
  inventory.add(namespace("renamed", "a"));
  expect(names(inventory)).toEqual(["renamed", "b"]);
});
