import { describe, expect, test } from "vitest";
import type { SupportPlan } from "../../mesh/catalog.ts";
import {
  kubernetesHasEnded,
  oldestSupportedKubernetes,
  passedEnd,
} from "../../mesh/kubernetesCalendar.ts";

describe("kubernetesHasEnded", () => {
  test.each<[string, SupportPlan, string, boolean]>([
    ["1.33", "KubernetesOfficial", "2026-07-31", false],
    ["1.33", "KubernetesOfficial", "2026-08-01", true],
    ["1.33.4", "KubernetesOfficial", "2026-08-01", true],
    ["1.33", "AKSLongTermSupport", "2027-07-31", false],
    ["1.33", "AKSLongTermSupport", "2027-08-01", true],
    ["1.28", "AKSLongTermSupport", "2026-01-01", true],
    ["1.9", "KubernetesOfficial", "2026-01-01", true],
    ["1.38", "KubernetesOfficial", "2030-01-01", false],
    ["latest", "KubernetesOfficial", "2030-01-01", false],
  ])("%s under %s on %s: %s", (version, plan, day, ended) => {
    expect(kubernetesHasEnded(version, plan, day)).toBe(ended);
  });
});

describe("passedEnd", () => {
  test.each<[string, SupportPlan, string, object | undefined]>([
    ["1.33.4", "KubernetesOfficial", "2026-07-31", undefined],
    ["1.33.4", "KubernetesOfficial", "2026-08-01", { month: "2026-07", certain: true }],
    ["1.34", "KubernetesOfficial", "2026-11-30", undefined],
    ["1.34", "KubernetesOfficial", "2026-12-01", { month: "2026-11", certain: false }],
    ["1.28", "AKSLongTermSupport", "2026-01-01", { month: undefined, certain: true }],
    ["1.38", "KubernetesOfficial", "2030-01-01", undefined],
  ])("%s under %s on %s: %j", (version, plan, day, end) => {
    expect(passedEnd(version, plan, day)).toEqual(end);
  });
});

describe("oldestSupportedKubernetes", () => {
  test.each<[SupportPlan, string, string | undefined]>([
    ["KubernetesOfficial", "2026-07-31", "1.33"],
    ["KubernetesOfficial", "2026-08-01", "1.34"],
    ["AKSLongTermSupport", "2026-08-01", "1.31"],
    ["KubernetesOfficial", "2030-01-01", undefined],
  ])("under %s on %s: %s", (plan, day, version) => {
    expect(oldestSupportedKubernetes(plan, day)).toBe(version);
  });
});
