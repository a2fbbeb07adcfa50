import axe from "axe-core";
import type { AxeResults } from "axe-core";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser of this machine. @throws Error if it has none, with how to get one */
function executable(): string {
  const given = process.env["CHROMIUM"];
  const candidates = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)));
  const found = [...(given === undefined ? [] : [given]), ...candidates].find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    "These tests need Chromium: apt-get install chromium, or set CHROMIUM to the path of a browser.",
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launch(): Promise<Browser> {
  // Chromium has no sandbox of its own for root, as which containers run it.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: executable(), args });
}

/** A page that is open, and what it did that it should not. */
export interface Opened {
  readonly page: Page;
  /** Requests other than for the file itself, and messages in the console. */
  readonly incidents: readonly string[];
}

export async function opened(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const incidents: string[] = [];
  const own = pathToFileURL(file).href;
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== own) incidents.push(`request: ${request.url()}`);
  });
  page.on("console", (message) => incidents.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => incidents.push(`error: ${error.message}`));
  await page.goto(own);
  return { page, incidents };
}

/** The rules of accessibility that a page violates, with the elements. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const run = 'axe.run({ resultTypes: ["violations"] })';
  const results = await page.evaluate<AxeResults>(run);
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join("; ")}`,
  );
}
