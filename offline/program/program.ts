import { dirname, join } from "node:path";
import { startNode } from "./childProcess.ts";
import type { Child } from "./childProcess.ts";
import type { Config } from "../project/config.ts";
import { proxyBypass } from "../grpc.ts";
import { locateSdk } from "./locateSdk.ts";
import type { Project } from "../project/project.ts";
import type { StackIdentity } from "../plan/urn.ts";

/** Starts a program with `@pulumi/pulumi/cmd/run` and the arguments of the language host. */
export function startProgram(
  project: Project,
  options: {
    readonly identity: StackIdentity;
    readonly config: Config;
    readonly address: string;
    readonly onText: (stream: "stdout" | "stderr", text: string) => void;
  },
): Child {
  const { runtime, programDirectory } = project;
  const { organization, stack } = options.identity;
  const run = locateSdk("cmd/run", programDirectory, "The program");
  return startNode(
    [
      ...runtime.nodeArguments,
      // Options of Node.js itself, which must come before the script.
      ...["--require", join(__dirname, "preloaded.js")],
      run,
      ...["--monitor", options.address],
      ...["--engine", options.address],
      ...["--organization", organization],
      ...["--project", project.name],
      ...["--root-directory", project.directory],
      ...["--stack", stack],
      ...["--pwd", programDirectory],
      "--dry-run",
      ...["--parallel", "16"],
      project.entryPoint,
    ],
    {
      cwd: programDirectory,
      env: {
        AKS_ISTIO_SDK: join(dirname(run), "..", ".."),
        ...proxyBypass(process.env),
        PULUMI_CONFIG: JSON.stringify(
          Object.fromEntries([...options.config].map(([key, { value }]) => [key, value])),
        ),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
          [...options.config].filter(([, { secret }]) => secret).map(([key]) => key),
        ),
        PULUMI_NODEJS_TYPESCRIPT: String(runtime.typescript),
        PULUMI_NODEJS_TSCONFIG_PATH: runtime.tsconfig,
      },
      onText: options.onText,
    },
  );
}
