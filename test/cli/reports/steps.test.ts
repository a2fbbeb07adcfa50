import { expect, test } from "vitest";
import { stylesFor } from "../../../cli/output/styles.ts";
import type { Output } from "../../../cli/reports/observations.ts";
import { printExplanation } from "../../../cli/reports/steps.ts";
import type { Explanation } from "../../../operate/explain/explanation.ts";

const explanation: Explanation = {
  subject: "Pod shop/web",
  from: "context prod",
  steps: [
    {
      name: "webhook",
      answer: "no",
      decidedBy: "Webhook a",
      message: "Does not select |\u001b[31m.",
    },
    { name: "pod", answer: "unknown", message: "Not read." },
  ],
  verdict: {
    answer: "no",
    outcome: "no sidecar",
    message: "No webhook selects it.",
    fix: "Label the namespace.",
    commands: ["kubectl label namespace shop istio.io/rev=asm-1-30"],
  },
};

const printed = (output: Output, of = explanation) => printExplanation(of, output, stylesFor({}));

test("the table keeps the order of the steps, and ends with the verdict", () => {
  expect(printed("table")).toBe(`Pod shop/web (context prod)
no       webhook  Does not select |\\x1b[31m.
                  Webhook a
unknown  pod      Not read.

no sidecar: No webhook selects it.
Label the namespace.
  $ kubectl label namespace shop istio.io/rev=asm-1-30
`);
});

test("Markdown begins with the verdict", () => {
  expect(printed("markdown")).toBe(`### Pod shop/web

❌ **no sidecar** in context prod: No webhook selects it.

Label the namespace.

\`kubectl label namespace shop istio.io/rev=asm-1-30\`

| | step | result |
| --- | --- | --- |
| ❌ | webhook | Does not select \\|\\\\x1b\\[31m.<br>Webhook a |
| ❔ | pod | Not read. |
`);
});

test("a no that does no harm looks different from one that decides", () => {
  const of = { ...explanation, verdict: { ...explanation.verdict, answer: "yes" as const } };
  expect(printed("markdown", of)).toContain("| ➖ | webhook | Does not select");
  const colours = stylesFor({ isTTY: true });
  const table = printExplanation(of, "table", colours);
  expect(table).toContain(`${colours.dim("no     ")}  webhook`);
});

test.each([
  ["yes", 0],
  ["no", 1],
  ["unknown", 2],
] as const)("JSON has the exit code of %s", (answer, exitCode) => {
  const of = { ...explanation, verdict: { ...explanation.verdict, answer } };
  expect(JSON.parse(printed("json", of))).toEqual({ ...of, exitCode });
});
