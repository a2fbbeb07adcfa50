import { PassThrough, Writable } from "node:stream";
import { Exec, KubeConfig } from "@kubernetes/client-node";
import type { V1Status } from "@kubernetes/client-node";
import type { Cluster } from "../../real/harness/cluster.ts";
import type { Outcome } from "../../real/harness/istioctl.ts";
import type { Pod } from "../../real/harness/pods.ts";

/** A command that runs in a container. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Writes to its standard input. */
  write(text: string): void;
}

/** Runs a command in a container of a pod, as `kubectl exec --stdin` does. */
export async function startInPod(
  cluster: Cluster,
  { metadata: { name, namespace = "" } }: Pod,
  container: string,
  command: readonly string[],
): Promise<Running> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const [stdout, stderr] = [new Collected(), new Collected()];
  const stdin = new PassThrough();
  let end: (status: V1Status) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const ended = new Promise<V1Status>((resolve, reject) => {
    [end, fail] = [resolve, reject];
  });
  const exec = new Exec(config);
  const told = (status: V1Status) => {
    end(status);
  };
  // The library's declarations require those of a WebSocket library that is not installed.
  const socket = (await exec.exec(
    namespace,
    name,
    container,
    [...command],
    stdout,
    stderr,
    stdin,
    false,
    told,
  )) as unknown as { onclose: () => void };
  socket.onclose = () => {
    fail(new Error(`The connection to ${namespace}/${name} ended before its command did.`));
  };
  return {
    outcome: ended.then((status) => ({
      code: exitCode(status),
      stdout: stdout.text,
      stderr: stderr.text,
    })),
    write: (text) => stdin.write(text),
  };
}

class Collected extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function exitCode({ status, details, message }: V1Status): number {
  if (status === "Success") return 0;
  const cause = details?.causes?.find(({ reason }) => reason === "ExitCode");
  if (cause?.message === undefined) throw new Error(message ?? "The command did not start.");
  return Number(cause.message);
}
