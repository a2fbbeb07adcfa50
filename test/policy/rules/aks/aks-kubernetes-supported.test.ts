import { describe, expect, test } from "vitest";
import { aksKubernetesSupported } from "../../../../policy/rules/aks/aks-kubernetes-supported.ts";
import { UNKNOWN, classicCluster, cluster } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

async function messages(fixture: Fixture, today = "2026-11-24") {
  const reports = await run(aksKubernetesSupported, [fixture], {
    config: { "mesh-scope": { today } },
  });
  return reports.map(({ level, message }) => [level, message.replace(/^\w+ "orders": /, "")]);
}

const LTS = { supportPlan: "AKSLongTermSupport" };
const version = (kubernetesVersion: unknown, props = {}) =>
  cluster({ kubernetesVersion, ...props });

/** A cluster that exists, with another version than the program's. */
function running(actual: string, fixture: Fixture): Fixture {
  return { ...fixture, outputs: { ...fixture.props, currentKubernetesVersion: actual } };
}

const ENDED = (path: string) =>
  `${path}, whose standard support on AKS ended after 2026-07. Upgrade to 1.34 or later, one minor version at a time, or set supportPlan to AKSLongTermSupport, which requires the Premium tier.`;

describe("aks-kubernetes-supported", () => {
  test.each([
    ["a supported version", version("1.35"), "2026-11-24"],
    ["a version on the last day of its support", version("1.34.2"), "2026-11-30"],
    ["a version under long-term support", version("1.33", LTS), "2026-11-24"],
    [
      "long-term support in lower case",
      version("1.33", { supportPlan: "akslongtermsupport" }),
      "2026-11-24",
    ],
    ["a version that is newer than the calendar", version("1.38"), "2026-11-24"],
    ["no version", version(undefined), "2026-11-24"],
    ["a version that is not valid", version("latest"), "2026-11-24"],
    [
      "a cluster without the add-on",
      version("1.35", { serviceMeshProfile: undefined }),
      "2026-11-24",
    ],
    [
      "an old version that the program no longer sets",
      { ...running("1.35.1", version("1.31")), ignoreChanges: ["kubernetesVersion"] },
      "2026-11-24",
    ],
  ])("accepts %s", async (_, fixture, today) => {
    expect(await messages(fixture, today)).toEqual([]);
  });

  test.each([
    ["a version whose support ended", version("1.33.4"), ENDED("kubernetesVersion is 1.33.4")],
    [
      "a version of the classic provider",
      classicCluster({ kubernetesVersion: "1.33" }),
      ENDED("kubernetesVersion is 1.33"),
    ],
    [
      "the version of a cluster that the program omits",
      running("1.33.4", version(undefined)),
      ENDED("currentKubernetesVersion is 1.33.4"),
    ],
    [
      "a version whose long-term support has ended, too",
      version("1.30"),
      "kubernetesVersion is 1.30, whose standard support on AKS ended after 2025-08. Upgrade to 1.34 or later, one minor version at a time.",
    ],
    [
      "a version whose long-term support ended",
      version("1.30", LTS),
      "kubernetesVersion is 1.30, whose long-term support on AKS ended after 2026-07. Upgrade to 1.31 or later, one minor version at a time.",
    ],
    [
      "a version that is older than the calendar",
      version("1.27", LTS),
      "kubernetesVersion is 1.27, whose long-term support on AKS has ended. Upgrade to 1.31 or later, one minor version at a time.",
    ],
  ])("reports %s", async (_, fixture, message) => {
    expect(await messages(fixture)).toEqual([["violation", message]]);
  });

  test("says that an end was only expected", async () => {
    expect(await messages(version("1.34"), "2026-12-01")).toEqual([
      [
        "violation",
        "kubernetesVersion is 1.34, whose standard support on AKS was expected on 2026-08-21 to end after 2026-11, and today is 2026-12-01. Upgrade to 1.35 or later, one minor version at a time, or set supportPlan to AKSLongTermSupport, which requires the Premium tier.",
      ],
    ]);
  });

  test.each([
    ["kubernetesVersion", version(UNKNOWN)],
    ["supportPlan", version("1.33", { supportPlan: UNKNOWN })],
  ])("does not judge an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});
