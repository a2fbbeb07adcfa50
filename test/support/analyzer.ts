import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { TODAY, urnOf } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";

const RUNNER = "@pulumi/pulumi/cmd/run-policy-pack";

export const { ADVISORY, DISABLED, MANDATORY, REMEDIATE } = proto.EnforcementLevel;

/** Policy settings by name, as the engine sends them: properties, and a level if it overrides the policy's own. */
export type PolicyConfig = Readonly<
  Record<string, { readonly level?: proto.EnforcementLevel; readonly properties?: Props }>
>;

export interface Diagnostic {
  readonly policy: string;
  readonly level: proto.EnforcementLevel;
  readonly message: string;
  /** The resource; only for stack policies. */
  readonly urn?: string;
}

/** The policy pack in its own process, called the way the engine does. */
export class Analyzer {
  readonly info: proto.AnalyzerInfo;
  readonly #client: AnalyzerClient;
  readonly #kill: () => void;

  private constructor(info: proto.AnalyzerInfo, client: AnalyzerClient, kill: () => void) {
    this.info = info;
    this.#client = client;
    this.#kill = kill;
  }

  static async start(pack = resolve("policy")): Promise<Analyzer> {
    const runner = createRequire(resolve("package.json")).resolve(RUNNER);
    const child = spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
      cwd: pack,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const kill = () => {
      child.kill("SIGKILL");
    };
    process.on("exit", kill);
    const port = await new Promise<string>((found, lost) => {
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += String(chunk);
        const [, number] = /^(\d+)\n/m.exec(said) ?? [];
        if (number !== undefined) found(number);
      });
      child.on("exit", (code) => {
        lost(new Error(`The pack ended with code ${code ?? "none"} before it was ready: ${said}`));
      });
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const info = await call<proto.AnalyzerInfo>((done) =>
      client.getAnalyzerInfo(new Empty(), done),
    );
    const analyzer = new Analyzer(info, client, kill);
    await analyzer.configure();
    return analyzer;
  }

  stop(): void {
    this.#client.close();
    this.#kill();
  }

  /** Configures every policy with its own level and the defaults of its schema, overridden by the given settings. */
  async configure(config: PolicyConfig = {}): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const policy of this.info.getPoliciesList()) {
      const { level, properties } = config[policy.getName()] ?? {};
      const message = new proto.PolicyConfig();
      message.setEnforcementlevel(level ?? policy.getEnforcementlevel());
      const day = policy.getName() === "mesh-scope" && { today: TODAY };
      message.setProperties(struct({ ...defaultsOf(policy), ...day, ...properties }));
      request.getPolicyconfigMap().set(policy.getName(), message);
    }
    await call((done) => this.#client.configure(request, done));
  }

  /** The properties of a resource after remediation, and the policies that changed it. */
  async remediate(fixture: Fixture): Promise<{ props: Props; by: string[] }> {
    const response = await call<proto.RemediateResponse>((done) =>
      this.#client.remediate(analyzeRequest(fixture), done),
    );
    const remediations = response.getRemediationsList();
    const last = remediations.at(-1)?.getProperties();
    return {
      props: last === undefined ? fixture.props : last.toJavaScript(),
      by: remediations.map((remediation) => remediation.getPolicyname()),
    };
  }

  async analyze(fixture: Fixture): Promise<Diagnostic[]> {
    return (await this.response(fixture)).getDiagnosticsList().map(diagnostic);
  }

  response(fixture: Fixture): Promise<proto.AnalyzeResponse> {
    return call((done) => this.#client.analyze(analyzeRequest(fixture), done));
  }

  async analyzeStack(stack: readonly Fixture[]): Promise<Diagnostic[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(stack.map(stackResource));
    const response = await call<proto.AnalyzeResponse>((done) =>
      this.#client.analyzeStack(request, done),
    );
    return response.getDiagnosticsList().map(diagnostic);
  }

  /** Does what a preview does: remediates and judges each resource in order, then the stack. */
  async preview(stack: readonly Fixture[]): Promise<Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    for (const fixture of stack.filter(({ read }) => read !== true)) {
      const { props } = await this.remediate(fixture);
      diagnostics.push(...(await this.analyze({ ...fixture, props })));
    }
    return [...diagnostics, ...(await this.analyzeStack(stack))];
  }
}

function diagnostic(message: proto.AnalyzeDiagnostic): Diagnostic {
  const urn = message.getUrn();
  return {
    policy: message.getPolicyname(),
    level: message.getEnforcementlevel(),
    message: message.getMessage(),
    ...(urn !== "" && { urn }),
  };
}

function analyzeRequest(fixture: Fixture): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  fill(request, fixture, fixture.props);
  return request;
}

function stackResource(fixture: Fixture): proto.AnalyzerResource {
  const { parent, from = {}, dependsOn = [] } = fixture;
  const resource = new proto.AnalyzerResource();
  fill(resource, fixture, fixture.outputs ?? fixture.props);
  if (parent !== undefined) resource.setParent(urnOf(parent));
  resource.setDependenciesList([...Object.values(from).flat(), ...dependsOn].map(urnOf));
  for (const [property, origins] of Object.entries(from)) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(origins.map(urnOf));
    resource.getPropertydependenciesMap().set(property, dependencies);
  }
  return resource;
}

function fill(
  message: proto.AnalyzeRequest | proto.AnalyzerResource,
  fixture: Fixture,
  props: Props,
): void {
  const { type, name, provider } = fixture;
  message.setType(type);
  message.setName(name);
  message.setUrn(urnOf(fixture));
  message.setProperties(struct(props));
  message.setOptions(new proto.AnalyzerResourceOptions());
  if (provider === undefined) return;
  const managed = new proto.AnalyzerProviderResource();
  managed.setType(provider.type);
  managed.setName(provider.name);
  managed.setUrn(urnOf(provider));
  managed.setProperties(struct(provider.props));
  message.setProvider(managed);
}

function defaultsOf(policy: proto.PolicyInfo): Props {
  const schema = policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
  return Object.fromEntries(
    Object.entries(schema).map(([key, field]): [string, unknown] => [
      key,
      typeof field === "object" && field !== null && "default" in field ? field.default : undefined,
    ]),
  );
}

function struct(props: Props): Struct {
  // Through JSON, as properties are sent.
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(props)) as Record<string, JavaScriptValue>,
  );
}

function call<Response>(
  send: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((done, failed) => {
    send((error, response) => {
      if (error === null) done(response);
      else failed(error);
    });
  });
}
