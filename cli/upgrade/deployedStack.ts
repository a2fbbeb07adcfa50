import { UsageError, messageOf } from "../../offline/errors.ts";

/** A stack that the Pulumi CLI deploys, through the Automation API. */
export interface DeployedStack {
  /**
   * Deploys the stack, as `pulumi up` does.
   *
   * @throws UsageError if it fails or is ended
   */
  readonly up: () => Promise<void>;
  /**
   * The kubeconfig that the last deployment exported; undefined if it exported none. It is a secret.
   *
   * @throws UsageError if the state or its secrets cannot be read
   */
  readonly kubeconfig: () => Promise<string | undefined>;
}

export interface DeploymentOptions {
  /** The project's directory. */
  readonly directory: string;
  readonly stack: string;
  /** Directories of policy packs that judge the deployment. */
  readonly policyPacks: readonly string[];
  /** Ends a deployment that is in progress. */
  readonly signal: AbortSignal;
  /** Receives the CLI's output, in pieces. */
  readonly onOutput: (text: string) => void;
  /** Receives what the CLI writes to stderr: what goes wrong before or after the deployment itself. */
  readonly onError: (text: string) => void;
}

/**
 * Opens a stack that exists.
 *
 * @throws UsageError if the CLI or the stack does not exist, or its state cannot be reached
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
export async function openStack(options: DeploymentOptions): Promise<DeployedStack> {
  const { directory, stack: stackName, policyPacks, signal, onOutput, onError } = options;
  const { LocalWorkspace, ConcurrentUpdateError, StackNotFoundError } =
    await import("@pulumi/pulumi/automation/index.js");
  const stack = await LocalWorkspace.selectStack({ stackName, workDir: directory }).catch(
    (error: unknown) => {
      throw new UsageError(
        error instanceof StackNotFoundError
          ? `The stack ${stackName} does not exist. Deploy it first: pulumi stack init ${stackName}, then pulumi up.`
          : `The stack ${stackName} cannot be opened: ${reasonIn(messageOf(error))}\nThe Pulumi CLI must be installed and signed in: https://www.pulumi.com/docs/iac/download-install/`,
      );
    },
  );
  return {
    up: async () => {
      try {
        await stack.up({
          ...{ onOutput, onError, signal, color: "never" },
          policyPacks: [...policyPacks],
        });
      } catch (error) {
        throw new UsageError(
          error instanceof ConcurrentUpdateError
            ? `Another deployment of the stack ${stackName} is running. Wait for it, or end it with pulumi cancel --stack ${stackName}.`
            : `The deployment failed. Its output above says why.`,
        );
      }
    },
    kubeconfig: async () => {
      const outputs = await stack.outputs().catch((error: unknown) => {
        throw new UsageError(
          `The outputs of the stack ${stackName} cannot be read: ${reasonIn(messageOf(error))}`,
        );
      });
      const value: unknown = outputs["kubeconfig"]?.value;
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** The Automation API puts the whole output of the CLI into its messages: `code: 255\n stdout: …\n stderr: error: …`. */
function reasonIn(message: string): string {
  const lines = message.split("\n").map((line) => line.replace(/^\s*(stdout|stderr):\s*/, ""));
  const reasons = lines.filter((line) => line.trim() !== "" && !line.startsWith("code:"));
  return reasons.find((line) => line.startsWith("error:")) ?? reasons[0] ?? message;
}
