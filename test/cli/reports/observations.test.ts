import { expect, test } from "vitest";
import { stylesFor } from "../../../cli/output/styles.ts";
import { printReport } from "../../../cli/reports/observations.ts";
import type { Output } from "../../../cli/reports/observations.ts";
import type { Observation } from "../../../operate/observation.ts";

const observations: readonly Observation[] = [
  {
    check: "proxies",
    outcome: "failed",
    subject: "Deployment orders/web",
    message: "2 of 3 pods have\nno sidecar.",
    fix: "Restart it.",
    commands: ["kubectl rollout restart deployment/web -n orders"],
  },
  { check: "mode", outcome: "passed", subject: "cluster orders", message: "The mode is Istio." },
  { check: "tags", outcome: "passed", subject: "tags", message: "None." },
  {
    check: "flux",
    outcome: "unchecked",
    subject: "Kustomization",
    message: "The files contain no Kustomization | \u001b[31m.",
    fix: "Add it.",
  },
];

const printed = (output: Output) =>
  printReport({ subject: "context prod", observations }, output, stylesFor({}));

test("the table ends with what failed, and escapes foreign text", () => {
  expect(printed("table")).toBe(`context prod
ok         mode     cluster orders: The mode is Istio.
ok         tags     tags: None.
unchecked  flux     Kustomization: The files contain no Kustomization | \\x1b[31m.
           Add it.
FAILED     proxies  Deployment orders/web: 2 of 3 pods have\\x0ano sidecar.
           Restart it.
           $ kubectl rollout restart deployment/web -n orders

2 passed, 1 unchecked, 1 failed
`);
});

test("Markdown begins with what failed, and keeps the order of the checks", () => {
  expect(printed("markdown")).toBe(`### context prod

2 passed, 1 unchecked, 1 failed

| | check | subject | result |
| --- | --- | --- | --- |
| ❌ | proxies | Deployment orders/web | 2 of 3 pods have<br>no sidecar.<br>Restart it.<br>\`kubectl rollout restart deployment/web -n orders\` |
| ❔ | flux | Kustomization | The files contain no Kustomization \\| \\\\x1b\\[31m.<br>Add it. |
| ✅ | mode | cluster orders | The mode is Istio. |
| ✅ | tags | tags | None. |
`);
});

test("JSON has the exit code", () => {
  const { exitCode, observations: shown } = JSON.parse(printed("json")) as {
    exitCode: number;
    observations: readonly Observation[];
  };
  expect(exitCode).toBe(1);
  expect(shown.map(({ outcome }) => outcome)).toEqual(["passed", "passed", "unchecked", "failed"]);
});
