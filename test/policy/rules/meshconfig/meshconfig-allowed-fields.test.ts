import { describe, expect, test } from "vitest";
import { meshconfigAllowedFields } from "../../../../policy/rules/meshconfig/meshconfig-allowed-fields.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const NAME = "istio-shared-configmap-asm-1-30";
const mesh = cluster();
const provider = kubernetes(mesh);

function configMap(data: unknown, name: unknown = NAME, kind = "ConfigMap"): Fixture {
  const metadata = { name, namespace: "aks-istio-system" };
  return object(provider, "core/v1", kind, { metadata, data }, "mesh");
}

async function messages(fixture: Fixture) {
  return (await run(meshconfigAllowedFields, [mesh, provider, fixture])).map(
    ({ level, message }) => [level, message.replace(`ConfigMap "${NAME}": `, "")],
  );
}

const judged = async (text: string) =>
  (await messages(configMap({ mesh: text }))).map(([, message]) => message);

describe("meshconfig-allowed-fields", () => {
  test.each([
    "",
    "# nothing yet\n",
    "accessLogFile: /dev/stdout\n",
    "defaultConfig:\n  concurrency: 1\n  holdApplicationUntilProxyStarts: yes\n",
    "---\noutboundTrafficPolicy: { mode: REGISTRY_ONLY }\n",
    "extensionProviders:\n- name: otel\n",
  ])("accepts %j", async (text) => {
    expect(await judged(text)).toEqual([]);
  });

  test.each([
    [
      "configSources: []\n",
      "data.mesh (configSources): The add-on blocks the field configSources of Istio's MeshConfig. Remove it.",
    ],
    [
      "defaultConfig:\n  binaryPath: /x\n",
      "data.mesh (defaultConfig.binaryPath): The add-on blocks the field binaryPath of Istio's ProxyConfig. Remove it.",
    ],
    [
      "accesLogFile: /dev/stdout\n",
      "data.mesh (accesLogFile): accesLogFile is not a field of MeshConfig that the add-on accepts. Did you mean accessLogFile?",
    ],
    [
      "defaultConfig:\n  concurrency: 0\n",
      "data.mesh (defaultConfig.concurrency): defaultConfig.concurrency must be an integer of at least 1: with 0, a sidecar uses every core of its node; omit it to follow the sidecar's CPU limit. It is 0.",
    ],
    ["- accessLogFile\n", "data.mesh: A MeshConfig must be an object."],
    [
      "defaultConfig:\n\tconcurrency: 2\n",
      "data.mesh (line 2): A MeshConfig must be indented with spaces, not tabs.",
    ],
    [
      "enableTracing: true\n---\nenableTracing: false\n",
      "data.mesh: It contains more than one YAML document. Merge them into one.",
    ],
  ])("reports %j", async (text, message) => {
    expect(await messages(configMap({ mesh: text }))).toEqual([["violation", message]]);
  });

  test("reports everything at once", async () => {
    expect(await judged("configSources: []\nmode: x\ndefaultConfig:\n  image: {}\n")).toHaveLength(
      3,
    );
  });

  test.each([
    ["accessLogFile: [\n", 2],
    ["a: 1\na: 2\n", 2],
    ["\na: }\n", 2],
    ['accessLogFormat: "open\n', 2],
  ])("reports invalid YAML with its position: %j", async (text, line) => {
    const [message, ...more] = await judged(text);
    expect(message).toMatch(
      /^data\.mesh: It is not valid YAML: .+ at line \d+, column \d+\. Correct it\.$/,
    );
    expect(message).toContain(` at line ${line}, `);
    expect(more).toEqual([]);
  });

  test.each([
    ["enableTracing: *on\n", /alias.*: on\. Write it without aliases and merges\.$/],
    ["defaultConfig:\n  <<: 1\n", /[Mm]erge .*\. Write it without aliases and merges\.$/],
    ["accessLogFile: &file /dev/stdout\ndefaultConfig:\n  <<: *file\n", /[Mm]erge .*/],
  ])("reports aliases and merges without a matching target: %j", async (text, message) => {
    const [first, ...more] = await messages(configMap({ mesh: text }));
    expect(first).toEqual(["violation", expect.stringMatching(message)]);
    expect(first?.[1]).toMatch(/^data\.mesh: It cannot be read as YAML: /);
    expect(more).toEqual([]);
  });

  test("accepts valid aliases", async () => {
    const providers = "extensionProviders:\n- &otel\n  name: otel\n- <<: *otel\n  name: other\n";
    expect(await judged(providers)).toEqual([]);
    const concurrency = "defaultConfig:\n  <<: { concurrency: 0 }\n";
    expect(await judged(concurrency)).toEqual([
      expect.stringMatching(/^data\.mesh \(defaultConfig\.concurrency\): /),
    ]);
  });

  test("reports aliases that expand without end", async () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
    for (const [name, before] of [
      ["b", "a"],
      ["c", "b"],
      ["d", "c"],
    ] as const) {
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(",")}]`);
    }
    expect(await judged(bomb.join("\n"))).toEqual([
      expect.stringMatching(
        /^data\.mesh: It cannot be read as YAML: .+ Write it without aliases and merges\.$/,
      ),
    ]);
  });

  test("advises if the name of the field is uncertain", async () => {
    const said = await messages(configMap({ mesh: "defaultConfig:\n  statsUdpAddress: a:1\n" }));
    expect(said).toEqual([
      [
        "unjudged",
        expect.stringMatching(/^data\.mesh \(defaultConfig\.statsUdpAddress\): Microsoft's/),
      ],
    ]);
  });

  test("reports a key that no control plane reads", async () => {
    expect(await messages(configMap({ meshConfig: "a: 1", meshNetworks: "" }))).toEqual([
      [
        "violation",
        "data has meshConfig, meshNetworks, but control planes read only data.mesh. Put the MeshConfig there.",
      ],
    ]);
    expect(await messages(configMap({ mesh: { enableTracing: true } }))).toEqual([
      ["violation", "data.mesh is not a string. Write the MeshConfig as a YAML string."],
    ]);
  });

  test.each<[string, Fixture]>([
    ["no data", configMap(undefined)],
    ["empty data", configMap({})],
    ["invalid data", configMap("mesh")],
    ["a patch of something else", configMap({ other: "x" }, NAME, "ConfigMapPatch")],
    ["another ConfigMap", configMap({ mesh: "configSources: []" }, "settings")],
  ])("ignores: %s", async (_, fixture) => {
    expect(await messages(fixture)).toEqual([]);
  });

  test("judges its patches, and ConfigMaps with an unknown name", async () => {
    const data = { mesh: "configSources: []" };
    expect(await messages(configMap(data, NAME, "ConfigMapPatch"))).toHaveLength(1);
    expect(await messages(configMap(data, UNKNOWN))).toHaveLength(1);
  });

  test.each([
    ["data", UNKNOWN],
    ["data.mesh", { mesh: UNKNOWN }],
  ])("refuses an unknown %s", async (path, data) => {
    expect(await messages(configMap(data))).toEqual([
      [
        "violation",
        `${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const moved = { ...configMap({ mesh: "configSources: []" }), provider: on };
    expect(await run(meshconfigAllowedFields, [plain, on, moved])).toEqual([]);
  });
});
