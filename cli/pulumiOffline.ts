import { stackConfig } from "../offline/project/stackConfig.ts";
import { runCommands } from "./runCommands.ts";

runCommands({
  name: "pulumi-offline",
  description: "Preview Pulumi Node.js programs offline, with policy packs",
  commands: {
    preview: async () =>
      (await import("./preview.ts")).previewCommand({ pack: undefined, configOf: stackConfig }),
  },
});
