import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { UsageError } from "../local/errors.ts";
import type { Manifest } from "./manifests.ts";

const INDEX = "kustomization.yaml";
const HEADER = "# Written by `aks-istio render`; a later run replaces these files.\n";
const earlierIndex = z.object({ resources: z.array(z.string()) });

/** Writes manifests and a kustomization that lists them, in place of an earlier run's. */
export function writeManifests(directory: string, manifests: readonly Manifest[]): void {
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
  for (const path of earlierIndex.parse(parse(earlier)).resources) {
    rmSync(join(directory, path), { force: true });
  }
}
