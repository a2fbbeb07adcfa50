import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { AZURE } from "./azure.ts";
import { mockEngine } from "./mocks.ts";
import type { MockOptions, Recorder } from "./mocks.ts";
import { handedOver } from "./settings.ts";
import type { Config } from "./settings.ts";

/** What the program creates from a stack file's `config`, with additional outputs from Azure. */
export async function madeBy(
  config: Config,
  { outputs, preview = false }: Pick<MockOptions, "outputs" | "preview"> = {},
): Promise<Recorder> {
  const engine = await mockEngine({
    ...AZURE,
    stack: "dev",
    preview,
    outputs: { ...AZURE.outputs, ...outputs },
  });
  pulumi.runtime.setAllConfig(handedOver(config));
  // A program runs once, when it is loaded.
  vi.resetModules();
  await import("../../index.ts");
  await engine.settle();
  return engine;
}
