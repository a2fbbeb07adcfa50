import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../../check/check.ts";
import { SCOPE } from "../../../check/policies.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { migrated } from "./migrated.ts";

const FIXTURES = join(__dirname, "../../fixtures/istio");

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** The texts of a directory, by path. */
function textsIn(directory: string): Readonly<Record<string, string>> {
  const files = filesBelow(directory).map((file) => [
    relative(directory, file),
    readFileSync(file, "utf8"),
  ]);
  return Object.fromEntries(files) as Record<string, string>;
}

/** Rules that a mesh breaks if something of an own Istio remains. */
const OF_MIGRATION =
  /^(?:mesh-(?:no-istio|foreign|blocked|managed|revision)|istio-addon-names|gateway-addon-selector|meshconfig|ns-(?:no-legacy|no-ambient|revision|single))/;

function violations(texts: Readonly<Record<string, string | undefined>>): readonly string[] {
  const manifests = Object.entries(texts).flatMap(
    ([file, text]) => readManifestText(text ?? "", file).manifests,
  );
  const configOf = (policy: string) => {
    if (policy === SCOPE) {
      return { today: "2026-11-24", clusterUsesAddon: true, revisions: ["asm-1-30"] };
    }
    return OF_MIGRATION.test(policy) ? {} : undefined;
  };
  return check([manifests], configOf)
    .verdicts.filter(({ outcome }) => outcome === "violation")
    .map(({ policy, resource }) => `${policy} ${resource.name}`);
}

describe.each([
  [
    "samples",
    [
      "VirtualService istio-system/cert-manager, metadata.namespace",
      "Gateway cross-network-gateway, spec.selector.istio",
    ],
    ["istio-addon-names istio-system/cert-manager"],
  ],
  [
    "kubeflow",
    [
      "Deployment istio-system/istiod, spec.template.spec.containers[0].env",
      "Deployment istio-system/istiod, spec.template.spec.containers[0].env",
    ],
    [],
  ],
  ["flux", [], []],
])("the manifests of %s", (name, blockers, remaining) => {
  const before = textsIn(join(FIXTURES, "before", name));
  const first = migrated(before);
  const present = Object.fromEntries(
    Object.entries(first.files).filter(([, text]) => text !== undefined),
  ) as Record<string, string>;

  test("become those for the add-on", () => {
    expect(present).toEqual(textsIn(join(FIXTURES, "after", name)));
    expect(
      first.entries
        .filter(({ outcome }) => outcome === "blocker")
        .map(({ subject, field }) => `${subject}, ${field}`),
    ).toEqual(blockers);
  });

  test("do not change a second time", () => {
    const second = migrated(present);
    expect(second.files).toEqual(present);
    expect(second.entries.filter(({ outcome }) => outcome === "change")).toEqual([]);
  });

  test("break no rule of the mesh any more, but those about a blocker", () => {
    expect(violations(before)).not.toEqual([]);
    expect([...violations(present)].sort()).toEqual(remaining);
  });
});
