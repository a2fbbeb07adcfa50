import type { Cluster } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";
import { settled, startLoad } from "./load.ts";
import type { LoadOptions, LoadReport } from "./load.ts";

/** The results of the requests to one host over one kind of connection. */
export interface HostReport extends LoadReport {
  readonly host: string;
  readonly connections: "kept" | "fresh";
}

/** Steady requests from one client to several hosts, over keep-alive connections and over new ones. */
export class Traffic {
  readonly #cluster: Cluster;
  readonly #client: Pod;
  readonly #hosts: ReadonlyMap<string, LoadOptions>;

  constructor(cluster: Cluster, client: Pod, hosts: ReadonlyMap<string, LoadOptions>) {
    this.#cluster = cluster;
    this.#client = client;
    this.#hosts = hosts;
  }

  /** Resolves once every host responds. */
  async settled(): Promise<void> {
    for (const options of this.#hosts.values()) {
      await settled(this.#cluster, this.#client, options, "200");
    }
  }

  /** Sends at least this many requests in total, and continues until the action is complete. */
  async during(requests: number, act: () => Promise<void>): Promise<readonly HostReport[]> {
    const streams = [...this.#hosts].flatMap(([host, options]) =>
      (["kept", "fresh"] as const).map((connections) => ({ host, connections, options })),
    );
    const each = Math.ceil(requests / streams.length);
    const running = await Promise.all(
      streams.map(({ options, connections }) =>
        startLoad(this.#cluster, this.#client, {
          ...options,
          requests: each,
          fresh: connections === "fresh",
        }),
      ),
    );
    let reports: readonly LoadReport[] = [];
    try {
      await act();
    } finally {
      // Otherwise, they would continue in the next test.
      reports = await Promise.all(running.map((one) => one.stop()));
    }
    return reports.map((report, i) => {
      const { host = "", connections = "kept" } = streams[i] ?? {};
      return { ...report, host, connections };
    });
  }
}

export function lostOf(reports: readonly HostReport[], host?: string): number {
  return sum(of(reports, host).map(({ failed }) => failed));
}

export function sentOf(reports: readonly HostReport[], host?: string): number {
  return sum(of(reports, host).map(({ sent }) => sent));
}

/** A Markdown table row: the scenario, requests sent and lost, seconds, and the slowest 99th percentile. */
export function row(scenario: string, reports: readonly HostReport[]): string {
  const seconds = Math.max(...reports.map(({ seconds }) => seconds));
  const p99 = Math.max(...reports.map(({ p99Ms }) => p99Ms));
  const cells = [
    scenario,
    sentOf(reports),
    lostOf(reports),
    `${seconds.toFixed(0)} s`,
    `${p99.toFixed(0)} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function of(reports: readonly HostReport[], host: string | undefined): readonly HostReport[] {
  return reports.filter((report) => host === undefined || report.host === host);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
