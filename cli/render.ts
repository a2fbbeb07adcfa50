import { Command } from "commander";
import { preview } from "../local/preview.ts";
import { addProgramOptions, toPreviewOptions } from "./previewOptions.ts";
import type { ProgramFlags } from "./previewOptions.ts";
import { toManifests } from "./manifests.ts";
import { writeManifests } from "./manifestFiles.ts";

interface RenderFlags extends ProgramFlags {
  readonly out: string;
}

/** `aks-istio render`: the program's Kubernetes objects as plain YAML. */
export function renderCommand(home: string): Command {
  const command = new Command("render").description(
    "Write the Kubernetes objects of a Pulumi program as plain YAML",
  );
  addProgramOptions(command)
    .requiredOption(
      "-o, --out <directory>",
      "where to write; a directory of an earlier run is replaced",
    )
    .action(async (directory: string | undefined, flags: RenderFlags) => {
      const plan = await preview(
        toPreviewOptions(home, directory, flags, { policyPack: false, policyPackConfig: [] }),
      );
      const { manifests, notes } = toManifests(plan);
      writeManifests(flags.out, manifests);
      for (const note of notes) process.stderr.write(`${note}\n`);
      const objects = manifests.length === 1 ? "1 object" : `${manifests.length} objects`;
      process.stdout.write(`${objects} written to ${flags.out}\n`);
    });
  return command;
}
