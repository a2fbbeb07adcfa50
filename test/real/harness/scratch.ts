import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    readonly scratch: string;
  }
}

/** A directory whose files are deleted after the run, for tests on loopback, on a cluster and on a node. */
export const scratch = inject("scratch");
