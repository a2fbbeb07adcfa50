import { addFluxContents } from "./contents/fluxContents.ts";
import type { FluxContents } from "./contents/fluxContents.ts";
import type { GitTrees } from "./contents/gitTrees.ts";
import type { Assumptions } from "./engine/assumptions.ts";
import type { AnalyzedResource } from "./pack/analyzerMessages.ts";
import type { Config } from "./project/config.ts";
import { Engine } from "./engine/engine.ts";
import { UsageError } from "./errors.ts";
import { EXISTS_RESOURCE, existsResourceService } from "./engine/existsResource.ts";
import { serve } from "./grpc.ts";
import { withoutCredentials } from "../manifests/tools/withoutCredentials.ts";
import { KeptLines } from "./program/keptLines.ts";
import { Monitor } from "./engine/monitor.ts";
import { findNotJudged, notJudgedCalls } from "./plan/notJudged.ts";
import type { Unknowns } from "./plan/notJudged.ts";
import type {
  Diagnostic,
  Plan,
  PlannedResource,
  PolicyRemediation,
  PolicyViolation,
} from "./plan/plan.ts";
import { compareText, sortByDependency, sortForReport } from "./plan/planOrder.ts";
import { PolicyPack } from "./pack/policyPack.ts";
import type { PolicyConfigFile } from "./pack/policySettings.ts";
import { startProgram } from "./program/program.ts";
import { readableError } from "./program/programError.ts";
import type { Project } from "./project/project.ts";
import { providerOf } from "./pack/providers.ts";
import { SecretMask } from "./plan/secretMask.ts";
import { STACK_TYPE, isProviderType, providerUrn } from "./plan/urn.ts";
import { containsUnknown, mapTexts, secretTexts } from "./plan/values.ts";
import type { Properties } from "./plan/values.ts";

export interface PreviewOptions {
  readonly project: Project;
  readonly organization: string;
  readonly stack: string;
  readonly config: Config;
  readonly assumptions: Assumptions;
  readonly policyPacks: readonly {
    readonly directory: string;
    readonly config: PolicyConfigFile;
  }[];
  /** Where the trees are that Flux configurations apply; absent to leave out what Flux applies. */
  readonly gitTrees?: GitTrees;
  /** Warnings to show first, such as sections of the stack file that Pulumi ignores. */
  readonly warnings?: readonly string[];
  /** How many seconds a policy pack may take without an answer. Default: 600. */
  readonly policyTimeout?: number | undefined;
  /** Called with each resource as it is planned, for a progress display. */
  readonly onResource?: (resource: PlannedResource) => void;
}

/**
 * Previews the first deployment of a program: runs it as the Pulumi CLI would, with its policy packs, and returns the
 * plan. Deploys nothing, keeps no state, and makes no network connections.
 *
 * @throws UsageError if the program or a pack fails
 */
export async function preview(options: PreviewOptions): Promise<Plan> {
  const mask = SecretMask.ofConfig(options.config);
  const run = new Run(options, mask);
  try {
    return masked(await run.toPlan(), mask);
  } catch (error) {
    if (error instanceof Error) {
      error.message = mask.hide(error.message);
      if (error.stack !== undefined) error.stack = mask.hide(error.stack);
    }
    throw error;
  } finally {
    run.stop();
  }
}

/** The slowest answer covers a whole stack. For 20,000 resources it takes less than two minutes. */
const DEFAULT_POLICY_TIMEOUT_SECONDS = 600;

const OUTPUT_HELD =
  "The program ended, but a process that it started kept its output open. That process was stopped after 5 s, so the end of the output may be missing.";

class Run {
  readonly #options: PreviewOptions;
  readonly #mask: SecretMask;
  readonly #engine: Engine;
  readonly #monitor: Monitor;
  readonly #printed: KeptLines;
  readonly #violations: PolicyViolation[] = [];
  readonly #remediations: PolicyRemediation[] = [];
  readonly #stops: (() => void)[] = [];
  #packs: Promise<readonly PolicyPack[]> = Promise.resolve([]);
  #stackReviewed: Promise<unknown> = Promise.resolve();
  #flux: FluxContents = { unseen: new Map(), problems: [] };
  #failPack: (error: unknown) => void = () => undefined;
  /** Rejects if a pack cannot judge a resource, because the program would wait for the answer forever. */
  readonly #packFailed = new Promise<never>((_, reject) => (this.#failPack = reject));

  constructor(options: PreviewOptions, mask: SecretMask) {
    this.#options = options;
    this.#mask = mask;
    this.#engine = new Engine(mask);
    this.#printed = new KeptLines(mask);
    this.#monitor = new Monitor({
      identity: this.#identity,
      projectDirectory: options.project.directory,
      programDirectory: options.project.programDirectory,
      kubernetesNamespace: options.config.get("kubernetes:namespace")?.value,
      assumptions: options.assumptions,
      disabledDefaultProviders: disabledProviders(options.config),
      judge: (resource) => this.#orFail(this.#judge(resource, resource.inputs)),
      review: (resource) => {
        const reviewed = this.#orFail(this.#review(resource));
        if (resource.type !== STACK_TYPE) return reviewed;
        // The stack itself has no inputs to remediate. The program does not wait for its review, so
        // it loads its packages while the policies load theirs on another processor.
        this.#stackReviewed = reviewed;
        return Promise.resolve(resource.inputs);
      },
    });
  }

  /** Ends the preview if a review fails. */
  #orFail<Reviewed>(review: Promise<Reviewed>): Promise<Reviewed> {
    review.catch((error: unknown) => {
      this.#failPack(error);
    });
    return review;
  }

  get #identity() {
    const { organization, project, stack } = this.#options;
    return { organization, project: project.name, stack };
  }

  async toPlan(): Promise<Plan> {
    const server = await serve([
      [this.#engine.service, this.#engine.implementation],
      [this.#monitor.service, this.#monitor.implementation],
      existsResourceService(() => {
        this.#monitor.invokes.leaveUnanswered(EXISTS_RESOURCE);
      }),
    ]);
    this.#stops.push(server.stop);

    this.#packs = Promise.all(
      this.#options.policyPacks.map((pack) => this.#start(pack, server.address)),
    );
    const program = this.#runProgram(server.address);
    // If a pack does not start, the preview fails without waiting for the program.
    await Promise.race([this.#packFailed, Promise.all([program, this.#packs])]);
    await this.#stackReviewed;
    await Promise.race([this.#packFailed, this.#followFlux()]);
    await this.#reviewStack();

    const { organization, project, stack, config } = this.#options;
    const resources = sortByDependency(this.#monitor.registry.resources.values());
    return {
      organization,
      project: project.name,
      stack,
      config: Object.fromEntries(
        [...config].map(([key, { value, secret }]) => [key, secret ? "[secret]" : value]),
      ),
      resources,
      contents: sortByDependency(this.#monitor.registry.contents.values()),
      diagnostics: [...this.#warnings(), ...this.#prints(), ...this.#engine.diagnostics],
      packs: (await this.#packs).map(({ summary }) => summary),
      violations: sortForReport(this.#violations),
      remediations: [...this.#remediations].sort((a, b) =>
        compareText(`${a.policy} ${a.urn}`, `${b.policy} ${b.urn}`),
      ),
      notJudged: [...findNotJudged(resources, this.#unknowns), ...this.#flux.problems],
    };
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#monitor.close();
  }

  async #start(
    { directory, config: policyConfig }: PreviewOptions["policyPacks"][number],
    engineAddress: string,
  ): Promise<PolicyPack> {
    const pack = await PolicyPack.start(directory, {
      engineAddress,
      identity: this.#identity,
      config: this.#options.config,
      mask: this.#mask,
      policyConfig,
      timeoutSeconds: this.#options.policyTimeout ?? DEFAULT_POLICY_TIMEOUT_SECONDS,
      onStart: (stop) => this.#stops.push(stop),
    });
    this.#stops.push(() => {
      pack.stop();
    });
    return pack;
  }

  async #runProgram(address: string): Promise<void> {
    const { project, config } = this.#options;
    const complained = new KeptLines(this.#mask);
    const program = startProgram(project, {
      identity: this.#identity,
      config,
      address,
      onText: (stream, text) => {
        (stream === "stdout" ? this.#printed : complained).add(text);
      },
    });
    this.#stops.push(program.stop);
    const { code, signal, outputHeld } = await program.ended;
    this.#printed.end();
    complained.end();

    const failures = this.#failures();
    if (code === 0 && failures.length === 0 && this.#monitor.registry.resources.size === 0) {
      failures.push("It ended before it registered its stack or any resource.");
    }
    if (code === 0 && failures.length === 0) {
      if (!complained.isEmpty) this.#engine.report("info#err", complained.lines.join("\n"));
      if (outputHeld) this.#engine.report("warning", OUTPUT_HELD);
      return;
    }
    if (failures.length === 0) {
      const said = readableError(complained.lines.join("\n"), project.directory);
      failures.push(said === "" ? `ended with ${signal ?? `exit code ${code ?? "none"}`}` : said);
    }
    throw new UsageError(
      [
        `The program at ${project.programDirectory} failed: ${failures.join("\n")}`,
        ...this.#perhapsWhy(),
        ...(this.#options.warnings ?? []),
      ].join("\n"),
    );
  }

  async #followFlux(): Promise<void> {
    const { gitTrees, project } = this.#options;
    if (gitTrees === undefined) return;
    this.#flux = await addFluxContents(this.#monitor.registry, gitTrees, project.directory);
  }

  #failures(): string[] {
    // The program logs each refusal again in its own words.
    if (this.#monitor.registry.problems.length > 0) return [...this.#monitor.registry.problems];
    return this.#engine.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => readableError(message, this.#options.project.directory));
  }

  async #review(resource: PlannedResource): Promise<Properties> {
    this.#options.onResource?.(resource);
    let inputs = resource.inputs;
    for (const pack of await this.#packs) {
      const { properties, remediations } = await pack.remediate(this.#analyzed(resource, inputs));
      inputs = properties;
      this.#remediations.push(...remediations);
    }
    await this.#judge(resource, inputs);
    return inputs;
  }

  async #judge(resource: PlannedResource, inputs: Properties): Promise<void> {
    for (const pack of await this.#packs) {
      this.#violations.push(...(await pack.analyze(this.#analyzed(resource, inputs))));
    }
  }

  async #reviewStack(): Promise<void> {
    const { resources: registered, contents } = this.#monitor.registry;
    const resources = sortByDependency([...registered.values(), ...contents.values()]).map(
      (resource) => this.#analyzed(resource, this.#outputsAtFirstPreview(resource)),
    );
    for (const pack of await this.#packs) {
      this.#violations.push(...(await pack.analyzeStack(resources)));
    }
  }

  /**
   * The engine does not call a provider that has unknown configuration, such as the kubeconfig of a cluster that does
   * not exist yet, and gives stack policies no properties of its resources.
   */
  #outputsAtFirstPreview(resource: PlannedResource): Properties {
    const provider = this.#monitor.registry.resources.get(providerUrn(resource.provider));
    const unconfigured =
      provider !== undefined &&
      !isProviderType(resource.type) &&
      Object.values(provider.inputs).some(containsUnknown);
    return unconfigured && resource.custom ? {} : resource.outputs;
  }

  #analyzed(resource: PlannedResource, properties: Properties): AnalyzedResource {
    const { resources } = this.#monitor.registry;
    const provider = providerOf(resource, resources, this.#identity, this.#options.config);
    return { resource, properties, provider };
  }

  /**
   * Printed output is kept apart from log messages, which arrive on another channel: order is kept only within each.
   */
  #prints(): Diagnostic[] {
    return this.#printed.lines.map((message) => ({ severity: "info", message }));
  }

  #warnings(): Diagnostic[] {
    const unused = this.#options.assumptions.unused();
    const unusedTrees = this.#options.gitTrees?.unused() ?? [];
    const messages = [
      ...(this.#options.warnings ?? []),
      ...(unused.length === 0
        ? []
        : [
            `The program did not use these answers of --assume: ${unused.join("; ")}. Check the token, type or name, and the arguments.`,
          ]),
      ...unusedTrees.map(
        ({ url, directory }) =>
          `No Flux configuration of the program applies ${url === undefined ? directory : withoutCredentials(url)}, which --gitops names. Check the ${url === undefined ? "option" : "URL"}.`,
      ),
    ];
    return messages.map((message) => ({ severity: "warning", message }));
  }

  get #unknowns(): Unknowns {
    const { registry, expansion, invokes } = this.#monitor;
    return {
      unseen: new Map([...expansion.unseen, ...this.#flux.unseen]),
      unread: registry.unread,
      unanswered: invokes.unanswered,
    };
  }

  /** A program may fail because it uses an unknown value as if it were known. */
  #perhapsWhy(): string[] {
    const { unanswered } = this.#unknowns;
    if (unanswered.length === 0) return [];
    const calls = notJudgedCalls(unanswered).map(({ what, fix = "" }) =>
      `  ${what}. ${fix}`.trimEnd(),
    );
    return ["The cause may be an unanswered call:", ...calls];
  }
}

function disabledProviders(config: Config): readonly string[] {
  const setting = config.get("pulumi:disable-default-providers")?.value;
  if (setting === undefined) return [];
  try {
    const names: unknown = JSON.parse(setting);
    if (Array.isArray(names)) return names.map(String);
  } catch {
    // The parser's message would quote the setting, which may be secret.
  }
  throw new UsageError("pulumi:disable-default-providers must be a list of package names.");
}

/** Masks secrets in a plan. As in the CLI, the names and inputs of resources stay unmasked here. */
function masked(plan: Plan, mask: SecretMask): Plan {
  // Packs get secret values without the marks, so they may quote them.
  const inputs = mask.withSecrets(
    [...plan.resources, ...plan.contents].flatMap((resource) => secretTexts(resource.inputs)),
  );
  const hide = (text: string) => mask.hide(text);
  const hideFinding = (text: string) => inputs.hide(text);
  return {
    ...plan,
    config: Object.fromEntries(
      Object.entries(plan.config).map(([key, value]) => [key, hide(value)]),
    ),
    resources: plan.resources.map((resource) =>
      resource.type === STACK_TYPE
        ? { ...resource, outputs: mapTexts(resource.outputs, hide) }
        : resource,
    ),
    diagnostics: plan.diagnostics.map((said) => ({ ...said, message: hide(said.message) })),
    violations: plan.violations.map((found) => ({ ...found, message: hideFinding(found.message) })),
    remediations: plan.remediations.map((made) =>
      made.diagnostic === undefined ? made : { ...made, diagnostic: hideFinding(made.diagnostic) },
    ),
    notJudged: plan.notJudged.map((item) => ({
      ...item,
      what: hide(item.what),
      // Tools may quote the values of a chart.
      reason: hideFinding(item.reason),
    })),
  };
}
