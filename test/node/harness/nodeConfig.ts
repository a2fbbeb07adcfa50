import type { Components } from "../../real/harness/components.ts";
import type { Hierarchy } from "./cgroups.ts";

/** What the process in the node's namespaces is told by the one that starts it. */
export interface NodeConfig {
  readonly hierarchies: readonly Hierarchy[];
  readonly control: Components;
  readonly programs: string;
  readonly debian: string;
  readonly images: string;
  readonly logDirectory: string;
  /** Where the API server is reached from outside, as `https://localhost:PORT`. */
  readonly outsideServer: string;
  /** Where the kubeconfig for it goes. */
  readonly outsideKubeconfig: string;
  /** The Unix socket that leads to the API server. */
  readonly socket: string;
}

/** What it writes once the node is ready. */
export const READY = "ready\n";
