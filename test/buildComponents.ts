import { kubernetesProvider, pulumiCli } from "./deploy/harness/builds.ts";
import { nodePrograms } from "./node/harness/components.ts";
import { images } from "./node/harness/images.ts";
import { packages } from "./node/harness/packages.ts";
import { actionlint } from "./pipelines/harness/actionlint.ts";
import { renderers } from "./previews/harness/renderers.ts";
import { components } from "./real/harness/components.ts";

/*
 * Builds and downloads everything that test:previews, test:real, test:deploy and test:node run, unless an earlier run has. Each suite
 * also does this itself. This command does it in advance, in parallel with other work.
 */

const began = Date.now();

function say(line: string): void {
  process.stdout.write(`${Math.round((Date.now() - began) / 1000)} s: ${line}\n`);
}

async function build(): Promise<void> {
  await renderers(say);
  await actionlint(say);
  const control = await components(say);
  const programs = await nodePrograms(say);
  await images({ programs, control, packages: await packages(say) }, say);
  await pulumiCli(say);
  await kubernetesProvider(say);
  say("Everything is built");
}

void build();
