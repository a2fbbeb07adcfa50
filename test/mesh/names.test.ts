import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namespaceNameProblem, sharedConfigMapName } from "../../mesh/names.ts";
import { anyRevision } from "./arbitraries.ts";

test("a revision's shared ConfigMap is named after it", () => {
  expect(sharedConfigMapName("asm-1-30")).toBe("istio-shared-configmap-asm-1-30");
});

test("no two revisions share a ConfigMap", () => {
  fc.assert(
    fc.property(anyRevision, anyRevision, (a, b) => {
      expect(sharedConfigMapName(a) === sharedConfigMapName(b)).toBe(a === b);
    }),
  );
});

describe("namespaceNameProblem", () => {
  test.each(["a", "0", "shop", "shop-2", "2-shop", "a--b", "kube-system", "a".repeat(63)])(
    "accepts %j",
    (name) => {
      expect(namespaceNameProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ["", "must not be empty"],
    ["a".repeat(64), "must be at most 63 characters long, but has 64"],
    ["Shop", "must contain only lowercase letters, digits and hyphens"],
    ["shop.web", "must contain only lowercase letters, digits and hyphens"],
    ["shop_web", "must contain only lowercase letters, digits and hyphens"],
    ["shop\n", "must contain only lowercase letters, digits and hyphens"],
    ["späti", "must contain only lowercase letters, digits and hyphens"],
    ["-shop", "must start and end with a letter or digit"],
    ["shop-", "must start and end with a letter or digit"],
    ["-", "must start and end with a letter or digit"],
  ])("%j %s", (name, problem) => {
    expect(namespaceNameProblem(name)).toBe(problem);
  });

  test("agrees with Kubernetes' own pattern", () => {
    const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
    const likely = fc.string({
      unit: fc.constantFrom("a", "z", "0", "-", "A", "."),
      maxLength: 66,
    });
    fc.assert(
      fc.property(fc.oneof(likely, fc.string()), (name) => {
        expect(namespaceNameProblem(name) === undefined).toBe(dnsLabel.test(name));
      }),
    );
  });
});
