import { resolve } from "node:path";
import { readManifestText } from "../../manifests/manifestText.ts";
import { messageOf } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import { readText } from "../../offline/project/textFile.ts";
import { pathText } from "../../settings/core/path.ts";
import type { Settings } from "../../settings/schema.ts";

/** A line for each file of workloads with manual injection that the program could not read. */
export function injectedFileProblems(project: Project, { workloads }: Settings): readonly string[] {
  return Object.entries(workloads).flatMap(([name, { injected }]) => {
    if (injected === undefined) return [];
    const steps = ["workloads", name, "injected"];
    const at = pathText(project.name, steps);
    try {
      const text = readText(resolve(project.programDirectory, injected));
      const [unread] = readManifestText(text, injected).unread;
      return unread === undefined ? [] : [`${at}: ${injected} cannot be read: ${unread.reason}`];
    } catch (error) {
      return [`${at}: ${messageOf(error)}`];
    }
  });
}
