import type { TestProject } from "vitest/node";
import { actionlint } from "./actionlint.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of actionlint. */
    actionlint: string;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide("actionlint", await actionlint((line) => process.stderr.write(`${line}\n`)));
}
