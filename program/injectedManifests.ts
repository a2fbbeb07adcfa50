import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../components/workloads/manualInjection.ts";

/**
 * The manifests in a file that `aks-istio inject` has written.
 *
 * @param setting the path of the setting that names the file
 * @param file by its path in the project, which is the working directory of its program
 * @throws pulumi.RunError if it cannot be read, or is no YAML
 */
export function injectedManifests(setting: string, file: string): readonly Manifest[] {
  const cannot = (reason: string) =>
    new pulumi.RunError(`${setting}: ${file} cannot be read: ${reason}.`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw cannot((error as Error).message);
  }
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  const [problem] = documents.flatMap(({ errors }) => errors);
  if (problem !== undefined) throw cannot(problem.message.split("\n")[0] ?? "");
  return documents.flatMap((document) => {
    const value: unknown = document.toJS();
    return typeof value === "object" && value !== null ? [value] : [];
  });
}
