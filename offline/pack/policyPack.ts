import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { analyzeMessage, stackMessage, stackResourceMessage } from "./analyzerMessages.ts";
import type { AnalyzedResource } from "./analyzerMessages.ts";
import type { Config } from "../project/config.ts";
import { UsageError } from "../errors.ts";
import { channelOptions, insecure } from "../grpc.ts";
import { startPack } from "./packProcess.ts";
import type { PackProcess } from "./packProcess.ts";
import type { PolicyPackSummary, PolicyRemediation, PolicyViolation } from "../plan/plan.ts";
import { resolvePolicySettings } from "./policySettings.ts";
import type { PolicyConfigFile, PolicySettings } from "./policySettings.ts";
import { describedPack, levelOf, toMessage } from "./protocolPolicies.ts";
import { severityOf, summaryOf } from "./policySummary.ts";
import type { SecretMask } from "../plan/secretMask.ts";
import type { StackIdentity } from "../plan/urn.ts";
import { keepSecrets } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** A policy pack that runs in its own process and judges resources. */
export class PolicyPack {
  readonly summary: PolicyPackSummary;
  readonly #client: AnalyzerClient;
  readonly #process: PackProcess;
  readonly #settings: PolicySettings;

  private constructor(
    process: PackProcess,
    client: AnalyzerClient,
    info: proto.AnalyzerInfo,
    settings: PolicySettings,
  ) {
    this.#process = process;
    this.#client = client;
    this.#settings = settings;
    this.summary = summaryOf(info, settings);
  }

  /**
   * Starts a pack the way the CLI does, with `@pulumi/pulumi/cmd/run-policy-pack`, and configures it.
   *
   * @throws UsageError if it does not start or rejects its configuration
   */
  static async start(
    directory: string,
    options: {
      readonly engineAddress: string;
      readonly identity: StackIdentity;
      readonly config: Config;
      readonly mask: SecretMask;
      readonly policyConfig: PolicyConfigFile;
      /** How long it may leave all pending requests unanswered. */
      readonly timeoutSeconds: number;
      /** Called with the function that stops the pack, before any wait. */
      readonly onStart: (stop: () => void) => void;
    },
  ): Promise<PolicyPack> {
    const process = startPack(directory, options);
    options.onStart(process.stop);
    const client = new AnalyzerClient(await process.address, insecure, channelOptions);
    await process.ask("read the stack", (done) =>
      client.configureStack(stackMessage(options), done),
    );
    const info = await process.ask<proto.AnalyzerInfo>("describe itself", (done) =>
      client.getAnalyzerInfo(new Empty(), done),
    );
    const settings = resolvePolicySettings(describedPack(info), options.policyConfig);
    const configure = new proto.ConfigureAnalyzerRequest();
    for (const [name, setting] of settings) {
      configure.getPolicyconfigMap().set(name, toMessage(setting));
    }
    await process.ask("read its configuration", (done) => client.configure(configure, done));
    return new PolicyPack(process, client, info, settings);
  }

  /** Runs the pack's policies at level `remediate`, which may change the inputs. */
  async remediate(
    analyzed: AnalyzedResource,
  ): Promise<{ readonly properties: Properties; readonly remediations: PolicyRemediation[] }> {
    if (![...this.#settings.values()].some(({ level }) => level === "remediate")) {
      return { properties: analyzed.properties, remediations: [] };
    }
    const response = await this.#process.ask<proto.RemediateResponse>(
      `remediate ${analyzed.resource.urn}`,
      (done) => this.#client.remediate(analyzeMessage(analyzed), done),
    );
    let { properties } = analyzed;
    const remediations = response.getRemediationsList().map((remediation): PolicyRemediation => {
      const diagnostic = remediation.getDiagnostic();
      const corrected = remediation.getProperties();
      if (corrected !== undefined) properties = keepSecrets(properties, corrected.toJavaScript());
      return {
        policy: remediation.getPolicyname(),
        pack: remediation.getPolicypackname(),
        description: remediation.getDescription(),
        urn: analyzed.resource.urn,
        ...(diagnostic === "" ? {} : { diagnostic }),
      };
    });
    return { properties, remediations };
  }

  async analyze(analyzed: AnalyzedResource): Promise<PolicyViolation[]> {
    const response = await this.#process.ask<proto.AnalyzeResponse>(
      `judge ${analyzed.resource.urn}`,
      (done) => this.#client.analyze(analyzeMessage(analyzed), done),
    );
    return response
      .getDiagnosticsList()
      .map((diagnostic) => this.#violation(diagnostic, analyzed.resource.urn));
  }

  async analyzeStack(resources: readonly AnalyzedResource[]): Promise<PolicyViolation[]> {
    const message = new proto.AnalyzeStackRequest();
    message.setResourcesList(resources.map(stackResourceMessage));
    const response = await this.#process.ask<proto.AnalyzeResponse>(
      "judge the whole stack",
      (done) => this.#client.analyzeStack(message, done),
    );
    return response
      .getDiagnosticsList()
      .map((diagnostic) => this.#violation(diagnostic, diagnostic.getUrn()));
  }

  stop(): void {
    this.#client.close();
    this.#process.stop();
  }

  #violation(diagnostic: proto.AnalyzeDiagnostic, urn: string): PolicyViolation {
    const reported = diagnostic.getPolicyname();
    const policy = this.summary.policies.find(({ name }) => name === reported);
    // Reports that go by the policies would leave it out, and no configuration could make it mandatory.
    if (policy === undefined) {
      throw new UsageError(
        `The policy pack ${this.summary.name} reports a violation of the policy ${JSON.stringify(reported)}, which it does not have. Correct the pack.`,
      );
    }
    const severity = severityOf(diagnostic.getSeverity()) ?? policy.severity;
    const level = levelOf(diagnostic.getEnforcementlevel());
    const description = diagnostic.getDescription();
    return {
      policy: reported,
      pack: diagnostic.getPolicypackname(),
      packVersion: diagnostic.getPolicypackversion(),
      // A violation that remains after remediation blocks the deployment.
      enforcementLevel: level === "remediate" ? "mandatory" : level,
      description,
      message: withoutPrefix(diagnostic.getMessage(), `${description}\n`),
      ...(severity === undefined ? {} : { severity }),
      ...(policy.remediationSteps === undefined
        ? {}
        : { remediationSteps: policy.remediationSteps }),
      ...(policy.url === undefined ? {} : { url: policy.url }),
      ...(urn === "" ? {} : { urn }),
    };
  }
}

/** The SDK prefixes each message with the policy's description. */
function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
