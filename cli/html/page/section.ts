import type { Markup } from "../markup.ts";

/** A part of the page, to which the navigation leads. */
export interface Section {
  /** Also its anchor. */
  readonly id: string;
  readonly title: string;
  /** The number of items, beside the title. */
  readonly count?: number;
  readonly body: Markup;
}
