import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import type { z } from "zod";
import { findRevision, newestKubernetes, newestRevision } from "../mesh/catalog.ts";
import { hostProblem } from "../mesh/hosts.ts";
import { revisionsFor } from "../mesh/support.ts";
import { UsageError, messageOf } from "../offline/errors.ts";
import { KeyVaultId } from "../settings/core/resourceIds.ts";
import {
  IPv4Range,
  KubernetesVersion,
  ObjectId,
  RepositoryUrl,
  Revision,
} from "../settings/core/scalars.ts";
import { locationProblem } from "../settings/location/location.ts";
import { HELP, projectOf, collectValues } from "./previewOptions.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { newConfig, problemsOf, stackFileText } from "./stack/newStack.ts";
import { Questions } from "./stack/questions.ts";
import { requireOwnProgram } from "./stack/ownProgram.ts";

/** The options of the command. */
export interface InitFlags {
  readonly stack: string;
  readonly location?: string;
  readonly kubernetesVersion?: string;
  readonly revision?: string;
  readonly authorizedIpRange: readonly string[];
  readonly admin: readonly string[];
  readonly host?: string;
  readonly keyVaultId?: string;
  readonly gitUrl?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

const PLAN = "KubernetesOfficial";

/** The file needs keys for any other URL, and this command asks for no secret. */
const PUBLIC_URL_RULE =
  "must be the https:// URL of a public repository; for an ssh:// URL, omit it here and add gitops to the stack file with its keys (docs/settings.md#gitops)";

/** `aks-istio init`: writes the stack file of a new stack. */
export function initCommand(): Command {
  return new Command("init")
    .description("Write the file of a new stack, from options or by asking on a terminal")
    .argument("[directory]", HELP.directory)
    .option("-s, --stack <name>", "the stack", "dev")
    .option("--location <region>", "the Azure region, such as westeurope")
    .option("--kubernetes-version <version>", "the minor version of Kubernetes, such as 1.35")
    .option("--revision <revision>", "the revision of the mesh, such as asm-1-30")
    .option(
      "--authorized-ip-range <range>",
      "an IPv4 range that may reach the API server; repeatable",
      collectValues,
      [],
    )
    .option(
      "--admin <object ID>",
      "a user, group or service principal that administers the cluster; repeatable",
      collectValues,
      [],
    )
    .option("--host <host>", "a host of an ingress gateway; requires --key-vault-id")
    .option("--key-vault-id <ID>", "the resource ID of the Key Vault that holds its certificate")
    .option("--git-url <url>", "the https:// URL of a public repository that Flux applies")
    .option("--yes", "ask nothing: use the defaults for options that are not given")
    .option("--force", "overwrite the stack file if it exists")
    .action(async (directory: string | undefined, flags: InitFlags) => {
      const project = projectOf(directory);
      requireOwnProgram(project);
      const file = newFile(project.directory, flags);
      const config = newConfig(project.name, await answered(flags));
      const problems = problemsOf(project.name, config);
      if (problems.length > 0) {
        throw new UsageError(
          ["The settings cannot be used, so nothing was written:", ...problems].join("\n  "),
        );
      }
      write(file, stackFileText(config), flags.force === true);
      process.stdout.write(escapeMessage(`Wrote ${file}.\n${nextSteps(flags.stack)}`));
    });
}

/** @throws UsageError if the stack has no such name, or a file already */
function newFile(directory: string, { stack, force }: InitFlags): string {
  if (!/^[\w.-]{1,100}$/.test(stack)) {
    throw new UsageError(
      `--stack ${stack} is not a valid stack name: up to 100 letters, digits, hyphens, underscores and periods.`,
    );
  }
  const file = join(directory, `Pulumi.${stack}.yaml`);
  if (force !== true && existsSync(file)) {
    throw new UsageError(`${file} exists. Choose another --stack, or overwrite it with --force.`);
  }
  return file;
}

/** @throws UsageError if the file cannot be written */
function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${messageOf(error)}`);
  }
}

/** @throws UsageError with every missing option if it cannot ask for them */
async function answered(flags: InitFlags) {
  const { kubernetesVersion, revision } = defaults(flags);
  const { location, authorizedIpRange, admin, host, keyVaultId, gitUrl } = flags;
  // Not quoted: a URL may contain a password.
  if (isSsh(gitUrl)) throw new UsageError(`--git-url ${PUBLIC_URL_RULE}.`);
  if (flags.yes !== true && process.stdin.isTTY) {
    const questions = new Questions(process.stdin, process.stdout);
    try {
      return await asked(questions, flags);
    } finally {
      questions.close();
    }
  }
  const missing = [
    ...(location === undefined ? ["--location"] : []),
    ...(authorizedIpRange.length === 0 ? ["--authorized-ip-range"] : []),
    ...(admin.length === 0 ? ["--admin"] : []),
    ...(host !== undefined && keyVaultId === undefined ? ["--key-vault-id"] : []),
    ...(host === undefined && keyVaultId !== undefined ? ["--host"] : []),
  ];
  if (location === undefined || missing.length > 0) {
    const asking =
      flags.yes === true ? "" : " Pass them, or run init on a terminal, where it asks.";
    throw new UsageError(`Missing options, which have no default: ${missing.join(", ")}.${asking}`);
  }
  return {
    location,
    kubernetesVersion,
    revision,
    authorizedIPRanges: authorizedIpRange,
    administrators: admin,
    ...ingressOf(host, keyVaultId),
    ...(gitUrl === undefined ? {} : { gitUrl }),
  };
}

/** Asks for values that no option gives. */
export async function asked(questions: Questions, flags: InitFlags) {
  const ask = (given: string | undefined, text: string, problem: Problem, preset?: string) =>
    given ?? questions.ask({ text, problem, ...(preset === undefined ? {} : { preset }) });
  const list = async (given: readonly string[], text: string, problem: Problem) =>
    given.length > 0 ? given : listed(await ask(undefined, text, ofEach(problem)));

  const location = await ask(flags.location, "Azure region, such as westeurope", locationProblem);
  const kubernetesVersion = await ask(
    flags.kubernetesVersion,
    `Kubernetes version (az aks get-versions --location ${location} lists them)`,
    by(KubernetesVersion),
    defaults(flags).kubernetesVersion,
  );
  const revision = await ask(
    flags.revision,
    `Mesh revision (az aks mesh get-revisions --location ${location} lists them)`,
    by(Revision),
    defaults({ ...flags, kubernetesVersion }).revision,
  );
  const authorizedIPRanges = await list(
    flags.authorizedIpRange,
    "IPv4 ranges that may reach the API server, separated by commas",
    by(IPv4Range),
  );
  const administrators = await list(
    flags.admin,
    "Object IDs of administrators, separated by commas (az ad signed-in-user show --query id prints yours)",
    by(ObjectId),
  );
  const host = await ask(flags.host, "Host of an ingress gateway", orNone(hostProblem), "");
  const keyVaultId =
    host === ""
      ? undefined
      : await ask(
          flags.keyVaultId,
          `Resource ID of the Key Vault with the certificate of ${host}`,
          by(KeyVaultId),
        );
  const gitUrl = await ask(
    flags.gitUrl,
    "https:// URL of a public Git repository that Flux applies",
    orNone(publicUrlProblem),
    "",
  );
  return {
    location,
    kubernetesVersion,
    revision,
    authorizedIPRanges,
    administrators,
    ...ingressOf(host === "" ? undefined : host, keyVaultId),
    ...(gitUrl === "" ? {} : { gitUrl }),
  };
}

function ingressOf(host: string | undefined, keyVaultId: string | undefined) {
  return host === undefined || keyVaultId === undefined ? {} : { ingress: { host, keyVaultId } };
}

/** The newest revision and Kubernetes version that fit what is given. */
function defaults({ kubernetesVersion, revision }: Partial<InitFlags>) {
  const fitting =
    kubernetesVersion === undefined
      ? undefined
      : revisionsFor({ kubernetesVersion, plan: PLAN }).at(-1)?.revision;
  const runs = revision ?? fitting ?? newestRevision();
  const newest = findRevision(runs)?.kubernetes[PLAN].newest ?? newestKubernetes();
  return { revision: runs, kubernetesVersion: kubernetesVersion ?? newest };
}

type Problem = (answer: string) => string | undefined;

function by(schema: z.ZodType): Problem {
  return (answer) => schema.safeParse(answer).error?.issues[0]?.message;
}

function publicUrlProblem(url: string): string | undefined {
  return isSsh(url) ? PUBLIC_URL_RULE : by(RepositoryUrl)(url);
}

function isSsh(url: string | undefined): boolean {
  return url !== undefined && /^ssh:/i.test(url);
}

function orNone(problem: Problem): Problem {
  return (answer) => (answer === "" ? undefined : problem(answer));
}

function ofEach(problem: Problem): Problem {
  return (answer) => {
    const wrong = listed(answer).find((entry) => problem(entry) !== undefined);
    return wrong === undefined ? undefined : `has ${wrong}, which ${problem(wrong) ?? ""}`;
  };
}

function listed(answer: string): readonly string[] {
  return answer.split(",").map((entry) => entry.trim());
}

function nextSteps(stack: string): string {
  return [
    "Next:",
    `  npx aks-istio preview --stack ${stack}`,
    `  pulumi stack init ${stack}`,
    `  pulumi up --stack ${stack} --policy-pack policy`,
    "docs/settings.md describes every other setting.",
    "",
  ].join("\n");
}
