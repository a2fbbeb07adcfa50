import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sidecarInjection } from "../../mesh/injection.ts";
import type { InjectingRevisions } from "../../mesh/injection.ts";
import type { InjectionSubject } from "../../mesh/istiodInjection.ts";
import { webhookVerdict } from "./webhookOracle.ts";

const running: InjectingRevisions = {
  revisions: ["asm-1-29", "asm-1-30"],
  tags: { "prod-stable": "asm-1-29", "prod-gone": "asm-1-28" },
};

interface Case {
  readonly ns?: Record<string, string>;
  readonly pod?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly hostNetwork?: boolean;
  readonly name?: string;
}

function judge(given: Case, on = running) {
  const subject: InjectionSubject = {
    namespace: { name: given.name ?? "shop", labels: given.ns ?? {} },
    pod: {
      labels: given.pod ?? {},
      annotations: given.annotations ?? {},
      hostNetwork: given.hostNetwork ?? false,
    },
  };
  return sidecarInjection(subject, on);
}

const rev = (value: string) => ({ "istio.io/rev": value });
const legacy = (value: string) => ({ "istio-injection": value });
const inject = (value: string) => ({ "sidecar.istio.io/inject": value });

describe("a sidecar is injected", () => {
  test.each<[string, Case, string, string]>([
    [
      "by the namespace's revision",
      { ns: rev("asm-1-30") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
    [
      "by the namespace's tag",
      { ns: rev("prod-stable") },
      "asm-1-29",
      "The namespace's label istio.io/rev selects asm-1-29 (by its tag prod-stable).",
    ],
    [
      "by the pod's revision if the namespace has none",
      { pod: rev("asm-1-30") },
      "asm-1-30",
      "The pod's label istio.io/rev selects asm-1-30.",
    ],
    [
      "by the pod's tag if the namespace has none",
      { pod: rev("prod-stable") },
      "asm-1-29",
      "The pod's label istio.io/rev selects asm-1-29 (by its tag prod-stable).",
    ],
    [
      "by the namespace's revision, regardless of the pod's",
      { ns: rev("asm-1-30"), pod: rev("asm-1-29") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
    [
      "with inject=true and a revision",
      { ns: rev("asm-1-30"), pod: inject("true") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
    [
      "with a label that overrides the annotation",
      { ns: rev("asm-1-30"), pod: inject("true"), annotations: inject("false") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
    [
      "with an empty label that hides the annotation",
      { ns: rev("asm-1-30"), pod: inject(""), annotations: inject("false") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
    [
      "with a label that is not exactly false",
      { ns: rev("asm-1-30"), pod: inject("False") },
      "asm-1-30",
      "The namespace's label istio.io/rev selects asm-1-30.",
    ],
  ])("%s", (_, given, revision, reason) => {
    expect(judge(given)).toEqual({ outcome: "injected", revision, reason });
  });
});

describe("no sidecar is injected", () => {
  test.each<[string, Case, string]>([
    ["without any label", {}, "Neither the namespace nor the pod has the label istio.io/rev."],
    [
      "with istio-injection=enabled",
      { ns: legacy("enabled") },
      "The namespace has the label istio-injection=enabled. With that label, regardless of its value, the webhooks of a revision skip it.",
    ],
    [
      "with both labels",
      { ns: { ...rev("asm-1-30"), ...legacy("enabled") } },
      "The namespace has the label istio-injection=enabled. With that label, regardless of its value, the webhooks of a revision skip it.",
    ],
    [
      "with an empty legacy label and a revision on the pod",
      { ns: legacy(""), pod: rev("asm-1-30") },
      "The namespace has the label istio-injection=. With that label, regardless of its value, the webhooks of a revision skip it.",
    ],
    [
      "with a revision that the cluster does not run",
      { ns: rev("asm-1-28") },
      "The namespace's label istio.io/rev=asm-1-28 names no revision or tag of the cluster, so no webhook is called.",
    ],
    [
      "with a wrong revision on the namespace and a correct one on the pod",
      { ns: rev(""), pod: rev("asm-1-30") },
      "The namespace's label istio.io/rev= names no revision or tag of the cluster, so no webhook is called.",
    ],
    [
      "with a pod's revision that is not a property of the tags",
      { pod: rev("constructor") },
      "The pod's label istio.io/rev=constructor names no revision or tag of the cluster, so no webhook is called.",
    ],
    [
      "with inject=true and no revision",
      { pod: inject("true") },
      "Neither the namespace nor the pod has the label istio.io/rev, and sidecar.istio.io/inject=true does not select a revision.",
    ],
    [
      "with inject=false",
      { ns: rev("asm-1-30"), pod: inject("false"), annotations: inject("true") },
      "The pod's label sidecar.istio.io/inject=false opts it out.",
    ],
    [
      "with inject=false as annotation",
      { ns: rev("asm-1-30"), annotations: inject("false") },
      "The pod's annotation sidecar.istio.io/inject=false opts it out.",
    ],
    [
      "on the host network",
      { ns: rev("asm-1-30"), pod: inject("true"), hostNetwork: true },
      "The pod uses the host network, and istiod never injects such pods.",
    ],
    ...["kube-system", "kube-public", "kube-node-lease", "local-path-storage"].map(
      (name): [string, Case, string] => [
        `in ${name}`,
        { name, ns: rev("asm-1-30"), pod: inject("true") },
        `istiod does not inject sidecars in the namespace ${name}.`,
      ],
    ),
  ])("%s", (_, given, reason) => {
    expect(judge(given)).toEqual({ outcome: "not-injected", reason });
  });
});

describe("a tag of a removed revision", () => {
  test.each<[string, Case]>([
    ["rejects the namespace's pods", { ns: rev("prod-gone") }],
    ["rejects the pod that names it", { pod: rev("prod-gone") }],
    ["rejects a pod that istiod would have skipped", { ns: rev("prod-gone"), hostNetwork: true }],
  ])("%s", (_, given) => {
    expect(judge(given)).toEqual({
      outcome: "refused",
      revision: "asm-1-28",
      reason:
        "The tag prod-gone points to asm-1-28, which the cluster does not run, so its webhook fails and the pod is not created.",
    });
  });

  test("does not affect a pod whose label opts out", () => {
    expect(judge({ ns: rev("prod-gone"), pod: inject("false") }).outcome).toBe("not-injected");
  });
});

describe("the tag default matches the labels of an Istio without revisions", () => {
  const withDefault = { ...running, tags: { default: "asm-1-30" } };

  test.each<[string, Case, string | undefined]>([
    ["istio-injection=enabled", { ns: legacy("enabled") }, "asm-1-30"],
    ["the same with a revision", { ns: { ...legacy("enabled"), ...rev("asm-1-29") } }, "asm-1-30"],
    ["istio-injection=disabled", { ns: legacy("disabled") }, undefined],
    ["inject=true", { pod: inject("true") }, "asm-1-30"],
    ["inject=true as annotation", { annotations: inject("true") }, undefined],
    [
      "inject=true with a pod's revision",
      { pod: { ...inject("true"), ...rev("asm-1-29") } },
      "asm-1-29",
    ],
    ["no label", {}, undefined],
  ])("%s", (_, given, revision) => {
    const verdict = judge(given, withDefault);
    expect(verdict.outcome === "injected" ? verdict.revision : undefined).toBe(revision);
  });
});

describe("the webhooks' selectors and istiod's own rules agree", () => {
  const value = (...values: string[]) => fc.constantFrom(undefined, "", "default", ...values);
  const revisions = value("asm-1-28", "asm-1-29", "asm-1-30", "prod-stable", "prod-gone");
  const choices = value("true", "false", "False", "enabled");
  const labels = (chosen: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(chosen).filter((label): label is [string, string] => label[1] !== undefined),
    );

  const anySubject: fc.Arbitrary<InjectionSubject> = fc
    .record({
      name: fc.constantFrom("shop", "kube-system", "local-path-storage", "default"),
      nsRev: revisions,
      nsLegacy: value("enabled", "disabled"),
      podRev: revisions,
      podLegacy: value("enabled"),
      podInject: choices,
      annotation: choices,
      hostNetwork: fc.boolean(),
    })
    .map((any) => ({
      namespace: {
        name: any.name,
        labels: labels({ "istio.io/rev": any.nsRev, "istio-injection": any.nsLegacy }),
      },
      pod: {
        labels: labels({
          "istio.io/rev": any.podRev,
          "istio-injection": any.podLegacy,
          "sidecar.istio.io/inject": any.podInject,
        }),
        annotations: labels({ "sidecar.istio.io/inject": any.annotation }),
        hostNetwork: any.hostNetwork,
      },
    }));
  const anyRunning: fc.Arbitrary<InjectingRevisions> = fc.record({
    revisions: fc.subarray(["asm-1-29", "asm-1-30"]),
    tags: fc.dictionary(
      fc.constantFrom("prod-stable", "prod-gone", "default"),
      fc.constantFrom("asm-1-28", "asm-1-29", "asm-1-30"),
    ),
  });

  test("over generated pods, namespaces and clusters", () => {
    fc.assert(
      fc.property(anySubject, anyRunning, (subject, on) => {
        const verdict = sidecarInjection(subject, on);
        const { outcome } = verdict;
        expect(
          outcome === "not-injected" ? { outcome } : { outcome, by: verdict.revision },
        ).toEqual(webhookVerdict(subject, on));
        expect(verdict.reason).toMatch(/^[A-Zi].*\.$/);
      }),
      { numRuns: 5000 },
    );
  });
});
