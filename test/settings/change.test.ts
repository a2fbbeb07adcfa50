import { describe, expect, test } from "vitest";
import { changeProblems } from "../../settings/change.ts";
import { LEAST, accepted } from "../support/settings.ts";
import type { Config } from "../support/settings.ts";

/** The settings of a stack with this mesh, whose namespace web follows a canary first. */
function stack(mesh: object, more: Config = {}) {
  return accepted({
    ...LEAST,
    "aks-istio:mesh": mesh,
    "aks-istio:namespaces": { web: { canary: true }, out: {} },
    ...more,
  });
}

const OLD = { revision: "asm-1-29" };
const during = (phase: string) => ({ ...OLD, upgrade: { to: "asm-1-30", phase } });

const lines = (before: object, after: object) =>
  changeProblems(stack(before), stack(after)).map(({ path, message }) => `${path}: ${message}`);

describe("an upgrade takes one step in a deployment", () => {
  const course = [OLD, during("prepared"), during("canary"), during("promoted")];
  const END = { revision: "asm-1-30" };

  test("on", () => {
    for (const [index, after] of [...course.slice(1), END].entries()) {
      expect(lines(course[index] ?? {}, after)).toEqual([]);
    }
  });

  test("and no more than one", () => {
    expect(lines(OLD, END)).toEqual([
      "mesh.revision: This change replaces asm-1-29 by asm-1-30 under running workloads. Leave revision at asm-1-29, and set upgrade to { to: asm-1-30, phase: prepared }.",
    ]);
    expect(lines(OLD, during("canary"))).toEqual([
      "mesh.upgrade.phase: This change starts asm-1-30 unprepared: its shared ConfigMap has to exist first. Set upgrade.phase to prepared.",
    ]);
    expect(lines(during("canary"), during("prepared"))).toEqual([
      "mesh.upgrade.phase: This change stops asm-1-30, still followed by web. To go back, unset canary on web, to follow asm-1-29 again.",
    ]);
  });

  test("unless the revisions are left to AKS, before or after", () => {
    const external = stack({ management: "external" }, { "aks-istio:namespaces": { web: {} } });
    expect(changeProblems(external, stack(OLD))).toEqual([]);
    expect(changeProblems(stack(during("promoted")), external)).toEqual([]);
  });
});

test("an egress gateway takes one step as well, and both are judged together", () => {
  const gateways = (phase: string) => ({
    "aks-istio:gateways": {
      staticEgress: true,
      egress: { partners: { phase, namespace: "out", hosts: { "api.partner.example": "TLS" } } },
    },
  });
  const from = (before: object, phase: string) =>
    changeProblems(stack(OLD), stack(before, gateways(phase))).map(({ path }) => path);
  expect(from(OLD, "prepared")).toEqual([]);
  expect(from(OLD, "enabled")).toEqual(["gateways.egress.partners.phase"]);
  expect(from(during("canary"), "enabled")).toEqual([
    "mesh.upgrade.phase",
    "gateways.egress.partners.phase",
  ]);
});
