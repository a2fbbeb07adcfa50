import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { AZURE } from "./azure.ts";
import { mockEngine } from "./mocks.ts";
import type { MockOptions, Recorder } from "./mocks.ts";
import { handedOver } from "./settings.ts";
import type { Config } from "./settings.ts";

/** What the program makes of a stack file's `config`, with what Azure has as outputs beyond the inputs. */
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
  // A program is run once, when it is loaded.
  vi.resetModules();
  await import("../../index.ts");
  await engine.settle();
  return engine;
}
