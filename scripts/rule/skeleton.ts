/**
 * The files of a new rule that judges nothing yet, by path. Texts in parentheses are placeholders: each test fails
 * until they are replaced.
 */
export function skeletonOf(area: string, name: string): Readonly<Record<string, string>> {
  return {
    [`policy/rules/${area}/${name}.ts`]: rule(area, name),
    [`policy/examples/${area}/${name}.yaml`]: examples(area),
    [`test/policy/rules/${area}/${name}.test.ts`]: test(area, name),
  };
}

/** `nsNoAmbient` for `ns-no-ambient`. */
export function identifierOf(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Areas whose rules mostly judge clusters; the rules of the others judge Kubernetes objects. */
function isAboutClusters(area: string): boolean {
  return area === "aks" || area === "mesh";
}

/** What the skeleton of a rule in an area judges, and the file of `policy/model/` that exports it. */
export function aboutOf(area: string): readonly [kind: string, from: string] {
  return isAboutClusters(area)
    ? ["clusters", "azure/cluster.ts"]
    : ["namespaces", "kubernetes/objects.ts"];
}

function rule(area: string, name: string): string {
  const [about, from] = aboutOf(area);
  return `import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import { ${about} } from "../../model/${from}";

export const ${identifierOf(name)} = defineRule({
  name: "${name}",
  displayName: "(Subject and state: Maintenance windows are configured)",
  description: "(One sentence: what is right, and what breaks otherwise)",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "(What to change, with the names of the fields)",
  url: "(The page of the vendor that says so)",
  tags: ["${area}"],
  about: ${about},
  unknown: "unjudged",
  *check({ label }) {
    yield new NotJudged(\`The rule does not judge \${label} yet.\`);
  },
});
`;
}

function examples(area: string): string {
  const inputs = isAboutClusters(area)
    ? ""
    : `
  - type: kubernetes:core/v1:Namespace
    name: shop
    provider: orders
    inputs:
      metadata:
        name: shop
        labels: { istio.io/rev: asm-1-30 }`;
  return ["good", "bad"]
    .map(
      (kind) => `${kind}:
  - type: azure-native:containerservice:ManagedCluster
    name: orders
    inputs:
      kubernetesVersion: "1.34"
      serviceMeshProfile: { mode: Istio, istio: { revisions: [asm-1-30] } }${inputs}
`,
    )
    .join("");
}

function test(area: string, name: string): string {
  const identifier = identifierOf(name);
  const [fixtures, stack, label] = isAboutClusters(area)
    ? ["cluster", "[cluster()]", 'ManagedCluster "orders"']
    : [
        "cluster, kubernetes, namespace",
        "[mesh, provider, namespace(provider)]",
        'Namespace "shop"',
      ];
  const setUp = isAboutClusters(area)
    ? ""
    : "const mesh = cluster();\nconst provider = kubernetes(mesh);\n\n";
  return `import { describe, expect, test } from "vitest";
import { ${identifier} } from "../../../../policy/rules/${area}/${name}.ts";
import { ${fixtures} } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

${setUp}async function messages(stack: readonly Fixture[]) {
  return (await run(${identifier}, stack)).map(({ level, message }) => [level, message]);
}

describe("${name}", () => {
  test("accepts (what is right)", async () => {
    expect(await messages(${stack})).toEqual([]);
  });

  test("reports (what is wrong)", async () => {
    expect(await messages(${stack})).toEqual([
      ["violation", '${label}: (path, found value, rule and fix).'],
    ]);
  });

  test("does not judge (a value that is UNKNOWN)", async () => {
    expect(await messages(${stack})).toEqual([
      ["unjudged", '${label}: (what the rule says of it).'],
    ]);
  });
});
`;
}
