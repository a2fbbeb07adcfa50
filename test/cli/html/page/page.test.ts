import { beforeAll, describe, expect, test } from "vitest";
import { failureToHtml, toHtml } from "../../../../cli/html/htmlReport.ts";
import { markSecret } from "../../../../offline/plan/values.ts";
import { plan, policy, resource, stack, violation } from "../../../support/plan.ts";
import { reported } from "../../../support/reports.ts";
import { CLUSTER, app, namespace, strict } from "../shop.ts";

const EVIL = "</script><img onerror=x>\u202e";
const root = stack({ address: "a", password: markSecret("hunter2") });
const evil = resource({ type: "a:b:C", name: EVIL, parent: root });
const parts = [
  ...[root, evil, CLUSTER, namespace("shop", { "istio.io/rev": "asm-1-30" }), strict],
  ...app("shop/web"),
];
const full = plan(parts, {
  packs: [{ name: "house-rules", version: "1.0.0", policies: [policy()] }],
  violations: [
    violation({ urn: evil.urn, message: EVIL, remediationSteps: "Name it.", severity: "high" }),
    violation({ policy: "few", enforcementLevel: "advisory", urn: evil.urn }),
  ],
  notJudged: [{ what: "chart", reason: "Only a provider expands it.", fix: "Render it." }],
});
let page = "";

beforeAll(async () => {
  page = await toHtml(...reported(full));
});

test("the page says the verdict and has its sections in order", () => {
  expect(page).toContain("1 mandatory finding stops the deployment");
  expect([...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id)).toEqual([
    ...["stops", "mesh", "not-judged", "advice", "plan", "outputs"],
  ]);
});

test("foreign text is escaped everywhere, and secrets are not shown", () => {
  expect(page).not.toContain("<img");
  expect(page).not.toContain("\u202e");
  expect(page).not.toContain("hunter2");
  expect(page).toContain("[secret]");
});

test("a type breaks between its parts on a narrow page", () => {
  expect(page).toContain(
    '<b>shop</b> <span class="type">azure-native:<wbr>containerservice:<wbr>ManagedCluster<wbr></span>',
  );
});

test("every link leads to an anchor of the page, and every anchor is unique", () => {
  const anchors = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(links.filter((id) => !anchors.includes(id))).toEqual([]);
  expect(links).toEqual(expect.arrayContaining(["stops-1", "advice-1", "resource-2"]));
});

test("nothing is loaded and nothing runs", () => {
  expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  expect(page).not.toMatch(/<(script|link|iframe|object|img)\b| on\w+="| src="/);
});

test("a plan that violates nothing and has no cluster has only its resources", async () => {
  const small = await toHtml(...reported(plan([stack()])));
  expect(small).toContain("Nothing stops the deployment");
  expect([...small.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id)).toEqual(["plan"]);
});

describe("a failed preview", () => {
  test("says why there is no plan", async () => {
    const failed = await failureToHtml({
      project: "shop",
      stack: "dev",
      problems: [
        { message: EVIL, place: { file: "index.ts", line: 3, column: 1 } },
        { message: "no place" },
      ],
    });
    expect(failed).toContain("The preview failed");
    expect(failed).toContain("<b>index.ts:3</b>: &#60;/script&#62;&#60;img onerror=x&#62;\\u202e");
    expect(failed).toContain("no place");
  });
});
