import type { Components } from "../../real/harness/components.ts";
import type { Hierarchy } from "./cgroups.ts";

/** The configuration of the process in the node's namespaces. */
export interface NodeConfig {
  readonly hierarchies: readonly Hierarchy[];
  readonly control: Components;
  readonly programs: string;
  readonly debian: string;
  readonly images: string;
  readonly logDirectory: string;
  /** The address of the API server for clients outside, as `https://localhost:PORT`. */
  readonly outsideServer: string;
  /** The path of the kubeconfig for clients outside. */
  readonly outsideKubeconfig: string;
  /** The Unix socket that leads to the API server. */
  readonly socket: string;
}

/** The process prints this once the node is ready. */
export const READY = "ready\n";
