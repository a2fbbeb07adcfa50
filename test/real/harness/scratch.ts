import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    readonly scratch: string;
  }
}

/** A directory for files that are deleted after the run, whether the tests run on loopback, on a cluster or on a node. */
export const scratch = inject("scratch");
