import type { Cluster } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";
import { waitFor } from "../../real/harness/waitFor.ts";
import { startInPod } from "./exec.ts";

/** Requests at a steady rate. */
export interface LoadOptions {
  readonly url: string;
  /** @default GET */
  readonly method?: "GET" | "POST";
  readonly body?: string;
  /** A response without this text counts as failed: an application may respond with 200 although its backend failed. */
  readonly contains?: string;
  /** The Host header and the TLS server name. @default those of the URL */
  readonly host?: string;
  /** `address:port` to connect to. @default those of the URL */
  readonly connectTo?: string;
  /** The authority that must have issued the server's certificate, in PEM. */
  readonly authority?: string;
  /** Requests per second, at most 200. @default 20 */
  readonly rate?: number;
  /** The minimum number of requests. @default 1 */
  readonly requests?: number;
  /** Whether to open a new connection for every request. @default false */
  readonly fresh?: boolean;
  /** Counts responses by this field of their JSON. */
  readonly field?: string;
}

/** The results of the requests; `components/load` describes the fields. */
export interface LoadReport {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly by: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly failures: readonly {
    readonly atSeconds: number;
    readonly tookMs: number;
    readonly kind: string;
    readonly detail: string;
  }[];
  /** The body of the last response with status 200. */
  readonly body: string;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly seconds: number;
}

/** Sends requests from a client's pod. */
export async function load(
  cluster: Cluster,
  client: Pod,
  options: LoadOptions,
): Promise<LoadReport> {
  return await report(await start(cluster, client, options, false));
}

/**
 * Resolves once fifty requests in a row have the expected result: a change reaches proxies and kube-proxy's rules one by
 * one. They come faster than any counted requests, because a connection between two proxies that is not in use keeps the
 * old policies: many requests at once use all of those connections, and a proxy closes each after one response.
 */
export async function settled(
  cluster: Cluster,
  client: Pod,
  options: LoadOptions,
  kind: string,
): Promise<void> {
  await waitFor(`fifty responses in a row with the result ${kind}`, async () => {
    const { by } = await load(cluster, client, { ...options, requests: 50, rate: 200 });
    if (by[kind] !== 50) throw new Error(JSON.stringify(by));
    return true;
  });
}

/** Requests that continue until they are stopped. */
export interface RunningLoad {
  /** Stops once the minimum number of requests is sent. */
  stop(): Promise<LoadReport>;
}

export async function startLoad(
  cluster: Cluster,
  client: Pod,
  options: LoadOptions,
): Promise<RunningLoad> {
  const running = await start(cluster, client, options, true);
  return {
    stop: async () => {
      running.write("stop\n");
      return await report(running);
    },
  };
}

type Started = Awaited<ReturnType<typeof startInPod>>;

async function start(
  cluster: Cluster,
  client: Pod,
  options: LoadOptions,
  untilTold: boolean,
): Promise<Started> {
  const { connectTo, authority, ...same } = options;
  const flags = { ...same, "connect-to": connectTo, ca: authority, "until-told": untilTold };
  const args = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`-${name}=${String(value)}`],
  );
  return await startInPod(cluster, client, "client", ["/load", ...args]);
}

async function report({ outcome }: Started): Promise<LoadReport> {
  const { code, stdout, stderr } = await outcome;
  if (code !== 0) throw new Error(`load ended with exit code ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as LoadReport;
}
