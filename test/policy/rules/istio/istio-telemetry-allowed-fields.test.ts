import { describe, expect, test } from "vitest";
import { istioTelemetryAllowedFields } from "../../../../policy/rules/istio/istio-telemetry-allowed-fields.ts";
import { UNKNOWN, cluster, kubernetes, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);

function telemetry(spec: unknown, on: Fixture = provider): Fixture {
  const metadata = { name: "logs", namespace: "aks-istio-system" };
  return object(on, "telemetry.istio.io/v1", "Telemetry", { metadata, spec }, "logs");
}

async function messages(spec: unknown) {
  const reports = await run(istioTelemetryAllowedFields, [mesh, provider, telemetry(spec)]);
  return reports.map(({ level, message }) => [level, message.replace('Telemetry "logs": ', "")]);
}

const providers = [{ name: "envoy" }];

describe("istio-telemetry-allowed-fields", () => {
  test.each([
    ["access logs", { accessLogging: [{ providers }] }],
    ["access logs of one direction", { accessLogging: [{ match: { mode: "SERVER" }, providers }] }],
    ["no access logs", { accessLogging: [{ disabled: true }] }],
    [
      "metrics with other tags",
      { metrics: [{ providers: [{ name: "prometheus" }], overrides: [{ disabled: true }] }] },
    ],
    [
      "any field of tracing",
      {
        tracing: [
          { randomSamplingPercentage: 5, customTags: {}, useRequestIdForTraceSampling: true },
        ],
      },
    ],
    ["a selector", { selector: { matchLabels: { app: "web" } }, accessLogging: [{ providers }] }],
    [
      "a target",
      { targetRefs: [{ kind: "Gateway", name: "web" }], accessLogging: [{ providers }] },
    ],
    ["an empty spec", {}],
    ["no spec", undefined],
  ])("accepts %s", async (_, spec) => {
    expect(await messages(spec)).toEqual([]);
  });

  test.each([
    [
      "a filter",
      { accessLogging: [{ providers, filter: { expression: "response.code >= 400" } }] },
      "spec.accessLogging[0].filter: The add-on blocks the field accessLogging.filter of Istio's Telemetry. Remove it.",
    ],
    [
      "a filter whose value is known only later",
      { accessLogging: [{ providers }, { filter: UNKNOWN }] },
      "spec.accessLogging[1].filter: The add-on blocks the field accessLogging.filter of Istio's Telemetry. Remove it.",
    ],
    [
      "a reporting interval",
      { metrics: [{ reportingInterval: "5s" }] },
      "spec.metrics[0].reportingInterval: The add-on blocks the field metrics.reportingInterval of Istio's Telemetry. Remove it.",
    ],
    [
      "a mistyped field of an item",
      { accessLogging: [{ provider: providers }] },
      "spec.accessLogging[0].provider: provider is not a field of Telemetry that the add-on accepts. Did you mean providers?",
    ],
    [
      "a field of another part",
      { metrics: [{ match: {} }] },
      "spec.metrics[0].match: match is not a field of Telemetry that the add-on accepts. Remove it.",
    ],
    [
      "a mistyped field of the spec",
      { accessLoging: [{ providers }] },
      "spec.accessLoging: accessLoging is not a field of Telemetry that the add-on accepts. Did you mean accessLogging?",
    ],
  ])("reports %s", async (_, spec, message) => {
    expect(await messages(spec)).toEqual([["violation", message]]);
  });

  test("reports everything at once", async () => {
    const spec = { accessLogging: [{ filter: {} }], metrics: [{ reportingInterval: "5s" }], x: 1 };
    expect(await messages(spec)).toHaveLength(3);
  });

  test.each([
    ["spec", UNKNOWN],
    ["spec.accessLogging", { accessLogging: UNKNOWN }],
    ["spec.metrics[0]", { metrics: [UNKNOWN] }],
  ])("does not judge an unknown %s", async (path, spec) => {
    expect(await messages(spec)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const filtered = telemetry({ accessLogging: [{ filter: {} }] }, on);
    expect(await run(istioTelemetryAllowedFields, [plain, on, filtered])).toEqual([]);
  });
});
