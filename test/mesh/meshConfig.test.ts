import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indentationProblems, meshConfigProblems } from "../../mesh/meshConfig.ts";
import type { MeshConfig } from "../../mesh/meshConfig.ts";
import { meshConfigFields, proxyConfigFields } from "../../mesh/meshConfigFields.ts";
import type { SupportLevel } from "../../mesh/meshConfigFields.ts";

const named = (fields: Readonly<Record<string, SupportLevel>>, level: SupportLevel) =>
  Object.keys(fields).filter((name) => fields[name] === level);

describe("the tables of fields", () => {
  test("contain 33 fields of MeshConfig and 19 of ProxyConfig that the add-on accepts", () => {
    expect(named(meshConfigFields, "supported")).toHaveLength(8);
    expect(named(meshConfigFields, "allowed")).toHaveLength(25);
    expect(named(proxyConfigFields, "supported")).toHaveLength(4);
    expect(named(proxyConfigFields, "allowed")).toHaveLength(15);
  });
});

const sound: MeshConfig = {
  accessLogFile: "/dev/stdout",
  accessLogFormat: "%START_TIME%\n",
  accessLogEncoding: "JSON",
  enableEnvoyAccessLogService: false,
  disableEnvoyListenerLog: true,
  discoverySelectors: [{ matchLabels: { "istio.io/rev": "asm-1-30" } }],
  outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
  extensionProviders: [{ name: "otel" }],
  pathNormalization: { normalization: "MERGE_SLASHES" },
  defaultConfig: {
    concurrency: 2,
    drainDuration: "45s",
    terminationDrainDuration: "1m30.5s",
    holdApplicationUntilProxyStarts: true,
    gatewayTopology: { numTrustedProxies: 1 },
  },
};

test("a valid MeshConfig has no problem", () => {
  expect(meshConfigProblems(sound)).toEqual([]);
});

test.each([undefined, null, {}, { defaultConfig: null }, { accessLogFile: null }])(
  "%j sets nothing, and has no problem",
  (config) => {
    expect(meshConfigProblems(config)).toEqual([]);
  },
);

test("blocked and unknown fields do not fit the types", () => {
  // @ts-expect-error -- blocked
  const blocked: MeshConfig = { configSources: [] };
  // @ts-expect-error -- blocked
  const blockedBelow: MeshConfig = { defaultConfig: { image: {} } };
  // @ts-expect-error -- misspelt
  const misspelt: MeshConfig = { accesLogFile: "/dev/stdout" };
  expect(
    [blocked, blockedBelow, misspelt].map((config) => meshConfigProblems(config).length),
  ).toEqual([1, 1, 1]);
});

describe("a field that the add-on does not accept", () => {
  test.each<[unknown, string, string]>([
    [
      { configSources: [] },
      "configSources",
      "The add-on blocks the field configSources of Istio's MeshConfig. Remove it.",
    ],
    [
      { defaultConfig: { readinessProbe: {} } },
      "defaultConfig.readinessProbe",
      "The add-on blocks the field readinessProbe of Istio's ProxyConfig. Remove it.",
    ],
    [
      { accesLogFile: "/dev/stdout" },
      "accesLogFile",
      "accesLogFile is not a field of MeshConfig that the add-on accepts. Did you mean accessLogFile?",
    ],
    [
      { tcpKeepAlive: {} },
      "tcpKeepAlive",
      "tcpKeepAlive is not a field of MeshConfig that the add-on accepts. Did you mean tcpKeepalive?",
    ],
    [
      { access_log_file: "" },
      "access_log_file",
      "access_log_file is not a field of MeshConfig that the add-on accepts. Did you mean accessLogFile?",
    ],
    [
      { defaultConfig: { concurency: 2 } },
      "defaultConfig.concurency",
      "concurency is not a field of ProxyConfig that the add-on accepts. Did you mean concurrency?",
    ],
    [
      { holdApplicationUntilProxyStarts: true },
      "holdApplicationUntilProxyStarts",
      "holdApplicationUntilProxyStarts is not a field of MeshConfig that the add-on accepts. Remove it.",
    ],
    [
      { constructor: 1 },
      "constructor",
      "constructor is not a field of MeshConfig that the add-on accepts. Remove it.",
    ],
  ])("%j", (config, path, message) => {
    expect(meshConfigProblems(config)).toEqual([{ severity: "error", path, message }]);
  });

  test.each(["statsUdpAddress", "statsdUdpAddress"])(
    "defaultConfig.%s is a warning, because the two sources spell it differently",
    (name) => {
      const problems = meshConfigProblems({ defaultConfig: { [name]: "statsd:8125" } });
      expect(problems).toMatchObject([{ severity: "warning", path: `defaultConfig.${name}` }]);
    },
  );
});

describe("an invalid value", () => {
  test.each<[unknown, string, string]>([
    ["accessLogFile: /dev/stdout", "", "A MeshConfig must be an object."],
    [[], "", "A MeshConfig must be an object."],
    [{ defaultConfig: [] }, "defaultConfig", "defaultConfig must be an object. It is a list."],
    [{ accessLogFile: 1 }, "accessLogFile", "accessLogFile must be a string. It is 1."],
    [
      { accessLogFormat: { text: "x" } },
      "accessLogFormat",
      "accessLogFormat must be a string. It is an object.",
    ],
    [
      { accessLogEncoding: "json" },
      "accessLogEncoding",
      'accessLogEncoding must be TEXT or JSON. It is "json".',
    ],
    [
      { disableEnvoyListenerLog: "yes" },
      "disableEnvoyListenerLog",
      'disableEnvoyListenerLog must be true or false. It is "yes".',
    ],
    [
      { discoverySelectors: { matchLabels: {} } },
      "discoverySelectors",
      "discoverySelectors must be a list of label selectors. It is an object.",
    ],
    [
      { discoverySelectors: ["shop"] },
      "discoverySelectors",
      "discoverySelectors must be a list of label selectors. It is a list.",
    ],
    [
      { outboundTrafficPolicy: "REGISTRY_ONLY" },
      "outboundTrafficPolicy",
      'outboundTrafficPolicy must be an object. It is "REGISTRY_ONLY".',
    ],
    [
      { outboundTrafficPolicy: { mode: "DENY" } },
      "outboundTrafficPolicy.mode",
      'outboundTrafficPolicy.mode must be ALLOW_ANY or REGISTRY_ONLY. It is "DENY".',
    ],
    [
      { defaultConfig: { drainDuration: 45 } },
      "defaultConfig.drainDuration",
      "defaultConfig.drainDuration must be a duration such as 45s or 1m30s. It is 45.",
    ],
    [
      { defaultConfig: { terminationDrainDuration: "5 s" } },
      "defaultConfig.terminationDrainDuration",
      'defaultConfig.terminationDrainDuration must be a duration such as 45s or 1m30s. It is "5 s".',
    ],
    [
      { defaultConfig: { holdApplicationUntilProxyStarts: "true" } },
      "defaultConfig.holdApplicationUntilProxyStarts",
      'defaultConfig.holdApplicationUntilProxyStarts must be true or false. It is "true".',
    ],
  ])("%j", (config, path, message) => {
    expect(meshConfigProblems(config)).toEqual([{ severity: "error", path, message }]);
  });

  test.each<[unknown, string]>([
    [0, "0"],
    [-1, "-1"],
    [1.5, "1.5"],
    ["2", '"2"'],
  ])("concurrency %j", (concurrency, words) => {
    expect(meshConfigProblems({ defaultConfig: { concurrency } })).toEqual([
      {
        severity: "error",
        path: "defaultConfig.concurrency",
        message: `defaultConfig.concurrency must be an integer of at least 1: with 0, a sidecar uses every core of its node; omit it to follow the sidecar's CPU limit. It is ${words}.`,
      },
    ]);
  });

  test.each([1, 2, 64])("but concurrency %i is valid", (concurrency) => {
    expect(meshConfigProblems({ defaultConfig: { concurrency } })).toEqual([]);
  });
});

test("all problems are reported at once", () => {
  const config = {
    rootNamespace: "mesh",
    meshMtls: {},
    accessLogEncoding: "XML",
    defaultConfig: { image: {}, concurrency: 0 },
  };
  expect(meshConfigProblems(config).map(({ path }) => path)).toEqual([
    "rootNamespace",
    "meshMtls",
    "defaultConfig.image",
    "accessLogEncoding",
    "defaultConfig.concurrency",
  ]);
});

describe("over any fields", () => {
  const accepted = (fields: Readonly<Record<string, SupportLevel>>) =>
    fc.subarray(
      Object.keys(fields).filter(
        (name) => fields[name] === "allowed" && name !== "statsUdpAddress",
      ),
    );
  const withValues = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, {}]));

  test("allowed fields pass with any value, and one unknown field is one problem", () => {
    fc.assert(
      fc.property(
        accepted(meshConfigFields),
        accepted(proxyConfigFields),
        fc.string({ minLength: 1 }),
        (top, proxy, foreign) => {
          fc.pre(!Object.hasOwn(meshConfigFields, foreign) && foreign !== "__proto__");
          const config = { ...withValues(top), defaultConfig: withValues(proxy) };
          expect(meshConfigProblems(config)).toEqual([]);
          expect(meshConfigProblems({ ...config, [foreign]: 1 }).map(({ path }) => path)).toEqual([
            foreign,
          ]);
        },
      ),
    );
  });

  test("anything that YAML can express is judged without an error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(meshConfigProblems(value)).toBeInstanceOf(Array);
        expect(meshConfigProblems({ defaultConfig: value })).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("indentationProblems", () => {
  test("lists every line that a tab indents", () => {
    const yaml =
      "defaultConfig:\n\tconcurrency: 2\n  \ttracing: {}\r\naccessLogFile: /dev/stdout\n\t";
    expect(indentationProblems(yaml).map(({ path }) => path)).toEqual([
      "line 2",
      "line 3",
      "line 5",
    ]);
    expect(indentationProblems(yaml)[0]).toEqual({
      severity: "error",
      path: "line 2",
      message: "A MeshConfig must be indented with spaces, not tabs.",
    });
  });

  test("ignores tabs inside a line", () => {
    expect(indentationProblems('accessLogFormat: "a\tb"\n  meshId: x\t# why\n')).toEqual([]);
  });
});
