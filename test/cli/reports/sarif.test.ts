import Ajv from "ajv";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureToSarif, toSarif as sarif } from "../../../cli/reports/sarif.ts";
import type { Plan, PlannedResource, PolicyViolation } from "../../../offline/plan/plan.ts";
import { plan, policy, resource, stack, violation } from "../../support/plan.ts";
import { reported } from "../../support/reports.ts";

const toSarif = (of: Plan, projectFile: string, given: Parameters<typeof reported>[1] = {}) =>
  sarif(...reported(of, given), projectFile);

/** The parts of SARIF that these tests read. */
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: Component; readonly extensions?: readonly Component[] };
      readonly results: readonly Result[];
    },
  ];
}
interface Component {
  readonly name: string;
  readonly informationUri?: string;
  readonly semanticVersion?: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}
interface Result {
  readonly level: string;
  readonly locations: readonly [{ readonly physicalLocation: unknown }];
  readonly partialFingerprints: unknown;
}

function sha256(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

const PROJECT = "deploy/shop/Pulumi.yaml";

const root = stack();
const group = resource({
  type: "azure-native:resources:ResourceGroup",
  name: "hub",
  parent: root,
  sourcePosition: "project:///src/index.ts#12,3",
});
const owner = policy({
  displayName: "A group has an owner",
  severity: "high",
  remediationSteps: "Set the tag *owner*.",
  url: "https://example.com/owner",
  tags: ["groups", "cis:1.1"],
});
const house = { name: "house-rules", version: "1.0.0", policies: [owner] };

function parsed(of: Plan): Log {
  return JSON.parse(toSarif(of, PROJECT)) as Log;
}

function only(violations: readonly PolicyViolation[], resources = [root, group]): Result {
  const [result] = parsed(plan(resources, { packs: [house], violations })).runs[0].results;
  if (result === undefined) throw new Error("There is no result.");
  return result;
}

/** The schema file is of draft 4, but uses only what later drafts have too. */
function schema(): object {
  const file = join(__dirname, "../../fixtures/sarif-schema-2.1.0.json");
  const { id, $schema, ...rest } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    unknown
  >;
  expect([id, $schema]).toEqual([
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    "http://json-schema.org/draft-04/schema#",
  ]);
  return rest;
}

const isValid = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    uri: (text: string) => URL.canParse(text),
    "uri-reference": (text: string) => /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/.test(text),
    "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
  },
}).compile(schema());

function problems(text: string): unknown {
  return isValid(JSON.parse(text)) ? [] : isValid.errors;
}

test("a plan is one run of its pack, with the checked files and the findings", () => {
  const text = toSarif(
    plan([root, group], {
      packs: [
        {
          ...house,
          repository: "https://example.com/house",
          policies: [owner, policy({ name: "few", description: "Few groups.", level: "disabled" })],
        },
      ],
      violations: [
        violation({ urn: group.urn }),
        violation({ policy: "few", enforcementLevel: "advisory", message: "Too many." }),
      ],
    }),
    PROJECT,
  );
  expect(JSON.parse(text)).toEqual({
    $schema:
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "house-rules",
            version: "1.0.0",
            semanticVersion: "1.0.0",
            informationUri: "https://example.com/house",
            rules: [
              {
                id: "has-owner",
                shortDescription: { text: "A group has an owner" },
                fullDescription: { text: "A group names its owner." },
                help: {
                  text: "A group names its owner.\nSet the tag *owner*.\nhttps://example.com/owner",
                  markdown:
                    "A group names its owner.\n\n**Fix:** Set the tag \\*owner\\*.\n\n<https://example.com/owner>",
                },
                helpUri: "https://example.com/owner",
                defaultConfiguration: { level: "error" },
                properties: {
                  tags: ["groups", "cis:1.1", "security"],
                  severity: "high",
                  "security-severity": "8.0",
                },
              },
              {
                id: "few",
                shortDescription: { text: "Few groups." },
                fullDescription: { text: "Few groups." },
                help: { text: "Few groups.", markdown: "Few groups." },
                defaultConfiguration: { enabled: false },
                properties: { tags: [] },
              },
            ],
          },
        },
        automationDetails: { id: "shop/dev/" },
        originalUriBaseIds: {
          SRCROOT: {
            description: { text: "The root of the repository that contains the program." },
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true, exitCode: 1 }],
        results: [
          {
            ruleId: "has-owner",
            ruleIndex: 0,
            level: "error",
            message: { text: "The tag owner is missing." },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "deploy/shop/src/index.ts", uriBaseId: "SRCROOT" },
                  region: { startLine: 12, startColumn: 3 },
                },
                logicalLocations: [
                  { name: "hub", fullyQualifiedName: group.urn, kind: "resource" },
                ],
              },
            ],
            partialFingerprints: {
              "finding/v2": sha256("house-rules", "has-owner", "", group.urn, ""),
            },
          },
          {
            ruleId: "few",
            ruleIndex: 1,
            level: "warning",
            message: { text: "Too many." },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: PROJECT, uriBaseId: "SRCROOT" },
                  region: { startLine: 1 },
                },
              },
            ],
            partialFingerprints: {
              "finding/v2": sha256("house-rules", "few", "", "", ""),
            },
          },
        ],
      },
    ],
  });
  expect(problems(text)).toEqual([]);
});

test("the schema rejects invalid SARIF", () => {
  const broken = toSarif(plan([root]), PROJECT)
    .replace('"utf16CodeUnits"', '"bytes"')
    .replace('"name"', '"nome"');
  expect(problems(broken)).toMatchObject([
    { instancePath: "/runs/0/tool/driver", params: { missingProperty: "name" } },
    { instancePath: "/runs/0/tool/driver", params: { additionalProperty: "nome" } },
    { instancePath: "/runs/0/columnKind", keyword: "enum" },
  ]);
});

describe("the tool", () => {
  const tool = (packs: Plan["packs"], violations: readonly PolicyViolation[] = []) =>
    parsed(plan([root], { packs, violations })).runs[0];

  test("is the command itself if no pack ran", () => {
    expect(tool([]).tool).toEqual({ driver: { name: "aks-istio", rules: [] } });
  });

  test("has further packs as extensions, with the rules of their results", () => {
    const other = { name: "other", version: "", policies: [policy({ name: "a" }), policy()] };
    const run = tool([house, other], [violation(), violation({ pack: "other" })]);
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(["has-owner"]);
    expect(
      run.tool.extensions?.map(({ rules, ...extension }) => [extension, rules.map(({ id }) => id)]),
    ).toEqual([[{ name: "other" }, ["a", "has-owner"]]]);
    expect(run.results).toMatchObject([
      { ruleId: "has-owner", ruleIndex: 0 },
      {
        ruleId: "has-owner",
        rule: { id: "has-owner", index: 1, toolComponent: { index: 0 } },
      },
    ]);
    expect(run.results[1]).not.toHaveProperty("ruleIndex");
  });

  test.each([
    ["1.0.0-rc.1+5", "1.0.0-rc.1+5"],
    ["1.0", undefined],
    ["v1.0.0", undefined],
  ])("of version %s has the semantic version %s", (version, semantic) => {
    expect(tool([{ ...house, version }]).tool.driver.semanticVersion).toBe(semantic);
  });

  test("omits an invalid URL", () => {
    const policies = [policy({ url: "see [the wiki]" })];
    const run = tool([{ ...house, repository: "our monorepo", policies }]);
    expect(run.tool.driver).not.toHaveProperty("informationUri");
    const [rule] = run.tool.driver.rules;
    expect(rule).not.toHaveProperty("helpUri");
    expect(rule?.["help"]).toEqual({
      text: "A group names its owner.\nsee [the wiki]",
      markdown: "A group names its owner.\n\nsee \\[the wiki\\]",
    });
  });

  test("has a score for each severity, in GitHub's range for it", () => {
    const severities = ["critical", "high", "medium", "low"] as const;
    const run = tool([{ ...house, policies: severities.map((severity) => policy({ severity })) }]);
    expect(run.tool.driver.rules.map(({ properties }) => properties)).toMatchObject([
      { "security-severity": "9.5", tags: ["security"] },
      { "security-severity": "8.0" },
      { "security-severity": "5.5" },
      { "security-severity": "2.0" },
    ]);
  });

  test.each([
    ["advisory", { level: "warning" }],
    ["mandatory", { level: "error" }],
    ["remediate", { level: "error" }],
    ["disabled", { enabled: false }],
  ] as const)("has a rule at level %s as %j", (level, configuration) => {
    const [rule] = tool([{ ...house, policies: [policy({ level })] }]).tool.driver.rules;
    expect(rule?.["defaultConfiguration"]).toEqual(configuration);
  });
});

describe("a location", () => {
  const at = (uri: string, region: object) => ({
    artifactLocation: { uri, uriBaseId: "SRCROOT" },
    region,
  });
  const placeOf = (given: PlannedResource, resources: readonly PlannedResource[]) =>
    only([violation({ urn: given.urn })], [...resources, given]).locations[0].physicalLocation;

  test("is that of the closest ancestor if its own is unknown", () => {
    const site = { ...group, urn: "urn:site" };
    const part = { ...resource({ type: "a:b:C", name: "part" }), parent: "urn:site" };
    const deep = { ...resource({ type: "a:b:C", name: "deep" }), parent: part.urn };
    expect(placeOf(deep, [root, site, part])).toEqual(
      at("deploy/shop/src/index.ts", { startLine: 12, startColumn: 3 }),
    );
  });

  test("is the project file if no position or resource is known", () => {
    const loose = resource({ type: "a:b:C", name: "loose", parent: root });
    expect(placeOf(loose, [root])).toEqual(at(PROJECT, { startLine: 1 }));
    expect(only([violation({ urn: "urn:gone" })]).locations[0].physicalLocation).toEqual(
      at(PROJECT, { startLine: 1 }),
    );
  });

  test.each([
    ["a b/#1.ts", "deploy/shop/a%20b/%231.ts"],
    ["é:%.ts", "deploy/shop/%C3%A9%3A%25.ts"],
  ])("of the file %s has a valid URI", (file, uri) => {
    const odd = { ...group, sourcePosition: `project:///${file}#1,1` };
    expect(placeOf(odd, [root])).toEqual(at(uri, { startLine: 1, startColumn: 1 }));
    expect(
      problems(
        toSarif(
          plan([odd], { packs: [house], violations: [violation({ urn: odd.urn })] }),
          PROJECT,
        ),
      ),
    ).toEqual([]);
  });

  test("is relative to the project directory outside a repository", () => {
    const text = toSarif(
      plan([group], { packs: [house], violations: [violation({ urn: group.urn })] }),
      "Pulumi.yaml",
    );
    expect(text).toContain('"uri": "src/index.ts"');
  });
});

describe("a location in the stack file", () => {
  const component = (type: string, name: string) =>
    resource({ type: `aks-istio:index:${type}`, name, custom: false, parent: root });
  const made = (type: string, name: string, parent: PlannedResource) =>
    resource({ type, name, parent, sourcePosition: "project:///components/a.ts#7,3" });
  const stackFile = `config:
  shop:cluster:
    kubernetesVersion: "1.35"
  shop:mesh:
    revision: asm-1-30
  shop:namespaces:
    store: {}
`;
  const shop = component("MeshNamespace", "store");
  const inner = made("kubernetes:core/v1:Namespace", "store", shop);
  const mesh = component("MeshCluster", "mesh");
  const cluster = made("azure-native:containerservice:ManagedCluster", "mesh", mesh);
  const resultOf = (given: Partial<PolicyViolation>, file = stackFile) => {
    const found = plan([root, shop, inner, mesh, cluster], {
      packs: [house],
      violations: [violation(given)],
    });
    const text = toSarif(found, PROJECT, { stackFile: file });
    expect(problems(text)).toEqual([]);
    return (JSON.parse(text) as Log).runs[0].results[0];
  };
  const inFile = (path: string, startLine: number, startColumn: number) => ({
    artifactLocation: { uri: `deploy/shop/${path}`, uriBaseId: "SRCROOT" },
    region: { startLine, startColumn },
  });

  test("is that of the setting that causes the finding, with the related line of code", () => {
    expect(resultOf({ urn: inner.urn })).toMatchObject({
      locations: [{ physicalLocation: inFile("Pulumi.dev.yaml", 7, 5) }],
      relatedLocations: [{ physicalLocation: inFile("components/a.ts", 7, 3) }],
    });
  });

  test.each([
    ["serviceMeshProfile.istio.revisions has asm-1-20", 5, 5],
    ["kubernetesVersion is 1.35", 3, 5],
    ["sku.tier is not set", 2, 3],
    ["something else", 2, 3],
    // A finding without a setting in the file has no location there.
    ["serviceMeshProfile.istio.components.ingressGateways[1] opens the mesh", 2, 3],
  ])("of a cluster is the closest to the message: %s", (said, line, column) => {
    expect(
      resultOf({ urn: cluster.urn, message: `ManagedCluster "mesh": ${said}.` })?.locations[0],
    ).toMatchObject({ physicalLocation: inFile("Pulumi.dev.yaml", line, column) });
  });

  test("is the line of code if the setting is not in the file", () => {
    const result = resultOf({ urn: inner.urn }, "config: {}\n");
    expect(result?.locations[0].physicalLocation).toEqual(inFile("components/a.ts", 7, 3));
    expect(result).not.toHaveProperty("relatedLocations");
  });
});

describe("a fingerprint", () => {
  const print = (given: Partial<PolicyViolation>, resources = [root, group]) =>
    JSON.stringify(only([violation({ urn: group.urn, ...given })], resources).partialFingerprints);
  const said = (property: string) => ({ message: `Group "hub.x": ${property} is "a.b".` });
  const before = print(said("spec.hosts[0]"));

  test("stays the same if lines move, the value changes or the level changes", () => {
    const moved = { ...group, sourcePosition: "project:///other.ts#99,1" };
    const message = 'Group "hub.x": spec.hosts[0] is 3, which no c.d is.';
    expect(print({ message, enforcementLevel: "advisory" }, [root, moved])).toBe(before);
  });

  test.each([{ policy: "few" }, { pack: "other" }, { urn: "urn:other" }, said("spec.hosts[1]")])(
    "differs for another %o",
    (given) => {
      expect(print({ ...said("spec.hosts[0]"), ...given })).not.toBe(before);
    },
  );

  test("is distinct for findings with identical contents", () => {
    const { results } = parsed(
      plan([root, group], {
        packs: [house],
        violations: ["a", "b", "c"].map((message) => violation({ urn: group.urn, message })),
      }),
    ).runs[0];
    const prints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(3);
  });
});

describe("a coverage gap", () => {
  const partial = plan([root, group], {
    packs: [
      house,
      {
        name: "mesh",
        version: "1",
        policies: [policy({ name: "coverage", tags: ["not-judged"] })],
      },
    ],
    violations: [
      violation({
        pack: "mesh",
        policy: "coverage",
        enforcementLevel: "advisory",
        urn: group.urn,
        message: "m",
      }),
    ],
    notJudged: [{ what: "chart", reason: "Only a provider expands it." }],
  });

  test("is open, under the policy that reports it or a rule of the command itself", () => {
    const text = toSarif(partial, PROJECT);
    expect(problems(text)).toEqual([]);
    const [run] = (JSON.parse(text) as Log).runs;
    expect(run.results).toMatchObject([
      { ruleId: "coverage", kind: "open", level: "none", message: { text: "m" } },
      {
        ruleId: "not-judged",
        rule: { id: "not-judged", index: 0, toolComponent: { index: 1 } },
        kind: "open",
        level: "none",
        message: { text: "chart: Only a provider expands it." },
      },
    ]);
    expect(
      run.tool.extensions?.map(({ name, rules }) => [name, rules.map(({ id }) => id)]),
    ).toEqual([
      ["mesh", ["coverage"]],
      ["aks-istio", ["not-judged"]],
    ]);
  });

  test("is an error if it stops the run", () => {
    const text = toSarif(partial, PROJECT, { requireJudged: true });
    expect(problems(text)).toEqual([]);
    const [run] = (JSON.parse(text) as Log).runs;
    expect(run.results.map((result) => [result.level, "kind" in result])).toEqual([
      ["error", false],
      ["error", false],
    ]);
  });
});

test("without a plan, every problem is a result, at its position", () => {
  const text = failureToSarif(
    {
      project: "shop",
      stack: "dev",
      problems: [
        {
          message: "shop:a.b: [x](https://evil)",
          place: { file: "Pulumi.dev.yaml", line: 3, column: 5 },
        },
        { message: "It ended.", place: { file: "/elsewhere/Pulumi.dev.yaml", line: 3, column: 5 } },
      ],
    },
    PROJECT,
  );
  expect(problems(text)).toEqual([]);
  expect((JSON.parse(text) as Log).runs[0]).toMatchObject({
    tool: { driver: { name: "aks-istio", rules: [{ id: "preview-failed" }] } },
    automationDetails: { id: "shop/dev/" },
    invocations: [{ executionSuccessful: false, exitCode: 2 }],
    results: [
      {
        ruleId: "preview-failed",
        level: "error",
        message: { text: "shop:a.b: [x\\](https://evil)" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "deploy/shop/Pulumi.dev.yaml" },
              region: { startLine: 3, startColumn: 5 },
            },
          },
        ],
      },
      {
        // A path outside the repository is not a location in it.
        locations: [{ physicalLocation: { artifactLocation: { uri: PROJECT } } }],
      },
    ],
  });
});
