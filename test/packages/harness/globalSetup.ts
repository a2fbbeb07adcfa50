import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { pack } from "./tarballs.ts";
import type { Tarball } from "./tarballs.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Every package as npm packs it, by name. */
    tarballs: Readonly<Record<string, Tarball>>;
  }
}

/** Builds and packs every package, once for all tests. */
export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), "packages-"));
  project.provide("tarballs", pack(directory));
  return () => {
    rmSync(directory, { recursive: true });
  };
}
