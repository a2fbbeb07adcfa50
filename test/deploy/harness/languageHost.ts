import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { credentials, status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startNode } from "../../../offline/program/childProcess.ts";
import { serve, unary } from "../../../offline/grpc.ts";
import { locateSdk } from "../../../offline/program/locateSdk.ts";
import { loadProject } from "../../../offline/project/project.ts";

/**
 * Replaces Pulumi's language host for Node.js, whose module cannot be built here: it starts programs and policy packs
 * with the SDK's own `cmd/run` and `cmd/run-policy-pack`, with the same arguments as the real one.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
const [engineAddress = ""] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

/** The SDK's exit code after it has already reported the error to the engine. */
const SAID_ALREADY = 32;

async function run(request: proto.RunRequest): Promise<proto.RunResponse> {
  const info = request.getInfo();
  const { runtime } = loadProject(info?.getRootDirectory() ?? "");
  const directory = info?.getProgramDirectory() ?? "";
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const child = startNode(
    [
      ...runtime.nodeArguments,
      locateSdk("cmd/run", directory, "The program"),
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() ?? ".",
    ],
    {
      cwd: directory,
      env: {
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(runtime.typescript),
      },
      onText: log,
    },
  );
  const { code, signal } = await child.ended;
  const response = new proto.RunResponse();
  if (code === SAID_ALREADY) response.setBail(true);
  else if (code !== 0) response.setError(`Program exited with ${signal ?? `code ${code ?? ""}`}`);
  return response;
}

function runPlugin(
  call: ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>,
): void {
  const { request } = call;
  const directory = request.getInfo()?.getProgramDirectory() ?? "";
  const child = startNode(
    [
      locateSdk("cmd/run-policy-pack", directory, "The policy pack"),
      ...request.getArgsList(),
      directory,
    ],
    {
      // The SDK of packs looks for its package.json in the working directory.
      cwd: directory,
      env: Object.fromEntries(
        request.getEnvList().map((entry) => {
          const at = entry.indexOf("=");
          return [entry.slice(0, at), entry.slice(at + 1)];
        }),
      ),
      onText: (stream, text) => {
        const output = new proto.RunPluginResponse();
        const bytes = Buffer.from(text);
        if (stream === "stdout") output.setStdout(bytes);
        else output.setStderr(bytes);
        call.write(output);
      },
    },
  );
  call.on("cancelled", () => {
    child.stop();
  });
  void child.ended.then(({ code }) => {
    const output = new proto.RunPluginResponse();
    output.setExitcode(code ?? 1);
    call.write(output);
    call.end();
  });
}

const engine = new EngineClient(engineAddress, credentials.createInsecure());

function log(_: "stdout" | "stderr", text: string): void {
  const request = new LogRequest();
  request.setSeverity(LogSeverity.INFO);
  request.setMessage(text.trimEnd());
  engine.log(request, () => undefined);
}

const implementation: Partial<ILanguageRuntimeServer> = {
  getPluginInfo: unary(() => {
    const info = new PluginInfo();
    info.setVersion("0.0.0");
    return info;
  }),
  getRequiredPackages: unary(() => new proto.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(() => new proto.GetRequiredPluginsResponse()),
  getProgramDependencies: unary(() => new proto.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: unary(() => new proto.RuntimeOptionsResponse()),
  about: unary(() => new proto.AboutResponse()),
  cancel: unary(() => new Empty()),
  run: unary(run),
};

const unimplemented = Object.fromEntries(
  Object.keys(LanguageRuntimeService).map((name) => [
    name,
    (_: unknown, callback: (error: { code: status; details: string }) => void) => {
      callback({ code: status.UNIMPLEMENTED, details: name });
    },
  ]),
);

// A killed engine cannot stop it.
const engineProcess = process.ppid;
setInterval(() => {
  if (process.ppid !== engineProcess) process.exit(0);
}, 200).unref();

void serve([[LanguageRuntimeService, { ...unimplemented, ...implementation, runPlugin }]]).then(
  ({ address }) => {
    // The engine reads the host's port from stdout.
    process.stdout.write(`${address.slice(address.indexOf(":") + 1)}\n`);
  },
);
