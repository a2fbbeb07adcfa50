import type { TestProject } from "vitest/node";
import { renderers } from "./renderers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The directory with `helm` and `kustomize`. */
    renderers: string;
  }
}

/** Provides the tools that render charts and Kustomize directories. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("renderers", await renderers((line) => process.stderr.write(`${line}\n`)));
}
