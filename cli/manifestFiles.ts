import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { UsageError, messageOf } from "../local/errors.ts";
import { schemaProblems } from "../local/schemaProblems.ts";
import { readYaml } from "../local/yamlFile.ts";
import type { Manifest } from "./manifests.ts";

const INDEX = "kustomization.yaml";
const HEADER = "# Written by `aks-istio render`; a later run replaces these files.\n";
/** The paths that a run gives its files. */
const WRITTEN = /^([a-z0-9-][a-z0-9.-]*\/)?\d+-[a-z0-9.-]+\.yaml$/;
const earlierIndex = z.object({ resources: z.array(z.string()) });

/** Writes manifests and a kustomization that lists them, in place of an earlier run's. */
export function writeManifests(directory: string, manifests: readonly Manifest[]): void {
  try {
    clear(directory);
    for (const { path, object } of manifests) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, stringify(object, { lineWidth: 0 }));
    }
    mkdirSync(directory, { recursive: true });
    const index = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: manifests.map(({ path }) => path),
    };
    writeFileSync(join(directory, INDEX), HEADER + stringify(index));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${directory} cannot be written: ${messageOf(error)}`);
  }
}

/** Removes what an earlier run wrote, and nothing else. */
function clear(directory: string): void {
  if (!existsSync(directory) || readdirSync(directory).length === 0) return;
  const index = join(directory, INDEX);
  const earlier = existsSync(index) ? readFileSync(index, "utf8") : "";
  if (!earlier.startsWith(HEADER)) {
    throw new UsageError(
      `${directory} is not empty and was not written by \`aks-istio render\`. Name another directory with --out.`,
    );
  }
  const parsed = earlierIndex.safeParse(readYaml(index));
  if (!parsed.success) throw new UsageError(schemaProblems(index, parsed.error).join("\n"));
  for (const path of parsed.data.resources) {
    // People add entries of their own.
    if (WRITTEN.test(path)) rmSync(join(directory, path), { force: true });
  }
}
