import { expect, test } from "vitest";
import { migrated } from "./migrated.ts";

/** A repository of Flux whose namespace follows the variable `rev`. */
function repository(value: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/rev: "\${rev}"}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  postBuild:
    substitute: {rev: ${value}, other: stable}
    substituteFrom: [{kind: ConfigMap, name: vars}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {rev: ${value}, other: stable}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: others, namespace: flux-system}
data: {rev: default}
`;
}

test("variables that labels name as their revision get that of the add-on", () => {
  const { text, said } = migrated(repository("stable"));
  expect(text).toBe(repository("asm-1-30"));
  expect(said).toEqual([
    "change Kustomization flux-system/apps, spec.postBuild.substitute.rev: stable → asm-1-30",
    "change ConfigMap flux-system/vars, data.rev: stable → asm-1-30",
  ]);
  expect(migrated(text ?? "").said).toEqual([]);
});

test("a variable is not the value of another one", () => {
  const { text, blockers } = migrated(repository("stable"), { revision: "${mesh_revision}" });
  expect(text).toBe(repository("stable"));
  expect(blockers).toEqual([
    "Labels name the variable as their revision, and the add-on does not have this one.",
    "Labels name the variable as their revision, and the add-on does not have this one.",
  ]);
});
