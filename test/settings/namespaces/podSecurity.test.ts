import { expect, test } from "vitest";
import { newestRevision } from "../../../mesh/catalog.ts";
import { problemsOf, withKey } from "../../support/settings.ts";

const NAMESPACES = {
  base: { podSecurity: "baseline" },
  strict: { podSecurity: "restricted" },
  open: { podSecurity: "privileged" },
  unsaid: {},
  outside: { mesh: false, podSecurity: "restricted" },
};

function problems(mesh: object, namespaces: object = NAMESPACES): readonly string[] {
  return problemsOf({ ...withKey("mesh", mesh), "aks-istio:namespaces": namespaces });
}

const ASKED =
  "aks-istio:mesh.proxyRedirectionMechanism: missing; is required, because namespaces.base.podSecurity is baseline and namespaces.strict.podSecurity is restricted: CNIChaining for a mesh that was created with asm-1-30 or later, or switched to it; InitContainers for an older one. A pod shows which, by its init container istio-validation (CNIChaining) or istio-init (InitContainers): kubectl get pods -n base -o jsonpath='{.items[*].spec.initContainers[*].name}'";

test("the redirection is required, regardless of the current revision", () => {
  expect(problems({})).toEqual([ASKED]);
  expect(problems({ revision: "asm-1-29" })).toEqual([ASKED]);
  expect(problems({ revision: newestRevision() })).toEqual([ASKED]);
  expect(problems({ revision: undefined, management: "external" })).toEqual([ASKED]);
});

test("the redirection is required only if it matters", () => {
  const { open, unsaid, outside } = NAMESPACES;
  expect(problems({}, { open, unsaid, outside })).toEqual([]);
  expect(
    problems({ proxyRedirectionMechanism: "InitContainers" }, { open, unsaid, outside }),
  ).toEqual([]);
});

test("Istio CNI meets every standard", () => {
  expect(problems({ proxyRedirectionMechanism: "CNIChaining" })).toEqual([]);
  expect(problems({ revision: "asm-1-29", proxyRedirectionMechanism: "CNIChaining" })).toEqual([]);
});

test("init containers meet no strict standard", () => {
  const line = (name: string, level: string) =>
    `aks-istio:namespaces.${name}.podSecurity: ${level} refuses every pod with a sidecar if mesh.proxyRedirectionMechanism is InitContainers; set it to privileged, or switch the mesh (az aks mesh proxy-redirection-mechanism --mechanism CNIChaining) and set that to CNIChaining`;
  expect(problems({ proxyRedirectionMechanism: "InitContainers" })).toEqual([
    line("base", "baseline"),
    line("strict", "restricted"),
  ]);
});

test("an invalid value is reported once", () => {
  expect(problems({ proxyRedirectionMechanism: "CNI" })).toEqual([
    'aks-istio:mesh.proxyRedirectionMechanism: found "CNI"; must be one of CNIChaining, InitContainers',
  ]);
});
