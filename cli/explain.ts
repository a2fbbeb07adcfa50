import { readFileSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import { exitCodeOf } from "../operate/explain/explanation.ts";
import type { Explanation } from "../operate/explain/explanation.ts";
import { closest } from "../text/suggest.ts";
import { parseRevisions } from "./check/settings.ts";
import { explainPodOf } from "./explain/pod.ts";
import type { PodFlags } from "./explain/pod.ts";
import { namesKind } from "./explain/reference.ts";
import { explainRequestOf, parsePort } from "./explain/request.ts";
import type { RequestFlags } from "./explain/request.ts";
import { addClusterOptions } from "./operate/clusterOptions.ts";
import { stylesFor } from "./output/styles.ts";
import { OUTPUTS } from "./reports/observations.ts";
import type { Output } from "./reports/observations.ts";
import { printExplanation } from "./reports/steps.ts";

interface OutputFlags {
  readonly output: Output;
}

/** `aks-istio explain`: the page of a policy, or why a pod has its sidecar and what happens to a request. */
export function explainCommand(home: string): Command {
  const command = new Command("explain")
    .description(
      "Show what a policy requires, why a pod has its sidecar or none, or what decides about a request",
    )
    .argument(
      "<what>",
      "pod/NAME, deployment/NAME, or the name of a policy, such as mesh-osm-conflict",
    )
    .option(
      "-f, --file <file>",
      "a manifest with the pod or workload, and its namespace; - for standard input",
    )
    .option(
      "--revision <revisions>",
      "with -f: the add-on's revisions, instead of a cluster",
      parseRevisions,
    )
    .option("-s, --stack <name>", "explain a planned pod or workload of a stack, by its preview")
    .option("--plan <file>", "the same for a plan that preview --json has written");
  return addOutput(addClusterOptions(command))
    .action(async (what: string, flags: PodFlags & OutputFlags) => {
      if (namesKind(what)) print(await explainPodOf(what, flags), flags);
      else process.stdout.write(pageOf(join(home, "docs/policies"), what));
    })
    .addCommand(policyCommand(home))
    .addCommand(requestCommand());
}

function policyCommand(home: string): Command {
  return new Command("policy")
    .description("Show what a policy requires, why, how to fix it, and how to exempt a resource")
    .argument("<policy>", "name of a policy, such as mesh-osm-conflict")
    .action((name: string) => {
      process.stdout.write(pageOf(join(home, "docs/policies"), name));
    });
}

function requestCommand(): Command {
  const command = new Command("request")
    .description(
      "Show which policies, routes and mutual TLS modes decide about a request, and the verdict",
    )
    .argument(
      "<from>",
      "pod/NAME, deployment/NAME, service/NAME, NAMESPACE/NAME of a Deployment, or ingress[/GATEWAY] for a client outside",
    )
    .argument(
      "<to>",
      "service/NAME, deployment/NAME, pod/NAME, NAMESPACE/NAME of a Service, or a host",
    )
    .option(
      "--port <number>",
      "port of the service (default: its only port; at a gateway, 443 or 80)",
      parsePort,
    )
    .option("--method <method>", "method of the request", "GET")
    .option("--path <path>", "path of the request", "/")
    .option("--host <host>", "host of the request at a gateway (default: TO)");
  return addOutput(addClusterOptions(command)).action(
    async (from: string, to: string, flags: RequestFlags & OutputFlags) => {
      print(await explainRequestOf(from, to, flags), flags);
    },
  );
}

function addOutput(command: Command): Command {
  return command
    .option("-n, --namespace <name>", "namespace of names without one", "default")
    .addOption(
      new Option("-o, --output <format>", "format of the result").choices(OUTPUTS).default("table"),
    );
}

function print(explanation: Explanation, { output }: OutputFlags): void {
  process.stdout.write(printExplanation(explanation, output, stylesFor(process.stdout)));
  process.exitCode = exitCodeOf(explanation);
}

/** @throws UsageError if the pack has no such policy */
function pageOf(folder: string, policy: string): string {
  const names = readdirSync(folder).map((file) => parse(file).name);
  if (!names.includes(policy)) {
    const meant = closest(policy, names);
    throw new UsageError(
      `"${policy}" is not a policy of this pack${meant === undefined ? ". docs/policies.md lists them. Write a pod as pod/NAME, and a workload as deployment/NAME." : `; did you mean ${meant}?`}`,
    );
  }
  // The note for contributors is not for readers.
  return readFileSync(join(folder, `${policy}.md`), "utf8").replace(/^<!--.*-->\n\n/, "");
}
