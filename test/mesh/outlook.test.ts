import { expect, test } from "vitest";
import { outlookOf } from "../../mesh/outlook.ts";

const DAY = "2026-08-21";
const cluster = (kubernetesVersion: string) =>
  ({ kubernetesVersion, plan: "KubernetesOfficial" }) as const;
const names = (revisions: readonly { readonly revision: string }[]) =>
  revisions.map(({ revision }) => revision);

test("shows the end of support of a revision, and its upgrade targets", () => {
  expect(outlookOf("asm-1-29", DAY, cluster("1.35"))).toEqual({
    current: {
      revision: "asm-1-29",
      support: { until: "2026-09", expected: true },
      kubernetes: { oldest: "1.31", newest: "1.36" },
    },
    targets: [
      {
        revision: "asm-1-30",
        support: { until: "2026-12", expected: true },
        kubernetes: { oldest: "1.32", newest: "1.36" },
      },
    ],
    blocked: [],
  });
});

test("shows the targets that require another Kubernetes version", () => {
  const { targets, blocked } = outlookOf("asm-1-28", DAY, cluster("1.31"));
  expect({ targets: names(targets), blocked: names(blocked) }).toEqual({
    targets: ["asm-1-29"],
    blocked: ["asm-1-30"],
  });
});

test("returns nothing for an unknown revision", () => {
  expect(outlookOf("asm-1-99", DAY, cluster("1.35"))).toEqual({
    current: { revision: "asm-1-99", support: undefined, kubernetes: undefined },
    targets: [],
    blocked: [],
  });
});
