import type { Config } from "../../offline/project/config.ts";
import type { Side } from "../change/side.ts";
import type { ProgramOptions } from "../previewOptions.ts";

/** The earlier plan of a stack. */
export interface EarlierSide {
  readonly side: Side;
  /** The configuration of the stack then; absent if a file is compared with. */
  readonly config?: Config;
  /** What a reader of the comparison must know, in sentences. */
  readonly notes: readonly string[];
}

/** What `--against` names. */
export interface Earlier {
  /** As the user names it. */
  readonly name: string;
  /** The hash of a revision. */
  readonly commit?: string;
  /**
   * The plan of a stack then.
   *
   * @param now the options of the current preview
   * @throws UsageError
   */
  readonly sideOf: (now: ProgramOptions) => Promise<EarlierSide>;
}
