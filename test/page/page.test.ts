import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { configuredBy } from "../support/exampleStacks.ts";
import { program } from "../support/programs.ts";
import { launch, opened, violations } from "./harness/browser.ts";

/** For people to look at; Git ignores the folder. */
const SCREENSHOTS = "reports/page";
const LARGEST = 2 * 1024 * 1024;

const SCHEMES = ["light", "dark"] as const;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const folder = mkdtempSync(join(tmpdir(), "aks-istio-page-"));
const fileOf = (name: string) => join(folder, `${name}.html`);
const planFile = join(folder, "before.json");
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const earlier = ["preview", ...configuredBy("upgrade-prepared"), "--json", planFile];
  expect((await aksIstio(earlier)).code).toBe(0);
  browser = await launch();
});

afterAll(async () => {
  // Absent if there is no browser, which the tests have said.
  await (browser as Browser | undefined)?.close();
  rmSync(folder, { recursive: true });
});

/** Previews, with the exit code of each. */
const PAGES = [
  ["dev", [], 0],
  ["production", configuredBy("production"), 0],
  ["changes", [...configuredBy("upgrade-canary"), "--against", planFile], 0],
  ["many-teams", [program("many-teams")], 0],
  ["broken-traffic", [program("broken-traffic")], 1],
  ["throws", [program("throws")], 2],
] as const;

describe.each(PAGES)("the page of %s", (name, args, exitCode) => {
  beforeAll(async () => {
    const { code, stderr } = await aksIstio(["preview", ...args, "--html", fileOf(name)]);
    expect([code, stderr]).toEqual([exitCode, stderr]);
  });

  test("is smaller than 2 MiB", () => {
    expect(statSync(fileOf(name)).size).toBeLessThan(LARGEST);
  });

  test.each(SCHEMES)("is accessible in the %s scheme, and loads nothing", async (colorScheme) => {
    const { page, incidents } = await opened(browser, fileOf(name), {
      ...{ colorScheme, viewport: DESKTOP },
    });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}.png`, fullPage: true });
    // Opens the pictures and the tables, but not every rule of a large plan.
    await page.evaluate(
      `for (const one of [...document.querySelectorAll("#mesh details, #advice details")].slice(0, 8)) one.open = true`,
    );
    await page.screenshot({
      path: `${SCREENSHOTS}/${name}-${colorScheme}-open.png`,
      fullPage: true,
    });
    expect(await violations(page)).toEqual([]);
    expect(incidents).toEqual([]);
    await page.context().close();
  });

  test.each([DESKTOP, PHONE])(
    "does not overflow at $width pixels, without JavaScript",
    async (viewport) => {
      const { page, incidents } = await opened(browser, fileOf(name), {
        ...{ viewport, javaScriptEnabled: false },
      });
      // Playwright evaluates in a world of its own, which scripts of the page would not share.
      const width = await page
        .locator("html")
        .evaluate((html: { scrollWidth: number }) => html.scrollWidth);
      expect(width).toBe(viewport.width);
      await expect(page.locator("h1").isVisible()).resolves.toBe(true);
      expect(incidents).toEqual([]);
      await page.context().close();
    },
  );

  test("shows every text of a picture within its box, in at least 11 pixels", async () => {
    const { page } = await opened(browser, fileOf(name), { viewport: DESKTOP });
    const outside = await page.evaluate(`
      for (const one of document.querySelectorAll("details")) one.open = true;
      [...document.querySelectorAll(".picture .box text")].filter((text) => {
        const [inner, outer] = [text, text.parentNode.querySelector("rect")].map((one) => one.getBoundingClientRect());
        const svg = text.ownerSVGElement;
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        const isSmall = parseFloat(getComputedStyle(text).fontSize) * scale < 11;
        return isSmall || inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
      }).map((text) => text.textContent)`);
    expect(outside).toEqual([]);
    await page.context().close();
  });
});

test("Tab visits the skip link, then the contents in their order, and the skip link leads to the main part", async () => {
  const { page } = await opened(browser, fileOf("broken-traffic"), { viewport: DESKTOP });
  const seen: string[] = [];
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press("Tab");
    seen.push(
      String(await page.evaluate("document.activeElement.textContent.trim().slice(0, 40)")),
    );
  }
  expect(seen).toEqual([
    ...["Skip to the contents", "Stops the deployment 5", "Mesh", "Not judged 3"],
    ...["Advice 18", "Resources 15", "gateway-addon-selector ✕ mandatory criti"],
  ]);
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("main");
  await page.context().close();
});

test("a finding leads to its resource and back, also if it is folded", async () => {
  const { page } = await opened(browser, fileOf("many-teams"), { viewport: DESKTOP });
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
  const link = page.locator("#advice .findings a").first();
  const target = await link.getAttribute("href");
  await page.evaluate(
    "for (const one of document.querySelectorAll('#plan details')) one.open = false",
  );
  await link.click();
  expect(await page.locator(target ?? "").isVisible()).toBe(true);
  await page
    .locator(`${target ?? ""} > .remarks a, ${target ?? ""} > details > .remarks a`)
    .first()
    .click();
  expect(await page.evaluate("document.querySelector(':target').closest('section').id")).toBe(
    "advice",
  );
  await page.context().close();
});
