import { existsSync, readdirSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { catalog } from "../mesh/catalog.ts";
import { AccessError } from "../operate/accessError.ts";
import { ownPack } from "./ownPack.ts";
import type { PreviewDefaults } from "./previewOptions.ts";
import { runCommands } from "./runCommands.ts";

/** The checkout or installation that contains this file. */
const home = nearest("package.json", __dirname);

runCommands({
  name: "aks-istio",
  description: "Infrastructure code for AKS with the Istio-based service mesh add-on",
  commands: {
    init: async () => (await import("./init.ts")).initCommand(),
    preflight: async () => (await import("./preflight.ts")).preflightCommand(),
    preview: async () => (await import("./preview.ts")).previewCommand(await defaults()),
    comment: async () => (await import("./comment.ts")).commentCommand(),
    check: async () => (await import("./check.ts")).checkCommand(),
    rehearse: async () => (await import("./rehearse.ts")).rehearseCommand(),
    render: async () => (await import("./render.ts")).renderCommand(await defaults()),
    revisions: async () => (await import("./revisions.ts")).revisionsCommand(home),
    upgrade: async () => (await import("./upgrade.ts")).upgradeCommand(ownPack(home)),
    verify: async () => (await import("./verify.ts")).verifyCommand(),
    validate: async () => (await import("./validate.ts")).validateCommand(),
    inject: async () => (await import("./inject.ts")).injectCommand(),
    "migrate-osm": async () => (await import("./migrateOsm.ts")).migrateOsmCommand(),
    "migrate-istio": async () => (await import("./migrateIstio.ts")).migrateIstioCommand(),
    explain: async () => (await import("./explain.ts")).explainCommand(home),
  },
  suggestions: { what: policies, policy: policies, revision: revisions, revisions },
  isExpected: (error) => error instanceof AccessError,
});

async function defaults(): Promise<PreviewDefaults> {
  return { pack: ownPack(home), configOf: (await import("./stackConfig.ts")).configOf };
}

/** Those that have a page. */
function policies(): readonly string[] {
  return readdirSync(join(home, "docs/policies")).map((file) => parse(file).name);
}

function revisions(): readonly string[] {
  return catalog.revisions.map(({ revision }) => revision);
}

/** The directory, or the nearest one above it, that contains a file. */
function nearest(file: string, directory: string): string {
  return existsSync(join(directory, file)) ? directory : nearest(file, dirname(directory));
}
