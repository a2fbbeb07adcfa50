import type { ToolRun } from "./runTool.ts";

/** The YAML that a tool printed, or why there is none. */
export type Rendered = { readonly text: string } | NotRendered;

export interface NotRendered {
  /** In a sentence. */
  readonly reason: string;
  /** In a sentence; absent if the reason says it. */
  readonly fix?: string;
}

export function isRendered(rendered: Rendered): rendered is { readonly text: string } {
  return "text" in rendered;
}

/** Git and the tools name the protocol or the proxy in their errors. */
const NETWORK = /transport '\w+' not allowed|proxyconnect|127\.0\.0\.1:9\b/;

/**
 * @param called the tool as a user calls it, such as `helm template`
 * @param missing the answer if it is not installed
 */
export function renderedBy(run: ToolRun, called: string, missing: NotRendered): Rendered {
  if ("text" in run) return run;
  if ("missing" in run) return missing;
  if (NETWORK.test(run.failure)) {
    const address = /\b\w+:\/\/[^\s'"]+/.exec(run.failure)?.[0] ?? run.failure;
    return {
      reason: `It includes ${address}, and \`${called}\` runs without a network.`,
      fix: "Store the files beside it.",
    };
  }
  return { reason: `\`${called}\` failed: ${run.failure}` };
}
