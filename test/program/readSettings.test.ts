import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { newestRevision } from "../../mesh/catalog.ts";
import { readSettings } from "../../program/readSettings.ts";
import { mockEngine } from "../support/mocks.ts";
import {
  APPS,
  LEAST,
  accepted,
  handedOver,
  parsed,
  problemsOf,
  withKey,
} from "../support/settings.ts";
import type { Config } from "../support/settings.ts";

test("treats the defaults in Pulumi.yaml of unset keys as absent", () => {
  const project: unknown = parse(readFileSync("Pulumi.yaml", "utf8"));
  expect(project).toMatchObject({ name: "aks-istio" });
  const defaults = Object.fromEntries(
    Object.entries(declared(project)).map(([key, { default: value }]) => [
      `aks-istio:${key}`,
      value,
    ]),
  );
  expect(accepted({ ...defaults, ...LEAST })).toEqual(accepted(LEAST));
});

function declared(project: unknown): Record<string, { type: string; default: unknown }> {
  const { config } = project as { config: Record<string, { type: string; default: unknown }> };
  return config;
}

test("Pulumi.yaml declares exactly the keys that are read, each with type, description and default", () => {
  const config = declared(parse(readFileSync("Pulumi.yaml", "utf8")));
  const [unknown] = problemsOf({ ...LEAST, "aks-istio:zzzzzzzzz": {} });
  expect(unknown).toBe(
    `aks-istio:zzzzzzzzz: no such setting; the keys here are ${Object.keys(config).join(", ")}`,
  );
  for (const declaration of Object.values(config)) {
    expect(declaration).toEqual({
      type: "object",
      description: expect.stringMatching(/^\S.*\.$/s) as string,
      default: {},
    });
  }
});

test("the dev stack is valid", () => {
  const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Config };
  const result = parsed(config);
  expect(result).toMatchObject({ warnings: [] });
  expect(config["pulumi:disable-default-providers"]).toEqual(["kubernetes"]);
});

describe("in a running program", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function started(config: Config, secrets: readonly string[] = []): Promise<void> {
    await mockEngine({ stack: "dev" });
    pulumi.runtime.setAllConfig(handedOver(config), [...secrets]);
  }

  test("reads the configuration from the engine", async () => {
    await started(LEAST);
    expect(readSettings()).toEqual(accepted(LEAST));
  });

  test("stops it with one message and an error for which Pulumi prints no stack trace", async () => {
    await started({ ...LEAST, "aks-istio:mesh": { revison: "asm-1-30" }, "aks-istio:acces": {} });
    const error = thrownBy(readSettings);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      message: [
        'The settings of the stack "dev" cannot be used:',
        "  aks-istio:acces: no such setting; did you mean access?",
        "  aks-istio:mesh.revison: no such setting; did you mean revision?",
      ].join("\n"),
    });
  });

  test("learns from the engine which keys are encrypted", async () => {
    const gitops = {
      url: "https://github.com/a/b",
      kustomizations: APPS,
      reference: { branch: "main" },
      httpsUser: "flux",
      httpsKey: "planted",
    };
    await started(withKey("gitops", gitops), ["aks-istio:gitops"]);
    expect(readSettings().gitops).toMatchObject({ httpsKey: "planted" });
    await started(withKey("gitops", gitops));
    expect(thrownBy(readSettings)).toMatchObject({
      message: expect.stringContaining("must not be in the stack file in plain text") as string,
    });
  });

  test("treats every key as encrypted if the SDK does not tell", async () => {
    await started(LEAST);
    vi.spyOn(pulumi.runtime as { isConfigSecret?: unknown }, "isConfigSecret", "get");
    expect(thrownBy(readSettings)).toMatchObject({
      message: [
        'The settings of the stack "dev" cannot be used:',
        "  aks-istio:access: found (secret); is not a secret; set it without --secret",
        "  aks-istio:cluster: found (secret); is not a secret; set it without --secret",
        "  aks-istio:mesh: found (secret); is not a secret; set it without --secret",
        "  azure-native:location: found (secret); is not a secret; set it without --secret",
      ].join("\n"),
    });
  });

  test("logs warnings", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    await started(withKey("mesh", { revision: "asm-1-999" }));
    readSettings();
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      `aks-istio:mesh.revision: asm-1-999 is newer than ${newestRevision()}, the newest revision known here, so it could not be checked`,
    ]);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
